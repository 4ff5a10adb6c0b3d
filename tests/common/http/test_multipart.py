"""Tests of reading multipart forms."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput, PayloadTooLarge, UnsupportedMediaType
from common.http import ShopApp
from common.http.multipart import MAX_FIELD_BYTES, MAX_PARTS, Multipart, UploadedFile, read_multipart
from common.images import MAX_UPLOAD_BYTES
from tests.support.http import BOUNDARY, Client, multipart_body, read_answer

TYPE = f"multipart/form-data; boundary={BOUNDARY}"
PIXELS = bytes(range(256)) + b"\r\n--" + b"\xff\xd8"


def test_fields_and_files_are_read() -> None:
    body = multipart_body({"alt_text": "città"}, {"file": ("a b.png", PIXELS, "image/png")})
    form = read_multipart(body, TYPE)
    assert form.fields == {"alt_text": "città"}
    assert form.files == {"file": UploadedFile("a b.png", "image/png", PIXELS)}


@given(st.binary(max_size=2000).filter(lambda data: BOUNDARY.encode() not in data and data != b""))
def test_any_content_arrives_unchanged(data: bytes) -> None:
    form = read_multipart(multipart_body({}, {"file": ("x", data, "image/png")}), TYPE)
    assert form.files["file"].data == data


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_as_the_callers_fault(noise: bytes) -> None:
    start = f"--{BOUNDARY}\r\n".encode()
    for body in (noise, start + noise, start + b'Content-Disposition: form-data; name="a"\r\n' + noise):
        with suppress(InvalidInput, PayloadTooLarge):
            assert isinstance(read_multipart(body, TYPE), Multipart)


def test_a_file_input_left_empty_is_no_file() -> None:
    form = read_multipart(multipart_body({}, {"file": ("", b"", "application/octet-stream")}), TYPE)
    assert form == Multipart()


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"^file is required$"):
        Multipart().file("file", "image")


def test_a_file_is_found_under_any_of_its_names() -> None:
    sent = UploadedFile("a", "b", b"c")
    assert Multipart(files={"image": sent}).file("file", "image") is sent


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/mixed; boundary=x"])
def test_another_content_type_is_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        read_multipart(b"{}", content_type)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", TYPE),
        (b"nothing", TYPE),
        (multipart_body({"a": "1"}, {}), "multipart/form-data"),
        (multipart_body({"a": "1"}, {}), "multipart/form-data; boundary=another"),
        (multipart_body({"a": "1"}, {})[:-6], TYPE),
        (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n'.encode() + b"\xff", TYPE),
        (multipart_body({"a": "\x00"}, {}), TYPE),
        (multipart_body({}, {"file": ("a\x00.png", b"x", "image/png")}), TYPE),
    ],
)
def test_a_broken_form_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(InvalidInput):
        read_multipart(body, content_type)


def test_a_field_that_is_not_utf_8_is_refused() -> None:
    body = multipart_body({"a": "@"}, {}).replace(b"@", b"\xff")
    with pytest.raises(InvalidInput, match="Invalid multipart"):
        read_multipart(body, TYPE)


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_refused() -> None:
    def upload(size: int) -> bytes:
        return multipart_body({}, {"file": ("x", b"\0" * size, "image/png")})

    assert len(read_multipart(upload(MAX_UPLOAD_BYTES), TYPE).files["file"].data) == MAX_UPLOAD_BYTES
    for size in (MAX_UPLOAD_BYTES + 1, 2 * MAX_UPLOAD_BYTES):
        with pytest.raises(PayloadTooLarge, match="at most 10 MB"):
            read_multipart(upload(size), TYPE)


def test_too_many_parts_and_too_long_fields_are_refused() -> None:
    for fields in ({f"f{i}": "" for i in range(MAX_PARTS + 1)}, {"a": "x" * (MAX_FIELD_BYTES + 1)}):
        with pytest.raises(PayloadTooLarge):
            read_multipart(multipart_body(fields, {}), TYPE)


def test_an_upload_goes_through_a_request(client: Client) -> None:
    answer = client.post("/upload", data={"type": "image"}, files={"file": ("x.png", PIXELS, "image/png")})
    assert answer.json == {"fields": {"type": "image"}, "sizes": {"file": len(PIXELS)}}


def test_an_upload_of_the_wrong_type_is_a_415(client: Client) -> None:
    assert client.post("/upload", json={"file": "x"}).status == 415


def test_an_upload_arrives_as_bytes_text_or_base64(app: ShopApp) -> None:
    body = multipart_body({"a": "è"}, {"file": ("x", b"text", "text/plain")})
    forms = [(body, False), (body.decode(), False), (base64.b64encode(body).decode(), True)]
    for sent, encoded in forms:
        event = {
            "requestContext": {"httpMethod": "POST", "resourcePath": "/upload"},
            "headers": {"content-type": TYPE},
            "body": sent,
            "isBase64Encoded": encoded,
        }
        assert read_answer(app(event, None)).json == {"fields": {"a": "è"}, "sizes": {"file": 4}}
