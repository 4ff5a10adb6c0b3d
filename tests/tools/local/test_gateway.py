"""Requests as the events that Chalice's converter makes of them."""

import json

import pytest

from common.http import PUBLIC, Request, Routes, create_app
from tools.local.gateway import Gateway, join_repeated

routes = Routes("echo")


@routes.get("/api/products/{product}", role=PUBLIC)
def show(request: Request) -> object:
    """What arrived."""
    return {"product": request.params["product"], "query": request.query, "from": request.source_ip}


@routes.get("/api/products/featured", role=PUBLIC)
def featured(request: Request) -> object:
    """Nothing of the request."""
    del request
    return {"product": "the featured one"}


@routes.post("/api/products", role=PUBLIC)
def take(request: Request) -> object:
    """The body and what was said of it."""
    return {
        "body": request.body.decode("latin-1"),
        "cookies": request.cookies,
        "accept": request.headers.get("accept"),
    }


GATEWAY = Gateway(create_app("echo", [routes]))


def get(target: str) -> tuple[int, str]:
    answer = GATEWAY.ask("GET", target, [], None, "192.0.2.7")
    return answer["statusCode"], answer["body"] or ""


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/api/products/a%20b", '{"product":"a b","query":{},"from":"192.0.2.7"}'),
        (
            "/api/products/7/?x=1&x=2&y=",
            '{"product":"7","query":{"x":["1","2"],"y":[""]},"from":"192.0.2.7"}',
        ),
        ("/api/products/a;b?x=1;2", '{"product":"a;b","query":{"x":["1;2"]},"from":"192.0.2.7"}'),
        ("/api/products/featured", '{"product":"the featured one"}'),
    ],
)
def test_a_path_finds_its_route_and_a_written_part_goes_before_a_variable_one(target: str, body: str) -> None:
    assert get(target) == (200, body)


@pytest.mark.parametrize(
    "target", ["/", "/api", "/api/products/7/8", "/api/products//", "/API/products/7", "", "http://[::1/"]
)
def test_a_path_without_route_is_the_apps_own_404(target: str) -> None:
    assert get(target) == (404, '{"error":"Not found"}')


def test_repeated_headers_are_joined_and_cookies_in_their_own_way() -> None:
    sent = [("Accept", "a"), ("accept", "b"), ("Cookie", "x=1"), ("Cookie", "y=2")]
    assert join_repeated(sent) == {"accept": "a, b", "cookie": "x=1; y=2"}
    answer = GATEWAY.ask("POST", "/api/products", sent, b"", "127.0.0.1")
    assert answer["body"] == '{"body":"","cookies":{"x":"1","y":"2"},"accept":"a, b"}'


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=b", "image/png"])
def test_bytes_reach_the_app_unchanged_whatever_their_type(content_type: str) -> None:
    every = bytes(range(256))
    answer = GATEWAY.ask("POST", "/api/products", [("Content-Type", content_type)], every, "127.0.0.1")
    assert json.loads(answer["body"] or "")["body"] == every.decode("latin-1")
