"""Tests of CORS: allowed origins are echoed on every answer, others on none."""

import pytest

from common.http import ShopApp
from tests.common.http.conftest import ORIGIN, OTHER_ORIGIN
from tests.support.http import Answer, Client

FOREIGN = [
    "https://evil.example",
    "http://shop.example",
    "https://shop.example:444",
    "https://shop.example.evil.example",
    "https://SHOP.example",
    "https://shop.example/",
    "null",
    "*",
    "",
]

REQUESTS = [
    ("GET", "/things", 200),
    ("POST", "/echo", 400),
    ("GET", "/admin/things", 401),
    ("GET", "/nowhere", 404),
    ("PUT", "/things", 405),
    ("POST", "/upload", 415),
    ("OPTIONS", "/things", 200),
    ("OPTIONS", "/nowhere", 200),
]


def ask(app: ShopApp, method: str, path: str, origin: str) -> Answer:
    """The answer to a page at `origin`."""
    return Client(app, headers={"Origin": origin}).request(method, path)


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
@pytest.mark.parametrize("origin", [ORIGIN, OTHER_ORIGIN])
def test_an_allowed_origin_is_echoed_with_credentials(
    app: ShopApp, method: str, path: str, status: int, origin: str
) -> None:
    answer = ask(app, method, path, origin)
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Expose-Headers"] == "ETag, Link, X-Request-Id, Retry-After"


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_learns_nothing(
    app: ShopApp, method: str, path: str, status: int, origin: str
) -> None:
    answer = ask(app, method, path, origin)
    assert answer.status == status
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
def test_every_answer_varies_by_origin(app: ShopApp, method: str, path: str, status: int) -> None:
    for origin in (ORIGIN, "https://evil.example"):
        answer = ask(app, method, path, origin)
        assert answer.status == status
        assert answer.headers["Vary"].split(", ")[0] == "Origin"


def test_a_preflight_allows_what_the_storefront_sends(app: ShopApp) -> None:
    answer = ask(app, "OPTIONS", "/things", ORIGIN)
    assert (answer.status, answer.json) == (200, {})
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    assert set(answer.headers["Access-Control-Allow-Headers"].split(", ")) == {
        "Content-Type",
        "Authorization",
        "X-Cart-Session",
        "X-Session-Id",
        "X-Requested-With",
        "Idempotency-Key",
        "If-Match",
        "If-None-Match",
        "Stripe-Signature",
        "X-Order-Token",
    }
    assert answer.headers["Access-Control-Max-Age"] == "3600"


def test_a_preflight_of_a_guarded_route_needs_no_token(app: ShopApp) -> None:
    assert ask(app, "OPTIONS", "/admin/things", ORIGIN).status == 200


def test_a_star_on_the_list_allows_nobody(app: ShopApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "*")
    assert "Access-Control-Allow-Origin" not in ask(app, "GET", "/things", ORIGIN).headers


def test_development_allows_the_local_storefront_without_a_setting(
    app: ShopApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CORS_ALLOWED_ORIGINS")
    local = "http://localhost:3000"
    assert "Access-Control-Allow-Origin" not in ask(app, "GET", "/things", local).headers
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert ask(app, "GET", "/things", local).headers["Access-Control-Allow-Origin"] == local
