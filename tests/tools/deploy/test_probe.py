"""The probe, asked of a small server: what counts as serving, and what is counted as downtime."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tools.deploy import probe as probes
from tools.deploy.probe import Downtime, NotServing, Probe

HEALTHY = (200, {"status": "healthy"})
EVERYTHING = ("catalog", "orders", "content", "shop", "etsy_sync")


class Shop(ThreadingHTTPServer):
    """Answers each path with what a test has put there, and notes what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, tuple[int, Any]] = {
            "GET /health": HEALTHY,
            "GET /api/products": (200, {"products": []}),
            "GET /api/personaggi": (200, []),
            "GET /api/cart": (200, {"items": []}),
            "GET /api/inventory": (401, {"error": "Sign in"}),
            "POST /api/auth/login": (401, {"error": "Wrong"}),
            "POST /api/cart/items": (200, {"items": [1]}),
            "DELETE /api/cart": (200, {"items": []}),
        }
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Shop

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = f"{self.command} {self.path.partition('?')[0]}"
        self.server.asked.append(call)
        status, content = self.server.answers[call]
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_stage_is_asked_for_what_its_domains_have(shop: Shop) -> None:
    assert Probe(shop.url, ("shop",)).run() == ["GET /health"]
    assert Probe(shop.url, ("content",)).run() == ["GET /api/personaggi"]
    assert Probe(shop.url, EVERYTHING).run()[-1] == "POST /api/auth/login (refused)"


def test_what_is_on_sale_goes_into_a_cart_and_out_again(shop: Shop) -> None:
    shop.answers["GET /api/products"] = (200, {"products": [{"id": 7}]})
    assert Probe(shop.url, EVERYTHING).run()[-1] == "POST /api/cart/items, DELETE /api/cart"
    assert shop.asked[-2:] == ["POST /api/cart/items", "DELETE /api/cart"]


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("GET /health", (200, {"status": "unhealthy"})),
        ("GET /health", (502, {"message": "Internal server error"})),
        ("GET /api/products", (500, {"error": "no"})),
        ("GET /api/inventory", (200, {"items": []})),
        ("POST /api/auth/login", (503, {"error": "no name is configured"})),
    ],
)
def test_whatever_fails_is_named(shop: Shop, call: str, answer: tuple[int, Any]) -> None:
    shop.answers[call] = answer
    with pytest.raises(NotServing, match=call):
        Probe(shop.url, EVERYTHING).run()


def test_a_cart_that_keeps_what_was_taken_out_does_not_serve(shop: Shop) -> None:
    shop.answers["GET /api/products"] = (200, {"products": [{"id": 7}]})
    shop.answers["DELETE /api/cart"] = (200, {"items": [1]})
    with pytest.raises(NotServing, match="left items"):
        Probe(shop.url, EVERYTHING).run()


def test_a_failure_is_tried_again_before_it_counts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "BETWEEN_S", 0)
    shop.answers["GET /health"] = (502, {})
    with pytest.raises(NotServing):
        Probe(shop.url, ("shop",)).wait(0)
    assert len(shop.asked) == probes.FEWEST_TRIES


def test_a_server_that_is_gone_does_not_serve(shop: Shop) -> None:
    gone = Probe("http://127.0.0.1:9", ("shop",))
    with pytest.raises(NotServing, match="GET /health"):
        gone.run()


def test_downtime_is_what_lies_between_two_answers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "WATCHED_EVERY_S", 0.01)
    with Downtime(f"{shop.url}/health") as downtime:
        wait_for_calls(shop, 2)
        shop.answers["GET /health"] = (502, {})
        wait_for_calls(shop, 4)
        shop.answers["GET /health"] = HEALTHY
        wait_for_calls(shop, 3)
    assert downtime.longest_s > 0
    with Downtime(f"{shop.url}/health") as quiet:
        wait_for_calls(shop, 2)
    assert quiet.longest_s == 0


def wait_for_calls(shop: Shop, count: int) -> None:
    """Until the server has been asked this often from now on."""
    wanted = len(shop.asked) + count
    while len(shop.asked) < wanted:
        threading.Event().wait(0.005)
