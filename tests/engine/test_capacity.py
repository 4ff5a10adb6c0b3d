"""The meter against the engine's own accounting.

DynamoDB Local counts as AWS does except where a test says otherwise.
"""

from decimal import Decimal
from math import ceil

import pytest

from common.dynamodb import (
    Query,
    UnitOfWork,
    Update,
    attr,
    batch_get,
    batch_write,
    count,
    delete_item,
    fetch_all,
    get_item,
    index_keys,
    meter,
    put_item,
    update_item,
)

KB = 1024


def sized(sort: str, size: int) -> dict[str, str]:
    """An item of this size in bytes: names and values count (Developer Guide, "Item sizes")."""
    item = {"PK": "P", "SK": sort, "text": ""}
    used = sum(len(name) + len(value) for name, value in item.items())
    return item | {"text": "x" * (size - used)}


@pytest.mark.parametrize(
    ("size", "units"), [(100, "0.5"), (4 * KB, "0.5"), (4 * KB + 1, "1"), (20 * KB, "2.5")]
)
def test_a_read_costs_half_a_unit_per_4_kb(table: str, size: int, units: str) -> None:
    put_item(sized("A", size))
    with meter() as eventual:
        get_item(("P", "A"))
    with meter() as consistent:
        get_item(("P", "A"), consistent=True)
    assert eventual.read_units == Decimal(units)
    assert consistent.read_units == 2 * Decimal(units)


@pytest.mark.parametrize("size", [100, KB, KB + 1, 5 * KB])
def test_a_write_costs_a_unit_per_kb(table: str, size: int) -> None:
    with meter() as put:
        put_item(sized("A", size))
    with meter() as changed:
        update_item(("P", "A"), Update().set("SKX", ""))
    with meter() as deleted:
        delete_item(("P", "A"))
    assert put.write_units == ceil(size / KB)
    assert changed.write_units == ceil((size + 3) / KB)
    assert deleted.write_units == ceil((size + 3) / KB)


def test_an_index_entry_costs_a_write_of_its_own(table: str) -> None:
    with meter() as usage:
        put_item(sized("A", 100) | index_keys("GSI1", "G", "1") | index_keys("GSI2", "G", "1"))
    assert usage.write_units == 3


def test_a_query_costs_by_the_sum_of_its_items(table: str) -> None:
    batch_write([sized(f"{number}", 1000) for number in range(10)])
    with meter() as usage:
        fetch_all(Query("P"))
    assert (usage.calls, usage.read_units) == (1, Decimal("1.5"))


def test_a_filter_and_a_count_save_nothing(table: str) -> None:
    batch_write([sized(f"{number}", 1000) for number in range(10)])
    with meter() as filtered:
        assert fetch_all(Query("P", where=attr("SKX").exists())) == []
    with meter() as counted:
        assert count(Query("P")) == 10
    assert filtered.read_units == counted.read_units == Decimal("1.5")


def test_a_limited_read_costs_only_what_it_reads(table: str) -> None:
    batch_write([sized(f"{number}", 4 * KB) for number in range(10)])
    with meter() as usage:
        fetch_all(Query("P"), limit=3)
    assert usage.read_units == Decimal("1.5")


def test_a_batch_costs_what_its_items_cost(table: str) -> None:
    with meter() as written:
        batch_write([sized(f"{number}", 1500) for number in range(30)])
    with meter() as read:
        batch_get([("P", f"{number}") for number in range(30)])
    assert (written.calls, written.write_units) == (2, Decimal(60))
    assert (read.calls, read.read_units) == (1, Decimal(15))


def test_a_transaction_costs_by_the_size_of_its_items(table: str) -> None:
    with meter() as one, UnitOfWork() as work:
        work.put(sized("A", 100))
    with meter() as three, UnitOfWork() as work:
        work.put(sized("B", 100))
        work.put(sized("C", 1500))
        work.put(sized("D", 3000))
    # AWS counts 2 and 12: a unit per KB, twice. DynamoDB Local counts each twice again, and of several
    # items that cost the same only one: that is why sizes differ here.
    assert (one.write_units, one.read_units) == (Decimal(4), Decimal(0))
    assert (three.write_units, three.read_units) == (Decimal(24), Decimal(0))


def test_a_refused_write_is_counted_as_a_call(table: str) -> None:
    put_item(sized("A", 100))
    with meter() as usage, pytest.raises(Exception, match="changed meanwhile"):
        put_item(sized("A", 100), condition=attr("PK").missing())
    assert usage.operations == [("put_item", Decimal(0), Decimal(0))]
