"""Tests of the meter."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from common.dynamodb import (
    ConditionFailed,
    Query,
    Usage,
    attr,
    batch_get,
    batch_write,
    count,
    delete_item,
    fetch_all,
    get_item,
    meter,
    next_id,
    put_item,
)
from common.dynamodb.meter import record

KEY = ("A", "B")
ITEM = {"PK": "A", "SK": "B"}


@pytest.mark.parametrize(
    ("action", "operation", "writes"),
    [
        (lambda: get_item(KEY), "get_item", False),
        (lambda: fetch_all(Query("A")), "query", False),
        (lambda: count(Query("A")), "query", False),
        (lambda: batch_get([KEY]), "batch_get_item", False),
        (lambda: put_item(ITEM), "put_item", True),
        (lambda: next_id("X"), "update_item", True),
        (lambda: delete_item(KEY), "delete_item", True),
        (lambda: batch_write([ITEM]), "batch_write_item", True),
    ],
)
def test_every_operation_is_counted_as_a_read_or_a_write(
    table: str, action: Callable[[], object], operation: str, writes: bool
) -> None:
    put_item(ITEM)
    with meter() as usage:
        action()
    assert usage.calls == 1
    assert usage.operations == [(operation, usage.read_units, usage.write_units)]
    assert (usage.write_units > 0, usage.read_units > 0) == (writes, not writes)


def test_units_add_up(table: str) -> None:
    with meter() as usage:
        put_item(ITEM)
        put_item({"PK": "A", "SK": "C"})
    assert usage.calls == 2
    assert usage.write_units == sum(write for _, _, write in usage.operations)


def test_meters_may_be_nested(table: str) -> None:
    with meter() as outer:
        get_item(KEY)
        with meter() as inner:
            put_item(ITEM)
        get_item(KEY)
    assert [operation for operation, _, _ in inner.operations] == ["put_item"]
    assert [operation for operation, _, _ in outer.operations] == ["get_item", "put_item", "get_item"]


def test_a_closed_meter_counts_no_more(table: str) -> None:
    with meter() as usage:
        get_item(KEY)
    get_item(KEY)
    assert usage.calls == 1


def test_a_meter_ends_with_an_exception_too(table: str) -> None:
    put_item(ITEM)
    with meter() as usage, pytest.raises(ConditionFailed):
        put_item(ITEM, condition=attr("PK").missing())
    get_item(KEY)
    assert usage.calls == 1


def test_threads_have_meters_of_their_own(table: str) -> None:
    def measured(_: int) -> Usage:
        with meter() as usage:
            get_item(KEY)
        return usage

    with meter() as outer, ThreadPoolExecutor(4) as pool:
        usages = list(pool.map(measured, range(8)))
    assert [usage.calls for usage in usages] == [1] * 8
    assert outer.calls == 0


def test_the_capacity_of_a_batch_is_the_sum_of_its_tables() -> None:
    with meter() as usage:
        record("batch_get_item", {"ConsumedCapacity": [{"CapacityUnits": 1.5}, {"CapacityUnits": 0.1}]})
    assert usage.read_units == Decimal("1.6")
