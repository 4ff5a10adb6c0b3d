"""Goods that cannot be withdrawn from say so wherever they are shown before the order, and in it."""

import pytest

from common.repositories.orders import details_of
from tests.catalog.builders import catalog_app, ok, store
from tests.orders.cart_builders import on_sale, put
from tests.orders.order_builders import body_of, body_of_cart, buyer, check_out, wanted
from tests.support.http import Client
from tests.support.tokens import admin_token


@pytest.fixture
def shop(table: str) -> None:
    store([on_sale(1, cannot_be_withdrawn=True), on_sale(2)])


@pytest.mark.usefixtures("shop")
def test_the_product_says_so_in_both_of_its_forms() -> None:
    visitor = Client(catalog_app())
    for path in ("/api/products", "/api/shop/products"):
        assert ok(visitor.get(f"{path}/row-0001"))["cannot_be_withdrawn"] is True
        assert "cannot_be_withdrawn" not in ok(visitor.get(f"{path}/row-0002"))


@pytest.mark.usefixtures("shop")
def test_an_administrator_sets_it_and_takes_it_back() -> None:
    admin = Client(catalog_app(), token=admin_token())
    shown = ok(admin.put("/api/products/2", json={"cannot_be_withdrawn": "true"}))
    assert shown["cannot_be_withdrawn"] is True
    # A form that does not know of it leaves it as it is.
    assert ok(admin.put("/api/products/2", json={"title": "Other"}))["cannot_be_withdrawn"] is True
    assert "cannot_be_withdrawn" not in ok(admin.put("/api/products/2", json={"cannot_be_withdrawn": None}))


@pytest.mark.usefixtures("shop")
def test_the_cart_and_the_order_say_so_of_each_line() -> None:
    client = buyer()
    for product in (1, 2):
        put(client, product)
    cart = ok(client.get("/api/cart"))
    assert [item["product"].get("cannot_be_withdrawn") for item in cart["items"]] == [True, None]
    shop_cart = ok(client.get("/api/shop/cart"))["cart"]
    assert [item["product"].get("cannot_be_withdrawn") for item in shop_cart["items"]] == [True, None]
    placed = check_out(client, body_of_cart()).json
    assert [item["cannot_be_withdrawn"] for item in placed["items"]] == [True, False]
    details = details_of(placed["order_id"])
    assert details is not None
    assert [line.cannot_be_withdrawn for line in details.lines] == [True, None]


@pytest.mark.usefixtures("shop")
def test_what_becomes_so_later_leaves_an_order_as_it_was_placed() -> None:
    placed = check_out(buyer(), body_of(wanted(2))).json
    store([on_sale(2, cannot_be_withdrawn=True)])
    shown = ok(Client(buyer().app, token=admin_token()).get(f"/api/admin/shop/orders/{placed['order_id']}"))
    assert [item["cannot_be_withdrawn"] for item in shown["items"]] == [False]
