"""The router in front of the domains' processes: nothing of a request or an answer is lost on the way."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast

import pytest

from common.http import PUBLIC, Body, Request, Response, Routes, create_app, set_cookie
from tests.support.local_shop import ORIGIN, ask, connection
from tools.edge.table import DOMAINS
from tools.local.domains import Domains
from tools.local.gateway import Gateway
from tools.local.server import LocalServer
from tools.local.split import SplitGateway

SECRET = "of-the-router"


class Standing:
    """Domains that answer in this process, each with its name and what it was asked."""

    secret = SECRET

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports

    def port(self, domain: str) -> int:
        return self.ports[domain]


def routes_of(domain: str) -> Routes:
    """What every domain answers here, under paths of all domains."""
    routes = Routes(domain)

    def answer(request: Request) -> Response:
        cookies = [set_cookie(name, domain, max_age=60) for name in ("one", "two")]
        said = {
            "domain": domain,
            "path": request.path,
            "query": dict(request.query),
            "source_ip": request.source_ip,
            "cookies": dict(request.cookies),
            "body": request.json() if request.method == "POST" else None,
        }
        return Response(said, cookies=cookies)

    for path in ("/api/products/{product}", "/api/cart", "/api/personaggi", "/health", "/api/inventory"):
        routes.get(path, role=PUBLIC)(answer)
        routes.post(path, role=PUBLIC, body=Body())(answer)
    return routes


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    monkeypatch.setenv("EDGE_SECRET", SECRET)
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", ORIGIN)
    with ExitStack() as stack:
        ports = {}
        for domain in DOMAINS:
            server = LocalServer(Gateway(create_app(domain, [routes_of(domain)])), 0)
            server.start()
            stack.callback(server.stop)
            ports[domain] = server.port
        yield Standing(ports)


@pytest.fixture
def port(standing: Standing) -> Iterator[int]:
    """Where the router answers."""
    router = LocalServer(SplitGateway(create_app("router", []), cast("Domains", standing)), 0)
    router.start()
    yield router.port
    router.stop()


@pytest.mark.parametrize(
    ("path", "domain"),
    [
        ("/api/products/cart", "catalog"),
        ("/api/cart", "orders"),
        ("/api/personaggi", "content"),
        ("/health", "shop"),
        ("/api/inventory", "etsy_sync"),
    ],
)
def test_a_request_is_answered_by_its_domain(port: int, path: str, domain: str) -> None:
    status, headers, body = ask(port, "GET", f"{path}?a=1&a=%C3%A0")
    said = json.loads(body)
    assert (status, said["domain"], said["path"], said["query"]) == (200, domain, path, {"a": ["1", "à"]})
    assert headers["access-control-allow-origin"] == ORIGIN


def test_a_body_and_an_encoded_path_arrive_as_they_were_sent(port: int) -> None:
    sent = {"title": "città", "many": ["x" * 1000] * 100}
    status, _, body = ask(port, "POST", "/api/products/a%2Fb%20c", json.dumps(sent))
    assert (status, json.loads(body)["body"]) == (200, sent)
    assert json.loads(body)["path"] == "/api/products/a%2Fb%20c"


def test_every_cookie_comes_back(port: int) -> None:
    opened = connection(port)
    opened.request("GET", "/api/cart", headers={"Cookie": "a=1; b=2"})
    answer = opened.getresponse()
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert [cookie.partition(";")[0] for cookie in cookies] == ["one=orders", "two=orders"]
    assert json.loads(answer.read())["cookies"] == {"a": "1", "b": "2"}
    opened.close()


def test_the_length_for_head_is_that_of_get(port: int) -> None:
    _, got, body = ask(port, "GET", "/api/personaggi")
    status, asked, nothing = ask(port, "HEAD", "/api/personaggi")
    assert (status, nothing) == (200, b"")
    assert asked["content-length"] == got["content-length"] == str(len(body))


def test_who_calls_is_known_behind_the_router_whatever_they_say(port: int) -> None:
    opened = connection(port, "127.0.0.5")
    forged = {"X-Viewer-Address": "203.0.113.1", "X-Edge-Secret": SECRET, "X-Forwarded-For": "203.0.113.1"}
    opened.request("GET", "/api/cart", headers=forged)
    assert json.loads(opened.getresponse().read())["source_ip"] == "127.0.0.5"
    opened.close()


def test_past_the_router_no_header_says_who_calls(standing: Standing) -> None:
    opened = connection(standing.port("orders"))
    opened.request(
        "GET", "/api/cart", headers={"X-Viewer-Address": "203.0.113.1", "X-Edge-Secret": "guessed"}
    )
    assert json.loads(opened.getresponse().read())["source_ip"] == "127.0.0.1"
    opened.close()


def test_a_domain_that_does_not_answer_stops_no_other(port: int, standing: Standing) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        standing.ports["orders"] = closed.getsockname()[1]
        status, headers, body = ask(port, "GET", "/api/cart")
    assert (status, json.loads(body)) == (503, {"error": "The domain orders does not answer right now"})
    assert headers["access-control-allow-origin"] == ORIGIN
    assert headers["retry-after"]
    assert ask(port, "GET", "/health")[0] == 200
