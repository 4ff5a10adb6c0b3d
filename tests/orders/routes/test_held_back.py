"""What the shop has not approved, or holds back with its creator, is sold by no cart and no order."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from catalog.withholding import withhold_works
from common.repositories.creators import ACTIVE
from common.repositories.products import APPROVED, PENDING, REJECTED
from tests.catalog.builders import created, ok, refused, store
from tests.catalog.work_builders import (
    LATER,
    MODERATOR,
    add_creator,
    add_work,
    approve,
    reject,
    set_status,
    withhold,
)
from tests.orders.cart_builders import on_sale, put, quantities, shopper
from tests.orders.order_builders import body_of, body_of_cart, buyer, check_out, order_rows, stock_of, wanted
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import visitor_token

PRICE = Decimal("25.00")
WITHDRAWALS = pytest.mark.parametrize(
    "withdraw", [lambda: reject(1), withhold], ids=["rejected", "its creator disabled"]
)


@pytest.fixture(autouse=True)
def _shop(table: str) -> None:
    add_creator()
    add_work(1, base_price=PRICE, moderation_status=APPROVED)
    add_work(2, base_price=PRICE, moderation_status=PENDING)
    add_work(3, base_price=PRICE, moderation_status=REJECTED)
    add_work(4, base_price=PRICE, moderation_status=APPROVED, withheld=True)
    store([on_sale(9)])


@pytest.fixture
def client() -> Client:
    """A guest with a session, before carts and orders."""
    return buyer()


@pytest.mark.parametrize("held", [2, 3, 4])
def test_it_can_neither_be_put_into_a_cart_nor_ordered(client: Client, held: int) -> None:
    refused(put(client, held), 404, "Product not found")
    body = {"product_id": held, "variant_id": held * 10, "quantity": 1}
    oldest = client.post("/api/shop/cart/items", json=body)
    for answer in (oldest, check_out(client, body_of(wanted(held), wanted(9)))):
        assert (answer.status in {400, 404}, answer.error) == (True, "Product not found")
    assert (stock_of(held), stock_of(9), order_rows()) == (10, 10, [])
    assert quantities(client) == {}


def test_it_can_be_bought_as_soon_as_it_is_approved(client: Client) -> None:
    approve(2)
    ok(put(client, 2, 3))
    created(check_out(client, body_of_cart()))
    assert stock_of(2) == 7


@WITHDRAWALS
def test_what_is_in_a_cart_already_is_neither_shown_nor_counted_nor_sold(
    client: Client, withdraw: Callable[[], object]
) -> None:
    ok(put(client, 1, 2))
    ok(put(client, 9))
    withdraw()
    body = ok(client.get("/api/cart"))
    assert ([it["variant_id"] for it in body["items"]], body["subtotal"]) == ([90], PRICE)
    assert "Row 0001" not in str(ok(client.get("/api/shop/cart")))
    order = created(check_out(client, body_of_cart()))
    assert (stock_of(1), stock_of(9), len(order_rows())) == (10, 9, 1)
    assert "Row 0001" not in str(order)


def test_what_comes_back_is_in_the_cart_again(client: Client) -> None:
    ok(put(client, 1, 2))
    withhold()
    assert quantities(client) == {}
    set_status("c-1", ACTIVE)
    withhold_works("c-1", False, MODERATOR, LATER)
    assert quantities(client) == {10: 2}


@WITHDRAWALS
def test_a_cart_of_nothing_else_becomes_no_order(client: Client, withdraw: Callable[[], object]) -> None:
    ok(put(client, 1))
    withdraw()
    assert check_out(client, body_of_cart()).status in {400, 404}
    assert (stock_of(1), order_rows()) == (10, [])


@WITHDRAWALS
@pytest.mark.parametrize("from_cart", [False, True])
def test_what_is_withdrawn_just_before_the_commit_is_not_sold(
    client: Client, withdraw: Callable[[], object], from_cart: bool
) -> None:
    if from_cart:
        ok(put(client, 1))
    body = body_of_cart() if from_cart else body_of(wanted(1), wanted(9))
    with just_before("orders.checkout.add_order", withdraw):
        assert check_out(client, body).status in {400, 404}
    assert (stock_of(1), stock_of(9), order_rows()) == (10, 10, [])


@WITHDRAWALS
def test_an_order_that_was_placed_before_stays_and_may_be_paid(
    client: Client, withdraw: Callable[[], object]
) -> None:
    order = created(check_out(client, body_of(wanted(1, 2))))
    withdraw()
    number = order.get("order_number") or order["order"]["order_number"]
    answer = client.post(f"/api/orders/{number}/payment", json={"payment_details": {}})
    assert (answer.status, answer.json["order"]["payment_status"]) == (200, "paid")
    assert stock_of(1) == 8


@WITHDRAWALS
def test_an_order_of_a_withdrawn_work_is_repeated_by_its_first_answer(
    client: Client, withdraw: Callable[[], object]
) -> None:
    first = created(check_out(client, body_of(wanted(1)), key="the-same"))
    withdraw()
    again = check_out(client, body_of(wanted(1)), key="the-same")
    assert (again.status in {200, 201}, again.json) == (True, first)
    assert stock_of(1) == 9


def test_a_guest_s_cart_takes_none_of_it_along_when_it_is_merged(client: Client) -> None:
    ok(put(client, 1))
    ok(put(client, 9))
    reject(1)
    assert quantities(shopper("session-of-a-buyer", token=visitor_token())) == {90: 1}
