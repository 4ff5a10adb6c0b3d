"""Orders in the table: their rows, how they are found, counted and changed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.dynamodb import UnitOfWork, get_item, put_item
from common.optimistic import StaleVersion
from common.repositories.order_counter import (
    COUNTER_KEY,
    count_next_order,
    count_order,
    last_id_in,
    number_of_orders,
    reserve_id,
    sales_tally,
)
from common.repositories.orders import (
    ORDERS,
    Order,
    OrderDetails,
    OrderLine,
    add_order,
    all_orders,
    change_order,
    details_of,
    id_of_foreign_number,
    newest_orders,
    number_of,
    order_by_id,
    order_with_details,
    orders_of_email,
    own_number,
)
from common.repositories.sales_tally import SalesTally, tally_values
from tests.orders.order_builders import ADDRESS, MOMENT, an_order, counter, store_orders

LINE = OrderLine(1, 2, 20, "A work", "Small", "SKU", 3, Decimal("5.00"), Decimal("15.00"))
DETAILS = OrderDetails((LINE, replace(LINE, id=2, sku=None)), ADDRESS, ADDRESS, "Ring twice")
FULL = an_order(
    42,
    payment_intent_id="pi_1",
    discount_code="SAVE10",
    discount_id=3,
    refunded_amount=Decimal("1.50"),
    payment_attempts=2,
    cancelled_at=MOMENT,
    delivered_at=MOMENT,
    restocked=True,
    version=4,
)


def _add(order: Order, details: OrderDetails = DETAILS) -> None:
    with UnitOfWork() as work:
        add_order(work, order, details, ValueError("taken"))


@pytest.mark.parametrize("order", [FULL, an_order(1)])
def test_an_order_comes_back_as_it_was_stored(table: str, order: Order) -> None:
    _add(order)
    assert order_by_id(order.id) == order
    assert details_of(order.id) == DETAILS
    assert order_with_details(order.id) == (order, DETAILS)
    assert ORDERS.of(ORDERS.item(order)) == order


def test_an_order_that_is_not_there(table: str) -> None:
    assert (order_by_id(9), details_of(9), order_with_details(9)) == (None, None, None)


def test_an_id_is_used_once(table: str) -> None:
    _add(an_order(1))
    with pytest.raises(ValueError, match="taken"):
        _add(an_order(1, customer_name="Somebody else"))
    assert order_by_id(1) == an_order(1)


def test_a_number_leads_to_its_order(table: str) -> None:
    brought_along = an_order(7, order_number="ORD-20240131-0007")
    _add(brought_along)
    assert number_of(42) == "ORD-00000042"
    assert own_number("ORD-00000042") == 42
    assert own_number("ORD-123456789") == 123456789
    assert id_of_foreign_number("ORD-20240131-0007") == 7
    for number in ("", "ORD-20240131-0008", "ORD-42", "ORD-000000042", "ord-00000042", "ORD-00000042 "):
        assert (own_number(number), id_of_foreign_number(number)) == (None, None)
    assert "GSI1PK" not in ORDERS.item(an_order(1))


def test_lists_are_newest_first(table: str) -> None:
    stored = store_orders(an_order(number) for number in range(1, 6))[::-1]
    assert newest_orders(3) == stored[:3]
    assert all_orders() == stored
    assert number_of_orders() == 5


def test_the_orders_of_one_customer_page_by_page(table: str) -> None:
    store_orders(an_order(number, customer_email="Maria@Example.com") for number in range(1, 4))
    _add(an_order(4))
    page, cursor = orders_of_email(" maria@example.COM", 2, None)
    assert [order.id for order in page] == [3, 2]
    rest, end = orders_of_email("maria@example.com", 2, cursor)
    assert ([order.id for order in rest], end) == ([1], None)


def test_a_change_writes_what_differs_and_moves_the_version(table: str) -> None:
    _add(FULL)
    after = replace(FULL, payment_status="paid", discount_code=None, restocked=False, updated_at="later")
    with UnitOfWork() as work:
        stored = change_order(work, FULL, after)
    assert stored == replace(after, version=5) == order_by_id(FULL.id)


def test_a_change_of_an_older_reading_is_refused(table: str) -> None:
    _add(an_order(1))
    with UnitOfWork() as work:
        change_order(work, an_order(1), an_order(1, payment_status="paid"))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        change_order(work, an_order(1), an_order(1, payment_status="failed"))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        change_order(work, an_order(2), an_order(2, payment_status="failed"))
    assert (order_by_id(1), order_by_id(2)) == (an_order(1, payment_status="paid", version=2), None)


def _count_next(order_id: int) -> None:
    with UnitOfWork() as work:
        count_next_order(work, an_order(order_id), ValueError("taken"))


def test_of_two_orders_that_saw_the_same_counter_one_takes_the_id(table: str) -> None:
    assert last_id_in(get_item(COUNTER_KEY)) == 0
    _count_next(1)
    with pytest.raises(ValueError, match="taken"):
        _count_next(1)
    _count_next(2)
    assert counter() == (2, 2)
    assert reserve_id() == 3
    with UnitOfWork() as work:
        count_order(work, an_order(3))
    assert counter() == (3, 3)
    with pytest.raises(ValueError, match="taken"):
        _count_next(3)


def test_a_counter_that_was_seeded_goes_on_from_there(table: str) -> None:
    put_item({"PK": COUNTER_KEY[0], "SK": COUNTER_KEY[1], "value": 500})
    _count_next(501)
    assert counter() == (501, 1)


def test_a_reserved_id_is_nobody_elses(table: str) -> None:
    assert [reserve_id(), reserve_id()] == [1, 2]


def test_no_order_means_an_empty_tally(table: str) -> None:
    assert sales_tally() == SalesTally(0, Decimal(0), {})


def test_orders_are_added_up_in_all_and_by_the_month(table: str) -> None:
    january = an_order(1, total=Decimal("10.10"), created_at="2026-01-31T23:59:59.999Z")
    february = an_order(2, total=Decimal("0.05"), created_at="2026-02-01T00:00:00.000Z")
    with UnitOfWork() as work:
        count_next_order(work, january, ValueError("taken"))
    with UnitOfWork() as work:
        count_order(work, february)
    by_month = {"2026-01": Decimal("10.10"), "2026-02": Decimal("0.05")}
    assert sales_tally() == SalesTally(2, Decimal("10.15"), by_month)
    put_item({"PK": "COUNTER", "SK": "ORDER_ID", **tally_values(sales_tally())})
    assert sales_tally() == SalesTally(2, Decimal("10.15"), by_month)


def test_a_deleted_order_is_kept_but_neither_found_nor_listed(table: str) -> None:
    _add(an_order(1, order_number="OLD-1", deleted_at=MOMENT))
    assert (order_by_id(1), order_with_details(1), id_of_foreign_number("OLD-1")) == (None, None, None)
    assert (all_orders(), orders_of_email("buyer-1@example.com", 5, None)) == ([], ([], None))
    stored = get_item(ORDERS.key(1))
    assert stored is not None
    assert ORDERS.of(stored) == an_order(1, order_number="OLD-1", deleted_at=MOMENT)


def test_an_order_that_was_brought_along_may_lack_what_a_checkout_knows(table: str) -> None:
    order = an_order(1, payment_method=None, user_id="17", fulfillment_status="lost", payment_status="odd")
    bare = OrderLine(9, None, None, "A work", None, None, 1, Decimal(5), Decimal(5), created_at=MOMENT)
    _add(order, OrderDetails((bare,), {"lines": ["a", None]}, None))
    assert order_with_details(1) == (order, OrderDetails((bare,), {"lines": ["a", None]}, None))
