"""`artshop run` as a process: started, asked over HTTP, stopped and killed."""

import http.client
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.programs import Program, program
from tools.engines.ministack import end_leftover, running_pid

RUN = ["-m", "tools.cli", "run", "--no-demo"]
ORIGIN = "http://localhost:3000"

Reply = tuple[int, dict[str, str], bytes]


@contextmanager
def running(data: Path, port: int, *options: str, **changes: str) -> Iterator[Program]:
    """A shop that is ready, started with these options of the command."""
    given = {"PORT": str(port), "ARTSHOP_DATA_DIR": str(data)} | changes
    with program([*RUN, *options], given) as shop:
        printed = shop.read_until("Stop ")
        assert f"http://localhost:{port}" in printed, printed
        yield shop


def stop(shop: Program, number: int = signal.SIGINT) -> int:
    """Its exit code after the signal."""
    shop.send(number)
    return shop.wait()


def kill_both(shop: Program, data: Path) -> None:
    """Kill the shop and its engine at once, and wait until their data is free."""
    engine = running_pid(data) or 0
    shop.send(signal.SIGKILL)
    os.kill(engine, signal.SIGKILL)
    shop.wait()
    end_leftover(data)


def connection(port: int, address: str = "127.0.0.1") -> http.client.HTTPConnection:
    """A connection that comes from an address of this machine."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(address, 0))


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> Reply:
    """The reply, header names in lower case."""
    opened = connection(port)
    sent = {"Origin": ORIGIN, "Content-Type": "application/json"}
    try:
        opened.request(method, path, body or None, sent | headers)
        answer = opened.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()
    finally:
        opened.close()


def until_healthy(port: int) -> None:
    """Ask until the storage answers; each call waits in the client's retries for a while."""
    assert any(ask(port, "GET", "/health")[0] == 200 for _ in range(100))


def sign_in(port: int, username: str, password: str) -> str:
    """The token of a sign-in."""
    status, _, body = ask(
        port, "POST", "/api/auth/login", json.dumps({"username": username, "password": password})
    )
    assert status == 200, body
    return str(json.loads(body)["token"])


class Admin:
    """The signed-in artist of the shop in `data`."""

    def __init__(self, port: int, data: Path) -> None:
        who = json.loads((data / "credentials.json").read_text())
        self._port = port
        self._token = sign_in(port, who["username"], who["password"])

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        """The content of an answer of success."""
        body = "" if content is None else json.dumps(content)
        status, _, answer = ask(self._port, method, path, body, Authorization=f"Bearer {self._token}")
        assert status in {200, 201}, (status, answer)
        return json.loads(answer)
