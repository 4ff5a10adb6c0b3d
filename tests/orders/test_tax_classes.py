"""What a product counts as for its tax: shown, set, and kept by forms that do not know of it."""

import pytest

from tests.catalog.builders import catalog_app, ok, refused, store
from tests.orders.cart_builders import on_sale, put
from tests.orders.order_builders import buyer
from tests.support.http import Client
from tests.support.tokens import admin_token


@pytest.fixture(autouse=True)
def _shop(table: str) -> None:
    store([on_sale(1, tax_class="art"), on_sale(2)])


def test_the_product_shows_its_class_where_it_has_one() -> None:
    visitor = Client(catalog_app())
    for path in ("/api/products", "/api/shop/products"):
        assert ok(visitor.get(f"{path}/row-0001"))["tax_class"] == "art"
        assert "tax_class" not in ok(visitor.get(f"{path}/row-0002"))


def test_an_administrator_sets_it_and_takes_it_back() -> None:
    admin = Client(catalog_app(), token=admin_token())
    assert ok(admin.put("/api/products/2", json={"tax_class": "book"}))["tax_class"] == "book"
    # A form that does not know of it leaves it as it is.
    assert ok(admin.put("/api/products/2", json={"title": "Other"}))["tax_class"] == "book"
    assert "tax_class" not in ok(admin.put("/api/products/2", json={"tax_class": ""}))
    refused(admin.put("/api/products/2", json={"tax_class": "Fine Art"}), 400)


def test_the_items_of_a_cart_show_it() -> None:
    client = buyer()
    put(client, 1)
    assert ok(client.get("/api/cart"))["items"][0]["product"]["tax_class"] == "art"
    assert ok(client.get("/api/shop/cart"))["cart"]["items"][0]["product"]["tax_class"] == "art"
