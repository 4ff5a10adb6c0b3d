"""What an order takes from the shelves: its lines, what is short of them, and a row that has changed."""

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest

from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.errors import InvalidInput, NotFound
from common.optimistic import StaleVersion
from common.repositories.stock_movements import movements_of_variant
from common.stock_ledger import Event
from orders.allocation import (
    OutOfStock,
    RequestedItem,
    Shortage,
    left_after,
    lines_of,
    refuse_shortages,
    take,
)
from orders.pricing import Line
from orders.repositories.offers import Offers
from tests.catalog.builders import store
from tests.orders.cart_builders import on_sale, variant
from tests.orders.order_builders import stock_of

TWO = (variant(2, stock=3), variant(2, 1, sku=None, price_adjustment=Decimal("2.50")))
OFFERS = Offers(
    {1: on_sale(1), 2: on_sale(2, "10.01", variants=TWO, sku="WORK-2"), 3: on_sale(3, variants=())}
)


def _line(product_id: int, quantity: int) -> Line:
    (line,) = lines_of([RequestedItem(product_id, product_id * 10, quantity)], OFFERS)
    return line


def _take(work: UnitOfWork, lines: list[Line]) -> None:
    take(work, lines, OFFERS, Event("order", "7", "sale", utc_now()), ValueError("repeated"))


def test_a_line_is_what_is_sold_today() -> None:
    assert lines_of(
        [RequestedItem(2, 21, 2), RequestedItem(1, None, 1), RequestedItem(2, 21, 1)], OFFERS
    ) == (
        Line(2, 21, "Row 0002", "Medium", "WORK-2", Decimal("12.51"), 3),
        Line(1, 10, "Row 0001", "Small", "V-1-0", Decimal("25.00"), 1),
    )


@pytest.mark.parametrize(
    ("wanted", "error", "text"),
    [
        (RequestedItem(9, 90, 1), NotFound, "Product not found"),
        (RequestedItem(1, 20, 1), NotFound, "Variant not found"),
        (RequestedItem(3, 30, 1), NotFound, "Variant not found"),
        (RequestedItem(2, None, 1), InvalidInput, "variant_id is required"),
    ],
)
def test_what_is_not_sold_or_not_named_makes_no_line(
    wanted: RequestedItem, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=f"^{text}$"):
        lines_of([wanted], OFFERS)


def test_a_work_without_variants_is_short_by_all_that_is_wanted() -> None:
    with pytest.raises(OutOfStock) as refusal:
        lines_of([RequestedItem(3, None, 4)], OFFERS)
    assert refusal.value.shortages == (Shortage(3, None, "Row 0003", 4, 0),)


def test_a_refusal_names_each_work_and_what_is_left_of_it() -> None:
    refusal = OutOfStock([Shortage(1, 10, "Sunset", 5, 2), Shortage(2, None, "Dawn", 1, 0)])
    assert str(refusal) == "Insufficient stock available: Sunset (2 left), Dawn (0 left)"
    assert refusal.details["lines"][1] == {
        "product_id": 2,
        "variant_id": None,
        "title": "Dawn",
        "requested": 1,
        "available": 0,
    }


@pytest.mark.parametrize(("quantity", "left"), [(9, 1), (10, 0), (11, -1)])
def test_what_is_left_is_negative_when_a_line_is_short(quantity: int, left: int) -> None:
    assert left_after(_line(1, quantity), OFFERS) == left


def test_nothing_is_left_of_a_variant_that_is_sold_no_more() -> None:
    gone = replace(_line(1, 4), variant_id=11)
    assert left_after(gone, OFFERS) == -4


def test_only_the_lines_that_are_short_are_refused() -> None:
    sold_out = replace(OFFERS, products={**OFFERS.products, 1: on_sale(1, stock=0)})
    lines = [_line(1, 1), _line(2, 3)]
    refuse_shortages(lines, OFFERS)
    with pytest.raises(OutOfStock) as refusal:
        refuse_shortages(lines, sold_out)
    assert refusal.value.shortages == (Shortage(1, 10, "Row 0001", 1, 0),)


def test_the_work_that_has_changed_is_named_and_nothing_is_taken(table: str) -> None:
    store([on_sale(1), on_sale(2, "10.02", variants=TWO)])
    text = "^Row 0002 was changed by somebody else"
    with pytest.raises(StaleVersion, match=text), UnitOfWork() as work:
        _take(work, [_line(1, 1), _line(2, 1)])
    assert (stock_of(1), stock_of(2)) == (10, 3)
    with UnitOfWork() as work:
        _take(work, [_line(1, 10)])
    assert stock_of(1) == 0


def test_an_order_takes_a_variant_once(table: str) -> None:
    store([on_sale(1)])
    for _ in range(2):
        with suppress(ValueError), UnitOfWork() as work:
            _take(work, [_line(1, 1)])
    assert stock_of(1) == 9
    (movement,) = movements_of_variant(10)
    assert (movement.delta, movement.source, movement.event_id, movement.sku) == (-1, "order", "7", "V-1-0")
