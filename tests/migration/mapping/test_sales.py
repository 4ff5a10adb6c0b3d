"""Carts, discount codes and orders on their way, read back by the shop's own functions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import epoch
from common.dynamodb import Update, batch_write, update_item
from common.repositories.orders import newest_orders, order_by_id, order_with_details
from migration.mapping.discounts import live_codes
from migration.mapping.records import Context, Record, Row
from orders.repositories.carts import cart_key, load
from orders.repositories.discounts import DISCOUNTS, discount_by_code
from tests.migration.mapping.records import AS_OF, CONTEXT, ENTITY, one, stored
from tests.migration.mapping.test_products import MOMENT, TIMES

DAYS_30 = epoch(AS_OF + timedelta(days=30))
CODE: Row = {
    "id": 3,
    "code": "Save10",
    "type": "percentage",
    "value": Decimal(10),
    "valid_from": None,
} | TIMES
ORDER: Row = {
    "id": 3,
    "order_number": "ORD-00000099",
    "customer_email": "Ada@Example.com",
    "customer_name": "Ada",
    "total": Decimal("61.00"),
    "payment_status": "refunded",
} | TIMES
LINE: Row = {
    "order_id": 3,
    "product_name": "Work",
    "unit_price": Decimal("25.00"),
    "total_price": Decimal("25.00"),
}


def moved(record: Record, context: Context = CONTEXT) -> None:
    assert batch_write(stored(ENTITY[record.entity], record, context)).failed == []


def a_cart(**changes: Any) -> Record:
    row: Row = {"id": 5, "session_token": "session_1", "discount_code": "save10", "user_id": 0} | TIMES
    items: list[Row] = [
        {"id": 8, "cart_id": 5, "product_id": 4, "variant_id": 12, "quantity": 2} | TIMES,
        {"id": 9, "cart_id": 5, "product_id": 4, "variant_id": None, "quantity": 1} | TIMES,
        {"id": 10, "cart_id": 5, "product_id": 4, "variant_id": 12, "quantity": 3} | TIMES,
    ]
    return one("carts", row | changes, cart_items=items)


def test_a_cart_is_found_by_its_session_with_its_ids_and_its_code(table: str) -> None:
    moved(a_cart(), replace(CONTEXT, discounts=live_codes([CODE])))
    cart = load(cart_key("session_1"), AS_OF)
    assert cart is not None
    assert (cart.id, cart.user_id, cart.version) == (5, "0", 1)
    assert (cart.discount_code, cart.discount_id) == ("save10", 3)
    assert [(item.id, item.variant_id, item.quantity) for item in cart.items] == [
        (8, 12, 2),
        (9, None, 1),
        (10, 12, 3),
    ]


@pytest.mark.parametrize(
    ("columns", "expires_at"),
    [
        ({}, DAYS_30),
        ({"updated_at": AS_OF + timedelta(days=1)}, DAYS_30 + 86400),
        ({"updated_at": None, "created_at": AS_OF + timedelta(days=2)}, DAYS_30 + 2 * 86400),
        ({"expires_at": AS_OF + timedelta(seconds=9)}, epoch(AS_OF) + 9),
        ({"expires_at": AS_OF}, DAYS_30),
        ({"expires_at": MOMENT.replace(tzinfo=None)}, DAYS_30),
    ],
)
def test_a_cart_lives_on_for_thirty_days_at_least(columns: Row, expires_at: int) -> None:
    (item,) = stored(ENTITY["carts"], a_cart(**columns))
    assert item["expires_at"] == expires_at


def test_a_time_at_the_end_of_all_calendars_can_expire() -> None:
    (item,) = stored(ENTITY["carts"], a_cart(updated_at=datetime.max.replace(tzinfo=UTC)))
    assert item["expires_at"] > DAYS_30


def test_live_codes_are_known_in_capitals_the_oldest_first() -> None:
    rows = [CODE | {"id": 1, "deleted_at": MOMENT}, CODE, CODE | {"id": 4, "code": "SAVE10"}, {"id": 5}]
    assert live_codes(rows) == {"SAVE10": 3}


def test_a_code_is_found_whatever_its_capitals_and_is_valid_from_its_creation(table: str) -> None:
    moved(one("discount_codes", CODE))
    code = discount_by_code("SAVE10")
    assert code is not None
    assert code == DISCOUNTS.get(3)
    assert (code.code, code.valid_from) == ("Save10", code.created_at)
    assert code.is_usable("2026-01-31T10:00:00.000Z")


def test_a_first_day_that_was_chosen_since_is_given_back(table: str) -> None:
    entity = ENTITY["discount_codes"]
    moved(one("discount_codes", CODE))
    items = stored(entity, one("discount_codes", CODE))
    assert entity.rows(items)["discount_codes"][0]["valid_from"] is None
    chosen = update_item(DISCOUNTS.key(3), Update().set("valid_from", "2026-02-01T00:00:00.000Z"))
    assert entity.rows([chosen])["discount_codes"][0]["valid_from"].year == 2026


def an_order(**changes: Any) -> Record:
    lines = [
        LINE | {"id": 20, "created_at": MOMENT, "product_id": 4, "variant_id": 12},
        LINE | {"id": 21, "created_at": AS_OF, "product_id": None, "variant_name": None},
    ]
    return one("orders", ORDER | changes, order_items=lines)


def test_an_order_is_listed_with_its_lines(table: str) -> None:
    moved(an_order(user_id=0, shipping_address=["any", {"": 1}]))
    found = order_with_details(3)
    assert found is not None
    order, details = found
    assert newest_orders(5) == [order]
    assert (order.user_id, order.currency, order.payment_method) == ("0", "EUR", None)
    assert order.refunded_amount == order.total == Decimal(61)
    assert details.shipping_address == ["any", {"": 1}]
    assert [(line.id, line.product_id, line.variant_id) for line in details.lines] == [
        (20, 4, 12),
        (21, None, None),
    ]
    assert [line.created_at for line in details.lines] == [None, "2026-01-31T10:00:00.123Z"]


def test_a_deleted_order_is_kept_but_not_found(table: str) -> None:
    moved(an_order(deleted_at=MOMENT))
    assert (order_by_id(3), newest_orders(5)) == (None, [])


def test_no_new_order_takes_a_number_that_was_brought_along() -> None:
    assert ENTITY["orders"].highest(an_order()) == {"ORDER_ID": 99}
    assert ENTITY["orders"].highest(an_order(order_number="old-500")) == {"ORDER_ID": 3}
