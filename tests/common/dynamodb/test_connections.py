"""Exchanges over real sockets: connections are kept, and each failure is told by botocore's name for it."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from botocore import exceptions
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from common.dynamodb.connections import Connections

ANSWER = b"HTTP/1.1 200 OK\r\nX-Amz-Crc32: 7\r\nContent-Length: 2\r\n\r\n{}"
LAST = ANSWER.replace(b"X-Amz-Crc32: 7", b"Connection: close")
Serve = Callable[[socket.socket], object]


@contextmanager
def _server(*served: Serve) -> Iterator[str]:
    """The endpoint of a server that serves one connection after the other, each in its way."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            for serve in served:
                taken, _ = listening.accept()
                with taken:
                    serve(taken)

        thread = Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(10)
        assert not thread.is_alive()


def _answering(*answers: bytes) -> Serve:
    def serve(taken: socket.socket) -> None:
        for answer in answers:
            _read_request(taken)
            taken.sendall(answer)

    return serve


def _read_request(taken: socket.socket) -> bytes:
    asked = b""
    while not asked.endswith(b"asked"):
        asked += taken.recv(65536)
    return asked


def _connections(endpoint: str, most: int = 2) -> Connections:
    return Connections(endpoint, connect_timeout=5, read_timeout=5, most=most)


def test_a_request_arrives_whole_and_its_answer_comes_back() -> None:
    arrived: list[bytes] = []

    def serve(taken: socket.socket) -> None:
        arrived.append(_read_request(taken))
        taken.sendall(ANSWER)

    with _server(serve) as endpoint:
        connections = _connections(f"{endpoint}/below")
        answer = connections.exchange({"host": "engine", "x-amz-target": "T"}, b"asked")
        connections.close()
    assert (answer.status_code, answer.content, answer.headers["x-amz-CRC32"]) == (200, b"{}", "7")
    head = b"POST /below HTTP/1.1\r\nhost: engine\r\nx-amz-target: T\r\ncontent-length: 5\r\n\r\n"
    assert arrived == [head + b"asked"]


def test_a_connection_serves_one_exchange_after_the_other() -> None:
    with _server(_answering(ANSWER, ANSWER, ANSWER)) as endpoint:
        connections = _connections(endpoint)
        for _ in range(3):
            assert connections.exchange({}, b"asked").content == b"{}"
        connections.close()


@pytest.mark.parametrize("answer", [ANSWER, LAST])
def test_a_connection_that_the_engine_has_closed_is_left_before_anything_is_sent(answer: bytes) -> None:
    with _server(_answering(answer), _answering(LAST)) as endpoint:
        connections = _connections(endpoint)
        assert connections.exchange({}, b"asked").status_code == 200
        _wait_until_closed(connections)
        assert connections.exchange({}, b"asked").status_code == 200


def _wait_until_closed(connections: Connections) -> None:
    for idle in connections._idle:
        idle.sock.settimeout(5)
        assert idle.sock.recv(1, socket.MSG_PEEK) == b""


def test_no_more_are_kept_than_may_be() -> None:
    with _server(_answering(ANSWER), _answering(ANSWER)) as endpoint:
        connections = _connections(endpoint, most=0)
        for _ in range(2):
            assert connections.exchange({}, b"asked").status_code == 200


def test_nobody_who_listens_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with pytest.raises(exceptions.EndpointConnectionError, match=endpoint):
        _connections(endpoint).exchange({}, b"asked")


def test_a_host_that_does_not_answer_in_time_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def time_out(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("socket.create_connection", time_out)
    with pytest.raises(exceptions.ConnectTimeoutError):
        _connections("http://127.0.0.1:9").exchange({}, b"asked")


@pytest.mark.parametrize("cut", [b"", ANSWER[:-1], ANSWER.replace(b"HTTP", b"SMTP"), b"HTTP/1.1 2"])
def test_an_answer_that_ends_early_or_is_none_is_a_connection_that_broke(cut: bytes) -> None:
    with _server(_answering(cut)) as endpoint, pytest.raises(exceptions.ConnectionClosedError):
        _connections(endpoint).exchange({}, b"asked")


def test_an_answer_that_does_not_come_in_time_is_told_as_such() -> None:
    def stay_silent(taken: socket.socket) -> None:
        _read_request(taken)
        taken.recv(1)

    with _server(stay_silent) as endpoint, pytest.raises(exceptions.ReadTimeoutError):
        Connections(endpoint, connect_timeout=5, read_timeout=0.05, most=1).exchange({}, b"asked")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key, and a certificate for 127.0.0.1 that nobody vouches for, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    place = tmp_path / "certificate.pem"
    place.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return place


def test_an_engine_that_does_not_prove_who_it_is_is_sent_nothing(certificate: Path) -> None:
    arrived: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(taken: socket.socket) -> None:
        try:
            arrived.append(context.wrap_socket(taken, server_side=True).recv(1))
        except ssl.SSLError:
            return

    with _server(serve) as endpoint, pytest.raises(exceptions.SSLError, match="self-signed"):
        _connections(endpoint.replace("http", "https")).exchange({}, b"asked")
    assert arrived in ([], [b""])
