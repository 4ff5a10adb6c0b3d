"""Bodies off the wire: lengths, chunks, limits."""

from email.message import Message
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.local import bodies
from tools.local.bodies import LIMIT_BYTES, Unreadable, discard, read_body


def headers(*pairs: tuple[str, str]) -> Message:
    message = Message()
    for name, value in pairs:
        message[name] = value
    return message


CHUNKED = headers(("Transfer-Encoding", "chunked"))


def chunked(parts: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part) + b"0\r\n\r\n"


def test_a_request_without_length_has_no_body() -> None:
    assert read_body(BytesIO(b"next request"), headers()) == b""


def test_exactly_the_declared_length_is_read() -> None:
    stream = BytesIO(b"abcdef")
    assert read_body(stream, headers(("Content-Length", "3"))) == b"abc"
    assert stream.read() == b"def"


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_chunks_are_put_together_and_nothing_after_them_is_read(parts: list[bytes]) -> None:
    stream = BytesIO(chunked(parts) + b"GET / HTTP/1.1")
    assert read_body(stream, CHUNKED) == b"".join(parts)
    assert stream.read() == b"GET / HTTP/1.1"


def test_extensions_and_trailers_of_chunks_are_passed_over() -> None:
    assert read_body(BytesIO(b"3;name=x\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"), CHUNKED) == b"abc"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (headers(("Content-Length", "abc")), 400),
        (headers(("Content-Length", "-1")), 400),
        (headers(("Content-Length", "1_0")), 400),
        (headers(("Content-Length", "\u0663")), 400),
        (headers(("Content-Length", "3"), ("Content-Length", "4")), 400),
        (headers(("Content-Length", "3"), ("Transfer-Encoding", "chunked")), 400),
        (headers(("Transfer-Encoding", "gzip, chunked")), 400),
        (headers(("Content-Length", str(LIMIT_BYTES + 1))), 413),
        (headers(("Content-Length", "9" * 5000)), 413),
    ],
)
def test_an_announcement_that_cannot_be_followed_is_refused_unread(sent: Message, status: int) -> None:
    stream = BytesIO(b"xyz")
    with pytest.raises(Unreadable) as refusal:
        read_body(stream, sent)
    assert refusal.value.error.status == status
    assert stream.tell() == 0


@pytest.mark.parametrize("sent", [b"zz\r\n", b"\r\n", b"-3\r\nabc\r\n", b"3\r\nabcd\r\n", b"123456789\r\n"])
def test_a_broken_chunk_is_refused(sent: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_body(BytesIO(sent), CHUNKED)
    assert refusal.value.error.status == 400


def test_chunks_beyond_the_limit_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LIMIT_BYTES", 10)
    stream = BytesIO(b"8\r\n12345678\r\n3\r\nabc\r\n0\r\n\r\n")
    with pytest.raises(Unreadable) as refusal:
        read_body(stream, CHUNKED)
    assert refusal.value.error.status == 413
    assert stream.read().startswith(b"abc")


@pytest.mark.parametrize(
    ("sent", "how"), [(b"ab", headers(("Content-Length", "3"))), (b"3\r\nab", CHUNKED), (b"", CHUNKED)]
)
def test_a_sender_who_leaves_is_noticed(sent: bytes, how: Message) -> None:
    with pytest.raises(ConnectionResetError):
        read_body(BytesIO(sent), how)


def test_discarding_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "DISCARDED_BYTES", 5)
    stream = BytesIO(b"12345678")
    discard(stream)
    assert stream.read() == b"678"
    discard(stream)
