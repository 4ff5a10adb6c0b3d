"""The local server over real sockets: what it hands on, what it survives."""

import json
import socket
import struct
from collections.abc import Callable

import pytest

from tests.tools.local.conftest import ORIGIN, Server, ask
from tools.local.handler import ShopRequestHandler
from tools.local.wsgi import LIMIT_BYTES


def test_a_request_reaches_its_route(server: Server) -> None:
    reply = server.ask("GET", "/items/a%20b?x=1&x=2")
    assert reply.status == 200
    assert json.loads(reply.data) == {"item": "a b", "query": {"x": ["1", "2"]}}


def test_an_unknown_path_is_the_apps_own_404_with_cors(server: Server) -> None:
    reply = server.ask("GET", "/nowhere", Origin=ORIGIN)
    assert (reply.status, json.loads(reply.data)) == (404, {"error": "Not found"})
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_preflight_is_answered_for_every_path(server: Server) -> None:
    for path in ("/items", "/nowhere"):
        reply = server.ask("OPTIONS", path, Origin=ORIGIN, Access_Control_Request_Method="POST")
        assert reply.status == 200
        assert reply.headers["access-control-allow-credentials"] == "true"


def test_one_connection_carries_many_requests(server: Server) -> None:
    connection = server.connect()
    for path, status in (("/items/1", 200), ("/nowhere", 404), ("/items/2", 200)):
        assert ask(connection, "GET", path).status == status
    assert ask(connection, "POST", "/items", b"abc").status == 200
    connection.close()


def test_cookies_are_sent_one_by_one(server: Server) -> None:
    assert server.ask("POST", "/sign-in").headers["set-cookie"] == "a=1|b=2"


def test_the_answer_to_head_has_no_body(server: Server) -> None:
    connection = server.connect()
    head, read = ask(connection, "HEAD", "/items/1"), ask(connection, "GET", "/items/1")
    assert (head.status, head.data, read.status) == (200, b"", 200)
    assert head.headers["content-length"] == read.headers["content-length"] == str(len(read.data))
    connection.close()


def test_what_the_caller_holds_is_not_sent_again(server: Server) -> None:
    connection = server.connect()
    tag = ask(connection, "GET", "/items/1").headers["etag"]
    again = ask(connection, "GET", "/items/1", If_None_Match=tag)
    assert (again.status, again.data) == (304, b"")
    assert ask(connection, "GET", "/items/1").status == 200
    connection.close()


def test_a_chunked_body_arrives_whole(server: Server) -> None:
    reply = server.ask("POST", "/items", iter([b"abc", b"def"]))
    assert json.loads(reply.data) == {"size": 6, "body": "abcdef"}


def test_cookies_of_several_headers_are_told_apart(server: Server) -> None:
    sent = b"POST /cookies HTTP/1.1\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n"
    assert server.send(sent).endswith(b'{"a":"1","b":"2"}')


def test_a_sender_who_falls_silent_is_told_and_no_error(
    server: Server, complaints: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ShopRequestHandler, "timeout", 0.1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"POST /items HTTP/1.1\r\nContent-Length: 50\r\n\r\nabc")
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 400 ")
    assert server.ask("GET", "/items/1").status == 200
    assert complaints() == ""


def test_a_body_of_the_limit_is_taken(server: Server) -> None:
    reply = server.ask("POST", "/items", b"x" * LIMIT_BYTES, Content_Type="application/octet-stream")
    assert json.loads(reply.data)["size"] == LIMIT_BYTES


def test_a_chunked_body_of_the_limit_is_taken_and_what_follows_it_is_another_request(server: Server) -> None:
    connection = server.connect()
    reply = ask(connection, "POST", "/items", iter([b"x" * LIMIT_BYTES]))
    assert json.loads(reply.data)["size"] == LIMIT_BYTES
    assert ask(connection, "GET", "/items/1").status == 200
    connection.close()


def test_a_larger_chunked_body_is_refused_and_nothing_of_it_is_taken_for_a_request(server: Server) -> None:
    head = b"POST /items HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    larger = b"%x\r\n%b\r\n0\r\n\r\n" % (LIMIT_BYTES + 1, b"x" * (LIMIT_BYTES + 1))
    answer = server.send(head + larger)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_larger_body_is_refused_unread_with_cors(server: Server) -> None:
    reply = server.ask("POST", "/items", b"x" * (LIMIT_BYTES + 1), Origin=ORIGIN)
    assert reply.status == 413
    assert json.loads(reply.data) == {"error": "Request body is larger than 10 MiB"}
    assert reply.headers["access-control-allow-origin"] == ORIGIN
    assert reply.headers["connection"] == "close"


def test_a_sender_who_asks_first_is_told_before_it_sends(server: Server) -> None:
    head = f"POST /items HTTP/1.1\r\nContent-Length: {LIMIT_BYTES + 1}\r\nExpect: 100-continue\r\n\r\n"
    assert server.send(head.encode()).startswith(b"HTTP/1.1 413 ")


def test_a_sender_who_may_is_told_to_continue(server: Server) -> None:
    sent = b"POST /items HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
    answer = server.send(sent)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


RUBBISH = {
    "a length that is no number": (b"POST /items HTTP/1.1\r\nContent-Length: abc\r\n\r\n", 400),
    "two lengths": (b"POST /items HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "a length beyond all numbers": (
        b"POST /items HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nab",
        400,
    ),
    "a length beside chunks": (
        b"POST /items HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "another encoding": (b"POST /items HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nabc", 400),
    "a chunk that ends early": (
        b"POST /items HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\nabc",
        400,
    ),
    "a broken chunk": (b"POST /items HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "a very long header": (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431),
    "very many headers": (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 200 + b"\r\n", 431),
    "a very long address": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
    "an address that is none": (b"GET http://[::1/ HTTP/1.1\r\n\r\n", 400),
    "a method that is none": (b"BREW /items HTTP/1.1\r\n\r\n", 405),
    "the start of TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400),
    "any bytes": (bytes(range(256)) + b"\n\n", 400),
    "a version to come": (b"GET / HTTP/9.9\r\n\r\n", 505),
}


@pytest.mark.parametrize(("sent", "status"), RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_is_refused_as_json(
    server: Server, complaints: Callable[[], str], sent: bytes, status: int
) -> None:
    head, _, body = server.send(sent).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert set(json.loads(body)) <= {"error", "fields"}
    assert server.ask("GET", "/items/1").status == 200
    assert complaints() == ""


def test_a_caller_who_leaves_early_is_no_error(server: Server, complaints: Callable[[], str]) -> None:
    for sent in (b"", b"GET /it", b"POST /items HTTP/1.1\r\nContent-Length: 50\r\n\r\nabc"):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(sent)
            # Closing with this option resets the connection, as a killed browser does.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert server.ask("GET", "/items/1").status == 200
    assert complaints() == ""


def test_the_server_does_not_say_what_runs_it(server: Server) -> None:
    assert server.ask("GET", "/items/1").headers["server"] == "artshop"


def test_ipv6_answers_too(server: Server) -> None:
    with socket.create_connection(("::1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /items/1 HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
