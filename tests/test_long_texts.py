"""Texts from outside that are far longer than any key: whatever route they come by, none is a 500."""

from functools import cache
from typing import Any

import pytest

from app import DOMAINS, load_routes
from common.http import Route, ShopApp, create_app
from tests.support.buckets import fresh_bucket
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

# More than the 2048 bytes of a partition key, and the same of a sort key in four bytes a character.
LONG = "x" * 3_000
WIDE = "\U0001f5bc" * 500
# What the bodies of this shop call the texts that become part of a key.
NAMES = (
    "asin",
    "bio",
    "code",
    "cover_image",
    "currency",
    "customer_email",
    "customer_name",
    "email",
    "entity",
    "filename",
    "gtin",
    "id",
    "image_url",
    "imageUrl",
    "key",
    "licensePlateNumber",
    "name",
    "order_id",
    "orderId",
    "pageUrl",
    "payment_method",
    "product_id",
    "returnOrderId",
    "shop_id",
    "sku",
    "slug",
    "state",
    "target",
    "title",
    "type",
    "url",
    "username",
    "variant_id",
    "password",
    "description",
)
HEADERS = ("Idempotency-Key", "X-Cart-Session", "X-Session-Id", "If-Match", "If-None-Match")
QUERY = (
    "email",
    "search",
    "category",
    "character_value",
    "status",
    "shop_id",
    "cursor",
    "code",
    "state",
    "sku",
)


@cache
def shop() -> ShopApp:
    """Every route there is."""
    return create_app("shop", [load_routes(name) for name in DOMAINS])


def every_route() -> list[Route]:
    """The routes that answer, without those that only say which methods there are."""
    methods = [route for methods in shop().shop_routes.values() for route in methods.values()]
    return [route for route in methods if route.method != "OPTIONS"]


def asked(route: Route, text: str) -> Answer:
    """The answer of a route to one text wherever it takes any."""
    in_path = (text.encode()[:500]).decode(errors="ignore")
    path = "/".join(in_path if part.startswith("{") else part for part in route.path.split("/"))
    body: dict[str, Any] = dict.fromkeys(NAMES, text)
    body |= {"items": [{"sku": text, "product_id": text, "quantity": 1}], "quantity": 1, "base_price": 1}
    headers = {name: text if text.isascii() else LONG for name in HEADERS}
    client = Client(shop(), token=admin_token(), headers=headers)
    json = None if route.method == "GET" else body
    return client.request(route.method, path, params=dict.fromkeys(QUERY, text[:400]), json=json)


@pytest.mark.parametrize("text", [LONG, WIDE], ids=["long", "wide"])
def test_no_route_takes_a_text_that_is_no_key_for_a_defect(table: str, text: str) -> None:
    with fresh_bucket():
        answers = {f"{it.method} {it.path}": asked(it, text) for it in every_route()}
    assert len(answers) > 100
    assert {name: answer.text for name, answer in answers.items() if answer.status == 500} == {}
