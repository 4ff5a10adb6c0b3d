"""Every route that the pages and the platforms know: what it answers, and that strangers get nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from common.clock import utc_now
from common.http import PUBLIC, Role
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.routes.conftest import Waiting, imported
from tests.support.http import Client
from tests.support.tokens import every_guarded_route
from tools.fakes.amazon_server import AmazonServer
from tools.fakes.etsy_server import EtsyServer
from tools.fakes.shopify_server import ShopifyServer

ADMIN = "/api/admin/integrations"
ETSY, SHOPIFY, AMAZON = f"{ADMIN}/etsy", f"{ADMIN}/shopify", f"{ADMIN}/amazon"

PAGE = {"total", "page", "per_page"}
STARTED = {"message", "status"}
STATUS = {
    "enabled",
    "last_product_sync",
    "last_inventory_sync",
    "product_sync_in_progress",
    "inventory_sync_in_progress",
    "total_products",
    "synced_products",
    "failed_products",
    "pending_products",
}
LISTING = {
    "id",
    "listing_id",
    "shop_id",
    "title",
    "description",
    "price",
    "quantity",
    "state",
    "url",
    "sync_status",
}
CONFIG = {"enabled", "api_key_configured"}

# Method, path, body, status, and the fields that the answer has at least.
CONTRACT: tuple[tuple[str, str, Any, int, set[str]], ...] = (
    ("GET", "/api/integrations/etsy/auth", None, 302, {"redirectUrl", "state"}),
    ("GET", "/api/integrations/etsy/callback", None, 400, {"error"}),
    ("POST", "/api/webhooks/etsy", {}, 401, {"error"}),
    ("POST", "/api/webhooks/shopify", {}, 401, {"error"}),
    ("GET", f"{ETSY}/config", None, 200, CONFIG | {"shop_id", "rate_limit_enabled", "max_requests_per_day"}),
    ("POST", f"{ETSY}/validate", {}, 200, {"valid", "message"}),
    ("GET", f"{ETSY}/sync/status", None, 200, STATUS),
    ("GET", f"{ETSY}/sync/logs", None, 200, {"logs"} | PAGE),
    ("GET", f"{ETSY}/products", None, 200, {"products"} | PAGE),
    ("GET", f"{ETSY}/products/1", None, 200, LISTING),
    ("POST", f"{ETSY}/products/1/link", {"product_id": 1}, 200, {"message", "product"}),
    ("DELETE", f"{ETSY}/products/1/link", None, 200, {"message", "product"}),
    ("GET", f"{ETSY}/receipts", None, 200, {"receipts"} | PAGE),
    ("POST", f"{ETSY}/sync/products", {}, 202, STARTED | {"shop_id"}),
    ("POST", f"{ETSY}/sync/inventory", {"direction": "push"}, 202, STARTED | {"shop_id", "direction"}),
    ("POST", f"{ETSY}/sync/orders", None, 202, STARTED | {"shop_id"}),
    ("POST", f"{ETSY}/sync/receipts", None, 202, STARTED | {"shop_id"}),
    ("GET", f"{SHOPIFY}/config", None, 200, CONFIG | {"shop_domain", "location_id"}),
    ("GET", f"{SHOPIFY}/sync/status", None, 200, STATUS),
    ("POST", f"{SHOPIFY}/links", {"sku": SKU}, 201, {"message", "link"}),
    ("GET", f"{SHOPIFY}/products", None, 200, {"products"} | PAGE),
    ("DELETE", f"{SHOPIFY}/links/{SKU}", None, 200, {"message", "links"}),
    ("POST", f"{SHOPIFY}/sync/products", None, 202, STARTED),
    ("POST", f"{SHOPIFY}/sync/inventory", None, 202, STARTED),
    ("POST", f"{SHOPIFY}/sync/orders", None, 202, STARTED),
    ("GET", f"{AMAZON}/config", None, 200, CONFIG | {"seller_id", "marketplace_id"}),
    ("POST", f"{AMAZON}/links", {"sku": SKU}, 201, {"message", "link"}),
    ("GET", f"{AMAZON}/links", None, 200, {"links"} | PAGE),
    ("DELETE", f"{AMAZON}/links/{SKU}", None, 200, {"message", "links"}),
    ("DELETE", f"{ETSY}/connection", None, 200, {"message", "shop_id"}),
)
OPEN = {
    ("GET", "/api/integrations/etsy/callback"),
    ("POST", "/api/webhooks/etsy"),
    ("POST", "/api/webhooks/shopify"),
}


def declared(client: Client) -> Mapping[tuple[str, str], Role | None]:
    """The role of every route of the domain."""
    return {
        (method, path): route.role
        for path, methods in client.app.shop_routes.items()
        for method, route in methods.items()
        if method != "OPTIONS"
    }


def test_every_route_answers_as_the_pages_expect(
    admin: Client,
    connected: EtsyServer,
    shopify: ShopifyServer,
    amazon: AmazonServer,
    queue: Waiting,
) -> None:
    on_shelf(5)
    imported(1, SKU)
    shopify.create_product(sku=SKU, available=5)
    amazon.create_listing(SKU, 5)
    for method, path, body, status, fields in CONTRACT:
        answer = admin.request(method, path, json=body)
        assert answer.status == status, f"{method} {path}: {answer}"
        assert fields <= answer.json.keys(), f"{method} {path}: {answer}"


def test_every_route_is_tried_here(visitor: Client) -> None:
    tried = {
        (method, path.replace("products/1", "products/{listing}").replace(f"links/{SKU}", "links/{sku}"))
        for method, path, *_ in CONTRACT
    }
    assert tried == {route for route in declared(visitor) if route in OPEN or "/integrations/" in route[1]}


def test_nobody_gets_in_without_signing_in_but_by_a_signature_or_a_state(visitor: Client) -> None:
    roles = declared(visitor)
    assert {route for route, role in roles.items() if role is PUBLIC} == OPEN
    assert every_guarded_route(visitor.app) == len(roles) - len(OPEN) == 38


@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in CONTRACT])
def test_without_any_setting_nothing_is_a_500(admin: Client, method: str, path: str, body: Any) -> None:
    on_shelf(5)
    imported(1, SKU)
    answer = admin.request(method, path, json=body, headers={"webhook-timestamp": str(utc_now())})
    assert answer.status in {200, 400, 404, 503}, f"{method} {path}: {answer}"
