"""The pages beside the API: which there are, and what they say of the shop that is mounted."""

import base64
import json
from collections.abc import Iterator
from decimal import Decimal

import pytest

from app import load_routes
from catalog.products import create_product
from common.clock import utc_now
from common.http import Identity, Role, create_app
from common.http.events import GatewayAnswer
from tests.support.buckets import fresh_bucket
from tools.local.gateway import Gateway
from tools.local.home import storefront_lines
from tools.local.pages import Page, Pages

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def pages(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    monkeypatch.setenv("ADMIN_USERNAME", "anna")
    monkeypatch.setenv("ADMIN_PASSWORD", "a secret of anna's")
    monkeypatch.setenv("MEDIA_BASE_URL", "http://localhost:8000/media")
    with fresh_bucket():
        yield Pages(Gateway(create_app("catalog", [load_routes("catalog")])))


def found(pages: Pages, path: str, accept: str = HTML) -> Page:
    page = pages.find("GET", path, accept, "localhost:8000")
    assert page is not None
    return page


def test_an_empty_shop_says_that_there_is_nothing_yet(pages: Pages) -> None:
    text = found(pages, "/").data.decode()
    assert "There are no products yet." in text
    assert "anna" in text
    assert "secret" not in text


def test_what_is_mounted_without_health_is_of_unknown_health(pages: Pages) -> None:
    assert "<strong>unknown</strong>" in found(pages, "/").data.decode()


def test_a_title_is_shown_as_it_is_written(pages: Pages) -> None:
    fields = {
        "title": SCRIPT,
        "slug": "a-b",
        "base_price": Decimal(5),
        "currency": "EUR",
        "status": "published",
    }
    create_product(fields, Identity("1", "anna", Role.ADMIN), utc_now())
    text = found(pages, "/").data.decode()
    assert SCRIPT not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert 'href="/api/products/a-b"' in text


def test_a_page_runs_nothing_and_loads_nothing_but_pictures(pages: Pages) -> None:
    policy = found(pages, "/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "img-src 'self' data: http://localhost:8000;" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_the_document_is_of_what_is_mounted(pages: Pages) -> None:
    document = json.loads(found(pages, "/openapi.json").data)
    assert [tag["name"] for tag in document["tags"]] == ["catalog"]
    declared = {route.path for route in load_routes("catalog")}
    assert document["paths"].keys() == declared


def test_domains_behind_a_router_are_asked_like_one_app(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"/health": {"status": "healthy"}, "/api/products?per_page=6": {"products": []}}

    def routed(self: Gateway, method: str, target: str, *_: object) -> GatewayAnswer:
        body = base64.b64encode(json.dumps(answers[target]).encode()).decode()
        return {
            "statusCode": 200,
            "headers": {},
            "multiValueHeaders": {},
            "body": body,
            "isBase64Encoded": True,
        }

    monkeypatch.setattr(Gateway, "ask", routed)
    assert "<strong>healthy</strong>" in found(pages, "/").data.decode()


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/", "application/json"),
        ("GET", "/", ""),
        ("POST", "/", HTML),
        ("GET", "/api/products", HTML),
        ("GET", "/docs/none.js", HTML),
        ("DELETE", "/openapi.json", HTML),
    ],
)
def test_everything_else_is_the_apis(pages: Pages, method: str, path: str, accept: str) -> None:
    assert pages.find(method, path, accept, "localhost:8000") is None


def test_the_lines_for_a_storefront_are_those_of_the_readme() -> None:
    assert storefront_lines("http://localhost:8000").splitlines() == [
        "NEXT_PUBLIC_API_URL=http://localhost:8000",
        "BACKEND_URL=http://localhost:8000",
    ]
