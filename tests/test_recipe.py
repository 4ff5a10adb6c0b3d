"""The recipe of one deployment for each domain: what the storefront sends to an address is answered there.

`CALLS` is what the newer storefront asks for, with the variable of the base URL that it takes: by path, but
the pages of sign-in, dashboard, older lists and uploads take the product URL for everything.
"""

import json
import re
from pathlib import Path

import pytest
from chalice.local import RouteMatcher

from app import load_routes

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

_ROW = re.compile(r"\| `NEXT_PUBLIC_(?:(\w+)_)?API_URL` \| `([\w-]+)` \|")


def recipe() -> dict[str, str]:
    """The stage of each variable as `docs/operations.md` tells it; the default under an empty name."""
    found = dict(_ROW.findall((ROOT / "docs/operations.md").read_text()))
    assert found.keys() == {"", PRODUCT, CART, ORDER, CONTENT, DISCOUNT, NOTIFICATION, INTEGRATION}
    return found


def domains_of(stage: str) -> list[str]:
    """What a stage mounts."""
    stages = json.loads((ROOT / ".chalice/config.json").read_text())["stages"]
    return str(stages[stage]["environment_variables"]["SHOP_DOMAINS"]).split(",")


def pattern_of(path: str, patterns: set[str]) -> str:
    """The route's pattern that a path matches; empty for none."""
    try:
        return str(RouteMatcher(list(patterns)).match_route(path).route)
    except ValueError:
        return ""


def unanswered(stages: dict[str, str]) -> list[str]:
    """The storefront's calls that the stage of their variable does not answer."""
    missing = []
    for variable, method, path in CALLS:
        routes = [route for domain in domains_of(stages[variable]) for route in load_routes(domain)]
        pattern = pattern_of(path, {route.path for route in routes})
        if not any((it.path, it.method) == (pattern, method) for it in routes):
            missing.append(f"{method} {path} of {stages[variable]}")
    return missing


def test_every_call_of_the_storefront_is_answered_where_the_recipe_sends_it() -> None:
    assert unanswered(recipe()) == []


def test_one_address_for_everything_answers_everything() -> None:
    assert unanswered(dict.fromkeys(recipe(), recipe()[""])) == []


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("catalog-prod", "/api/upload/temp"),
        ("shop-prod", "/api/products"),
        ("content-prod", "/api/admin/shop/orders"),
    ],
)
def test_no_stage_of_one_domain_can_be_the_product_url(stage: str, missing: str) -> None:
    assert any(missing in call for call in unanswered(recipe() | {PRODUCT: stage}))


def test_the_jobs_of_the_channels_run_once() -> None:
    assert len({stage for stage in recipe().values() if "etsy_sync" in domains_of(stage)}) == 1


def test_the_readme_sends_to_the_same_recipe() -> None:
    text = (ROOT / "README.md").read_text()
    stage = recipe()[PRODUCT]
    assert re.search(rf"`NEXT_PUBLIC_PRODUCT_API_URL`[^.]*`{stage}`", text.replace("\n", " "))
