"""The recipe of one deployment for each domain: what the storefront sends to an address is answered there.

`CALLS` is what the newer storefront asks for, with the variable of the base URL that it takes: by path, but
the pages of sign-in, dashboard, older lists and uploads take the product URL for everything.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from chalice.local import RouteMatcher

from app import DOMAINS, load_routes
from tools.edge.table import rule_for

ROOT = Path(__file__).parents[1]

PRODUCT, CART, ORDER = "PRODUCT", "CART", "ORDER"
CONTENT, DISCOUNT = "CONTENT", "DISCOUNT"
NOTIFICATION, INTEGRATION = "NOTIFICATION", "INTEGRATION"

CALLS = (
    (PRODUCT, "POST", "/api/auth/login"),
    (PRODUCT, "GET", "/health"),
    (PRODUCT, "GET", "/api/products"),
    (PRODUCT, "GET", "/api/products/a-slug"),
    (PRODUCT, "POST", "/api/products"),
    (PRODUCT, "PUT", "/api/products/1"),
    (PRODUCT, "DELETE", "/api/products/1"),
    (PRODUCT, "POST", "/api/products/1/variants"),
    (PRODUCT, "PUT", "/api/variants/1"),
    (PRODUCT, "PATCH", "/api/variants/1/stock"),
    (PRODUCT, "POST", "/api/products/1/images"),
    (PRODUCT, "PATCH", "/api/products/1/images/2"),
    (PRODUCT, "DELETE", "/api/products/1/images/2"),
    (PRODUCT, "GET", "/api/categories"),
    (PRODUCT, "GET", "/api/categories/1"),
    (PRODUCT, "POST", "/api/categories"),
    (PRODUCT, "PUT", "/api/categories/1"),
    (PRODUCT, "DELETE", "/api/categories/1"),
    (PRODUCT, "GET", "/api/admin/audit/date-range"),
    # The dashboard and the two older lists.
    (PRODUCT, "GET", "/api/admin/shop/products"),
    (PRODUCT, "POST", "/api/admin/shop/products"),
    (PRODUCT, "PATCH", "/api/admin/shop/products/1"),
    (PRODUCT, "DELETE", "/api/admin/shop/products/1"),
    (PRODUCT, "GET", "/api/admin/shop/orders"),
    (PRODUCT, "GET", "/api/personaggi"),
    # Uploads of pictures, and their removal from what they belonged to.
    (PRODUCT, "POST", "/api/upload/temp"),
    (PRODUCT, "DELETE", "/api/personaggi/1/images"),
    (PRODUCT, "DELETE", "/api/fumetti/1/pages"),
    (CART, "GET", "/api/cart"),
    (CART, "DELETE", "/api/cart"),
    (CART, "POST", "/api/cart/items"),
    (CART, "PATCH", "/api/cart/items/1"),
    (CART, "DELETE", "/api/cart/items/1"),
    (CART, "POST", "/api/cart/discount"),
    (CART, "DELETE", "/api/cart/discount"),
    (ORDER, "POST", "/api/orders"),
    (ORDER, "GET", "/api/orders/1"),
    (ORDER, "POST", "/api/orders/1/payment"),
    (ORDER, "GET", "/api/admin/orders"),
    (ORDER, "PATCH", "/api/admin/orders/1/status"),
    (ORDER, "POST", "/api/webhooks/payment"),
    (CONTENT, "GET", "/api/personaggi"),
    (CONTENT, "GET", "/api/personaggi/deleted"),
    (CONTENT, "POST", "/api/personaggi"),
    (CONTENT, "PUT", "/api/personaggi/1"),
    (CONTENT, "DELETE", "/api/personaggi/1"),
    (CONTENT, "POST", "/api/personaggi/1/restore"),
    (CONTENT, "POST", "/api/personaggi/1/upload"),
    (CONTENT, "GET", "/api/fumetti"),
    (CONTENT, "GET", "/api/fumetti/deleted"),
    (CONTENT, "POST", "/api/fumetti"),
    (CONTENT, "PUT", "/api/fumetti/1"),
    (CONTENT, "DELETE", "/api/fumetti/1"),
    (CONTENT, "POST", "/api/fumetti/1/restore"),
    (CONTENT, "POST", "/api/fumetti/1/upload"),
    (CONTENT, "POST", "/api/upload/temp"),
    (DISCOUNT, "POST", "/api/discounts/validate"),
    (DISCOUNT, "GET", "/api/admin/discounts"),
    (DISCOUNT, "POST", "/api/admin/discounts"),
    (DISCOUNT, "GET", "/api/admin/discounts/1"),
    (DISCOUNT, "GET", "/api/admin/discounts/1/stats"),
    (DISCOUNT, "PATCH", "/api/admin/discounts/1"),
    (DISCOUNT, "DELETE", "/api/admin/discounts/1"),
    (NOTIFICATION, "GET", "/api/admin/notifications"),
    (NOTIFICATION, "PATCH", "/api/admin/notifications/1/read"),
    (NOTIFICATION, "POST", "/api/admin/notifications/mark-all-read"),
    (NOTIFICATION, "DELETE", "/api/admin/notifications/1"),
    (INTEGRATION, "GET", "/api/integrations/etsy/auth"),
    (INTEGRATION, "GET", "/api/integrations/etsy/callback"),
    (INTEGRATION, "POST", "/api/admin/integrations/etsy/sync/products"),
    (INTEGRATION, "POST", "/api/admin/integrations/etsy/sync/inventory"),
    (INTEGRATION, "GET", "/api/admin/integrations/etsy/sync/status"),
    (INTEGRATION, "GET", "/api/admin/integrations/etsy/sync/logs"),
    (INTEGRATION, "GET", "/api/admin/integrations/etsy/products"),
    (INTEGRATION, "GET", "/api/admin/integrations/etsy/config"),
    (INTEGRATION, "POST", "/api/admin/integrations/etsy/validate"),
    (INTEGRATION, "POST", "/api/webhooks/etsy"),
)

_ROW = re.compile(r"\| `NEXT_PUBLIC_(?:(\w+)_)?API_URL` \|[^|]+\|([^|]+)\|([^|]+)\|")
_HOST = "the host in front"
CONFIG = json.loads((ROOT / ".chalice/config.json").read_text())
OF_ONE_DOMAIN = {
    name: stage["environment_variables"]["SHOP_DOMAINS"]
    for name, stage in CONFIG["stages"].items()
    if "edge" in stage.get("deploy", {})
}


def recipe(column: int) -> dict[str, list[str]]:
    """What each variable may name, as a column of `docs/operations.md` tells it: with `prod`, or with five.

    The default stands under an empty name.
    """
    rows = _ROW.findall((ROOT / "docs/operations.md").read_text())
    found = {row[0]: [name.strip(" `") for name in row[1 + column].split(", or ")] for row in rows}
    assert found.keys() == {"", PRODUCT, CART, ORDER, CONTENT, DISCOUNT, NOTIFICATION, INTEGRATION}
    return found


WITH_PROD, WITH_FIVE = recipe(0), recipe(1)


def domains_at(address: str, path: str) -> list[str]:
    """What answers a path at an address: a stage, or the host in front of the stages of one domain."""
    if address == _HOST:
        return [rule_for(path).domain]
    return str(CONFIG["stages"][address]["environment_variables"]["SHOP_DOMAINS"]).split(",")


def pattern_of(path: str, patterns: set[str]) -> str:
    """The route's pattern that a path matches; empty for none."""
    try:
        return str(RouteMatcher(list(patterns)).match_route(path).route)
    except ValueError:
        return ""


def unanswered(addresses: Mapping[str, Iterable[str]]) -> list[str]:
    """The storefront's calls that are not answered at one of the addresses of their variable."""
    return [
        f"{method} {path} of {address}"
        for variable, method, path in CALLS
        for address in addresses[variable]
        if not is_answered(address, method, path)
    ]


def is_answered(address: str, method: str, path: str) -> bool:
    routes = [route for domain in domains_at(address, path) for route in load_routes(domain)]
    pattern = pattern_of(path, {route.path for route in routes})
    return any((it.path, it.method) == (pattern, method) for it in routes)


@pytest.mark.parametrize("told", [WITH_PROD, WITH_FIVE])
def test_every_call_of_the_storefront_is_answered_where_the_recipe_sends_it(
    told: dict[str, list[str]],
) -> None:
    assert unanswered(told) == []


@pytest.mark.parametrize("address", ["prod", _HOST])
def test_one_address_for_everything_answers_everything(address: str) -> None:
    assert address in {*WITH_PROD[""], *WITH_FIVE[""]}
    assert unanswered({variable: [address] for variable in WITH_PROD}) == []


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("catalog-prod", "/api/upload/temp"),
        ("shop-prod", "/api/products"),
        ("content-prod", "/api/admin/shop/orders"),
    ],
)
def test_no_stage_of_one_domain_can_be_the_product_url(stage: str, missing: str) -> None:
    assert any(missing in call for call in unanswered(WITH_FIVE | {PRODUCT: [stage]}))


def test_the_jobs_of_the_channels_run_once() -> None:
    """Either way one stage of those that are deployed has them."""
    (whole,) = WITH_PROD[""]
    assert domains_at(whole, "/").count("etsy_sync") == 1
    assert sorted(OF_ONE_DOMAIN.values()) == sorted(DOMAINS)
    named = {name for names in WITH_FIVE.values() for name in names} - {_HOST}
    assert named <= set(OF_ONE_DOMAIN)


def test_the_readme_sends_to_the_same_recipe() -> None:
    text = (ROOT / "README.md").read_text()
    (stage,) = WITH_PROD[PRODUCT]
    assert re.search(rf"`NEXT_PUBLIC_PRODUCT_API_URL`[^.]*`{stage}`", text.replace("\n", " "))
