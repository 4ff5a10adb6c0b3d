"""Checking out: amounts of the server, all or nothing, and who else acts at the same moment."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from catalog.products import update_product
from catalog.variants import remove_variant
from common.clock import utc_now
from common.dynamodb import UnitOfWork, get_item, put_item
from common.errors import Conflict, InvalidInput, NotFound, ShopError
from common.http import Identity, Role
from common.metrics import counting
from common.optimistic import StaleVersion
from common.repositories.order_counter import reserve_id
from common.repositories.orders import order_by_id
from common.repositories.product_writes import variant_pointer_key
from common.repositories.stock import Shelf, set_stock
from common.repositories.stock_alerts import unread_alerts
from orders.allocation import OutOfStock, RequestedItem
from orders.checkout import PlacedOrder, Purchase, place_order
from orders.idempotency import KeyReused
from orders.limits import Caller
from orders.refunds import cancel_order
from orders.repositories.carts import add_saved, cart_key, load
from orders.repositories.discounts import DISCOUNTS, use_discount
from tests.catalog.builders import store
from tests.orders.cart_builders import SESSION, a_code, fill, on_sale, put, shopper, uses, variant
from tests.orders.order_builders import (
    ADDRESS,
    an_order,
    counter,
    order_rows,
    purchase,
    stock_of,
    store_orders,
    token,
    told,
)
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("table")

ADMIN = Identity("1", "admin", Role.ADMIN)
CART = (cart_key(SESSION),)
PAST, FUTURE = "2026-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"


@pytest.fixture(autouse=True)
def _shop(table: str) -> None:
    two = (variant(2), variant(2, 1, price_adjustment=Decimal("2.50")))
    store([on_sale(1), on_sale(2, "10.01", variants=two), on_sale(3, stock=1)])
    for product_id in (1, 3):
        pk, sk = variant_pointer_key(product_id * 10)
        put_item({"PK": pk, "SK": sk, "product_id": product_id})


def _place(asked: Purchase) -> PlacedOrder:
    return place_order(asked, utc_now())


def _filled_cart(code: str = "") -> Purchase:
    """A purchase of a cart with two pieces of the first work, and a code where one is given."""
    client = shopper()
    assert put(client, 1, 2).status == 200
    if code:
        assert client.post("/api/cart/discount", json={"code": code}).status == 200
    return purchase(cart_keys=CART)


def _nothing_happened() -> bool:
    stocks = (stock_of(1), stock_of(2), stock_of(3))
    return stocks == (10, 10, 1) and not order_rows() and counter() == (0, 0) and not told("order_created")


def test_an_order_is_priced_by_the_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAX_RATE", "0.22")
    a_code()
    items = (RequestedItem(2, 21, 2), RequestedItem(1, None, 1), RequestedItem(2, 21, 1))
    asked = replace(purchase(), wanted=items, discount_code="save10", shipping_address=ADDRESS)
    placed = _place(asked)
    order, details = placed.order, placed.details
    amounts = (order.subtotal, order.tax, order.discount, order.total)
    assert amounts == tuple(Decimal(text) for text in ("62.53", "13.76", "6.25", "70.04"))
    assert [(line.sku, line.quantity, line.unit_price) for line in details.lines] == [
        ("V-2-1", 3, Decimal("12.51")),
        ("V-1-0", 1, Decimal("25.00")),
    ]
    assert [line.total_price for line in details.lines] == [Decimal("37.53"), Decimal("25.00")]
    assert (order.currency, order.discount_code, order.discount_id) == ("EUR", "SAVE10", 1)
    assert details.shipping_address == details.billing_address == ADDRESS
    assert order_by_id(order.id) == order
    assert (stock_of(1), stock_of(2), stock_of(2, 1), uses()) == (9, 10, 7, 1)
    assert (order.order_number, counter()) == ("ORD-00000001", (1, 1))


def test_a_cart_becomes_an_order_and_is_emptied() -> None:
    a_code()
    placed = _place(_filled_cart("SAVE10"))
    assert (placed.order.total, placed.order.discount) == (Decimal(45), Decimal(5))
    assert (uses(), stock_of(1)) == (1, 8)
    cart = load(CART[0], utc_now())
    assert cart is not None
    assert (cart.items, cart.discount_code, cart.discount_id) == ((), None, None)
    with pytest.raises(InvalidInput, match="Cart is empty"):
        _place(purchase(cart_keys=CART))


def test_what_is_no_longer_on_sale_is_not_ordered_from_a_cart() -> None:
    asked = _filled_cart()
    put(shopper(), 2)
    update_product(1, {"status": "draft"}, ADMIN, utc_now())
    assert [line.product_id for line in _place(asked).details.lines] == [2]
    asked = _filled_cart_of_3()
    remove_variant(30, ADMIN, utc_now())
    with pytest.raises(InvalidInput, match="Cart is empty"):
        _place(asked)


def _filled_cart_of_3() -> Purchase:
    assert put(shopper(), 3).status == 200
    return purchase(cart_keys=CART)


def test_every_line_that_is_short_is_named_and_nothing_is_taken() -> None:
    a_code()
    with pytest.raises(OutOfStock) as refusal:
        _place(purchase((1, 11), (2, 1), (3, 2), discount_code="SAVE10", token=token()))
    assert refusal.value.status == 409
    assert refusal.value.details["lines"] == [
        {"product_id": 1, "variant_id": 10, "title": "Row 0001", "requested": 11, "available": 10},
        {"product_id": 3, "variant_id": 30, "title": "Row 0003", "requested": 2, "available": 1},
    ]
    assert _nothing_happened()
    assert (uses(), get_item(token().mark.key)) == (0, None)


def test_duplicate_lines_are_counted_together() -> None:
    with pytest.raises(OutOfStock) as refusal:
        _place(purchase((1, 6), (1, 5)))
    assert refusal.value.shortages[0].requested == 11
    assert _place(purchase((1, 6), (1, 4))).details.lines[0].quantity == 10


REFUSED: list[tuple[Purchase, type[ShopError], str]] = [
    (purchase((9, 1)), NotFound, "Product not found"),
    (replace(purchase(), wanted=(RequestedItem(1, 20, 1),)), NotFound, "Variant not found"),
    (replace(purchase(), wanted=(RequestedItem(2, None, 1),)), InvalidInput, "variant_id is required"),
    (purchase(), InvalidInput, "Cart is empty"),
    (purchase(cart_keys=CART), InvalidInput, "Cart is empty"),
    (purchase((1, 1), discount_code="NOSUCH"), InvalidInput, "discount_code is not a valid discount code"),
    (purchase(*((n, 1) for n in range(1, 42))), InvalidInput, "at most 40 different items"),
]


@pytest.mark.parametrize(("asked", "error", "text"), REFUSED, ids=[text for *_, text in REFUSED])
def test_what_cannot_be_ordered(asked: Purchase, error: type[ShopError], text: str) -> None:
    with pytest.raises(error, match=text):
        _place(asked)
    assert _nothing_happened()


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"is_active": False}, "not active"),
        ({"valid_from": "2999-01-01T00:00:00.000Z"}, "not yet valid"),
        ({"valid_until": "2026-01-01T00:00:00.000Z"}, "expired"),
        ({"max_uses": 2, "times_used": 2}, "maximum uses"),
        ({"min_purchase_amount": Decimal("25.01")}, "Minimum order value of 25.01 is required"),
    ],
)
def test_a_code_that_cannot_be_used_stops_the_order(fields: dict[str, Any], text: str) -> None:
    a_code(**fields)
    with pytest.raises(InvalidInput, match=text):
        _place(purchase((1, 1), discount_code="SAVE10"))
    assert _nothing_happened()


def test_works_without_variants_and_of_two_currencies_are_refused() -> None:
    store([on_sale(4, variants=()), on_sale(5, currency="USD")])
    with pytest.raises(OutOfStock, match=r"Row 0004 \(0 left\)"):
        _place(replace(purchase(), wanted=(RequestedItem(4, None, 1),)))
    with pytest.raises(InvalidInput, match="same currency"):
        _place(purchase((1, 1), (5, 1)))
    assert _nothing_happened()
    assert _place(purchase((5, 1))).order.currency == "USD"


def test_the_largest_order_there_can_be_fits_into_one_transaction() -> None:
    a_code()
    store([on_sale(number, stock=4) for number in range(101, 141)])
    session = SESSION.replace("session", "other")
    fill(range(101, 141), cart_key(session))
    asked = purchase(
        cart_keys=(cart_key(session),),
        token=token(),
        discount_code="SAVE10",
        caller=Caller("203.0.113.9", session),
    )
    placed = _place(asked)
    assert (len(placed.details.lines), placed.order.discount_code) == (40, "SAVE10")
    assert (len(told("low_stock")), len(unread_alerts(10))) == (1, 1)
    assert cancel_order(placed.order.id, None, None, ADMIN, utc_now()).order.cancelled_at is not None
    assert {stock_of(number) for number in range(101, 141)} == {4}


def test_40_different_items_fit_into_one_order_that_makes_them_all_low() -> None:
    store([on_sale(number, stock=4) for number in range(101, 141)])
    placed = _place(purchase(*((number, 1) for number in range(101, 141)), token=token()))
    assert len(placed.details.lines) == 40
    assert {stock_of(number) for number in range(101, 141)} == {3}
    (alert,) = unread_alerts(10)
    assert (alert.type, alert.sku) == ("stock_low", "V-101-0")
    assert "Row 0101, Small: 3 left" in alert.message
    assert len(told("low_stock")) == 1


def test_an_order_is_counted_once_however_often_it_is_asked_for() -> None:
    asked = purchase((1, 1), token=token())
    with counting() as counted:
        first, again = _place(asked), _place(asked)
    assert first.order.id == again.order.id
    assert counted == {"orders_placed": 1}


def test_the_shop_is_told_of_the_order_and_of_what_runs_low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOW_STOCK_THRESHOLD", "2")
    _place(purchase((1, 7)))
    assert (len(told("order_created")), told("low_stock")) == (1, [])
    _place(purchase((1, 1), (3, 1)))
    (low,) = told("low_stock")
    assert low["message"] == "Row 0001, Small: 2 left"
    assert low["metadata"]["variants"] == {"10": 2}
    assert all("Maria" not in str(row) for row in (*told("order_created"), low))


def test_a_repetition_finds_the_first_order() -> None:
    asked = purchase((1, 1), token=token())
    first = _place(asked)
    assert _place(asked) == first
    other = replace(asked, token=replace(token(), fingerprint="other"))
    with pytest.raises(KeyReused):
        _place(other)
    assert (stock_of(1), counter()) == (9, (1, 1))


def _set_stock(left: int) -> None:
    with UnitOfWork() as work:
        set_stock(work, Shelf("V-1-0", stock_of(1), 1, 10), left, utc_now())


def _raise_price() -> object:
    return update_product(1, {"base_price": Decimal(30)}, ADMIN, utc_now())


def test_the_stock_goes_just_before_the_commit() -> None:
    asked = purchase((1, 2), (2, 1), token=token())
    with (
        just_before("orders.checkout.add_order", lambda: _set_stock(1)),
        pytest.raises(OutOfStock) as refusal,
    ):
        _place(asked)
    assert [(it.product_id, it.requested, it.available) for it in refusal.value.shortages] == [(1, 2, 1)]
    assert (stock_of(2), counter(), order_rows(), get_item(token().mark.key)) == (10, (0, 0), [], None)


def test_stock_that_others_leave_enough_of_is_no_reason_to_refuse() -> None:
    with just_before("orders.checkout.add_order", lambda: _set_stock(2)):
        _place(purchase((1, 2)))
    assert (stock_of(1), counter()) == (0, (1, 1))


def test_the_price_changes_just_before_the_commit() -> None:
    with just_before("orders.checkout.add_order", _raise_price):
        placed = _place(purchase((1, 2)))
    assert (placed.order.total, stock_of(1)) == (Decimal(60), 8)


@pytest.mark.parametrize(
    ("rival", "text"),
    [
        (lambda: update_product(1, {"status": "archived"}, ADMIN, utc_now()), "Product not found"),
        (lambda: remove_variant(10, ADMIN, utc_now()), "Variant not found"),
        (lambda: update_product(1, {"unpublish_at": PAST}, ADMIN, utc_now()), "Product not found"),
        (lambda: update_product(1, {"publish_at": FUTURE}, ADMIN, utc_now()), "Product not found"),
    ],
    ids=["unpublished", "variant removed", "its time brought to an end", "its time put off"],
)
def test_a_work_is_withdrawn_just_before_the_commit(rival: Callable[[], object], text: str) -> None:
    with just_before("orders.checkout.add_order", rival), pytest.raises(NotFound, match=text):
        _place(replace(purchase(), wanted=(RequestedItem(1, 10, 1), RequestedItem(2, 20, 1))))
    assert (stock_of(2), counter(), order_rows()) == (10, (0, 0), [])


def _use_the_last() -> None:
    code = DISCOUNTS.get(1)
    assert code is not None
    with UnitOfWork() as work:
        use_discount(work, code, code.created_at)


def test_the_last_use_of_a_code_goes_just_before_the_commit() -> None:
    a_code(max_uses=1)
    rival, asked = _use_the_last, purchase((1, 1), discount_code="SAVE10")
    with just_before("orders.checkout.add_order", rival), pytest.raises(Conflict, match="no longer active"):
        _place(asked)
    assert uses() == 1
    assert _nothing_happened()


def _halve() -> None:
    code = DISCOUNTS.get(1)
    assert code is not None
    with UnitOfWork() as work:
        DISCOUNTS.change(work, code, replace(code, discount_value=Decimal(50)))


def test_a_code_changes_just_before_the_commit() -> None:
    a_code()
    with just_before("orders.checkout.add_order", _halve):
        placed = _place(purchase((1, 1), discount_code="SAVE10"))
    assert (placed.order.total, uses()) == (Decimal("12.50"), 1)


def test_the_cart_changes_just_before_the_commit() -> None:
    asked = _filled_cart()
    with just_before("orders.checkout.add_order", lambda: put(shopper(), 2)):
        placed = _place(asked)
    assert [line.product_id for line in placed.details.lines] == [1, 2]
    assert (stock_of(1), stock_of(2)) == (8, 9)


def test_a_cart_is_ordered_once() -> None:
    asked = _filled_cart()
    rival = just_before("orders.checkout.add_order", lambda: _place(asked))
    with rival, pytest.raises(InvalidInput, match="Cart is empty"):
        _place(asked)
    assert (stock_of(1), counter()) == (8, (1, 1))


def test_a_cart_that_keeps_changing_is_given_up() -> None:
    asked = _filled_cart()
    cart = load(CART[0], utc_now())
    assert cart is not None

    def change(work: UnitOfWork, *_: object) -> None:
        # As if somebody changed the cart before each commit.
        add_saved(work, replace(cart, version=cart.version + 1), cart, utc_now())

    with pytest.MonkeyPatch.context() as patched, pytest.raises(StaleVersion):
        patched.setattr("orders.checkout.empty", change)
        _place(asked)
    assert _nothing_happened()


def test_the_same_request_is_carried_out_just_before_the_commit() -> None:
    asked = purchase((1, 1), token=token())
    first: list[PlacedOrder] = []
    with just_before("orders.checkout.add_order", lambda: first.append(_place(asked))):
        placed = _place(asked)
    assert [placed] == first
    assert (stock_of(1), counter(), len(told("order_created"))) == (9, (1, 1), 1)


def test_the_same_request_takes_the_last_piece_after_its_key_was_looked_for() -> None:
    asked = purchase((3, 1), token=token())
    first: list[PlacedOrder] = []
    with just_before("orders.checkout.read_offers", lambda: first.append(_place(asked))):
        placed = _place(asked)
    assert [placed] == first
    assert (stock_of(3), counter(), len(told("order_created"))) == (0, (1, 1), 1)


def test_another_order_takes_the_id_just_before_the_commit() -> None:
    with just_before("orders.checkout.add_order", lambda: _place(purchase((2, 1)))):
        placed = _place(purchase((1, 1)))
    assert (placed.order.id, counter()) == (2, (2, 2))
    assert {row["id"] for row in order_rows()} == {1, 2}
    with just_before("orders.checkout.add_order", reserve_id):
        assert _place(purchase((1, 1))).order.id == 4
    assert counter() == (4, 3)


def test_an_id_that_an_order_has_already_is_passed_over() -> None:
    store_orders([an_order(1)])
    with UnitOfWork() as work:
        work.delete(("COUNTER", "ORDER_ID"))
    placed = _place(purchase((1, 1)))
    assert placed.order.id == 2
    assert order_by_id(1) == an_order(1)
