"""Prices are no finer than their currency, whichever of the two is changed, and by whichever route."""

from decimal import Decimal

import pytest

from tests.catalog.builders import (
    new_product,
    new_variant,
    ok,
    product_body,
    refused,
    row,
    store,
    variant_body,
)
from tests.support.http import Client
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"
WHOLE = "must be a whole number in JPY"


@pytest.mark.parametrize("path", ["/api/products", "/api/admin/shop/products"])
def test_a_price_finer_than_its_currency_is_refused(admin: Client, path: str) -> None:
    for currency, price, words in (
        ("JPY", "12.50", f"base_price {WHOLE}"),
        ("EUR", "12.505", "base_price must have at most 2 decimals"),
        ("KWD", "1.2505", "base_price must have at most 3 decimals in KWD"),
    ):
        refused(admin.post(path, json=product_body(currency=currency, base_price=price)), 400, words)


def test_prices_as_fine_as_their_currency_are_kept(admin: Client) -> None:
    dinars = new_product(admin, currency="KWD", base_price=Decimal("1.255"))
    assert ok(admin.get(f"/api/products/{dinars['id']}"))["base_price"] == Decimal("1.255")
    assert ok(admin.get(f"/api/admin/shop/products/{dinars['id']}"))["base_price"] == "1.255"
    yen = new_product(admin, currency="JPY", base_price=1200)
    assert str(yen["base_price"]) == "1200"
    assert ok(admin.get(f"/api/admin/shop/products/{yen['id']}"))["base_price"] == "1200"


def test_a_change_of_the_price_or_of_the_currency_alone_counts_the_other(admin: Client) -> None:
    yen, euro = new_product(admin, currency="JPY", base_price=1200), new_product(admin, base_price="12.50")
    for method, path in (("PUT", "/api/products"), ("PATCH", "/api/admin/shop/products")):
        answer = admin.request(method, f"{path}/{yen['id']}", json={"base_price": "12.50"})
        refused(answer, 400, f"base_price {WHOLE}")
        answer = admin.request(method, f"{path}/{euro['id']}", json={"currency": "JPY"})
        refused(answer, 400, "currency cannot be JPY: the price is 12.5")
        assert answer.json["fields"] == {"currency": ["cannot be JPY: the price is 12.5"]}
    ok(admin.put(f"/api/products/{euro['id']}", json={"currency": "JPY", "base_price": 12}))


def test_an_adjustment_counts_with_the_price(admin: Client) -> None:
    yen = new_product(admin, currency="JPY", base_price=1200)
    path = f"/api/products/{yen['id']}/variants"
    refused(admin.post(path, json=variant_body(price_adjustment="0.50")), 400, f"price_adjustment {WHOLE}")
    variant = new_variant(admin, yen["id"], price_adjustment=50)
    answer = admin.put(f"/api/variants/{variant['id']}", json={"price_adjustment": "0.50"})
    refused(answer, 400, f"price_adjustment {WHOLE}")
    euro = new_product(admin, base_price=12)
    new_variant(admin, euro["id"], name="Large", price_adjustment="0.50")
    answer = admin.put(f"/api/products/{euro['id']}", json={"currency": "JPY"})
    refused(answer, 400, "currency cannot be JPY: the adjustment of Large is 0.5")
    body = product_body(currency="JPY", base_price=1, variants=[variant_body(price_adjustment="0.5")])
    refused(admin.post("/api/products", json=body), 400, f"variants.0.price_adjustment {WHOLE}")


def test_an_adjustment_does_not_join_a_product_that_has_just_changed_its_currency(
    admin: Client,
) -> None:
    product = new_product(admin, base_price=12)
    variant = new_variant(admin, product["id"])
    path = f"/api/products/{product['id']}"
    with just_before(COMMIT, lambda: ok(admin.put(path, json={"currency": "JPY"}))):
        answer = admin.put(f"/api/variants/{variant['id']}", json={"price_adjustment": "0.50"})
    refused(answer, 400, f"price_adjustment {WHOLE}")


def test_what_was_brought_along_finer_can_be_shown_and_changed_otherwise(admin: Client) -> None:
    store([row(9, currency="JPY", base_price=Decimal("12.50"))])
    assert ok(admin.put("/api/products/9", json={"title": "New", "base_price": "12.50"}))["title"] == "New"
    assert ok(admin.get("/api/admin/shop/products/9"))["base_price"] == "12.5"
