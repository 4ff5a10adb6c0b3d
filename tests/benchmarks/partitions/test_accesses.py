"""Which partitions a call asks, and for how many units by AWS's rules."""

from typing import Any

import pytest

from benchmarks.capacity import TABLE
from benchmarks.partitions.accesses import Access, change_units, read_accesses, recorded, written_keys
from common.dynamodb import (
    Item,
    Query,
    UnitOfWork,
    Update,
    batch_get,
    fetch_all,
    get_item,
    index_keys,
    put_item,
)

KEY = {"PK": "P", "SK": "S"}
LISTED = {**KEY, **index_keys("GSI2", "LIST", "1")}
MOVED = {**KEY, **index_keys("GSI2", "LIST", "2")}
LARGE = {**LISTED, "text": "x" * 1024}


@pytest.mark.parametrize(
    ("old", "new", "units"),
    [
        (None, KEY, {TABLE: 2}),
        (KEY, KEY, {TABLE: 2}),
        (None, LISTED, {TABLE: 2, "GSI2": 1}),
        (LISTED, LISTED, {TABLE: 2}),
        (LISTED, {**LISTED, "a": 1}, {TABLE: 2, "GSI2": 1}),
        (LISTED, MOVED, {TABLE: 2, "GSI2": 2}),
        (LISTED, KEY, {TABLE: 2, "GSI2": 1}),
        (LISTED, None, {TABLE: 2, "GSI2": 1}),
        (LISTED, LARGE, {TABLE: 4, "GSI2": 2}),
        (LARGE, LISTED, {TABLE: 4, "GSI2": 2}),
        (None, None, {}),
    ],
)
def test_a_change_counts_the_larger_row_and_each_entry_of_an_index(
    old: Item | None, new: Item | None, units: dict[str, int]
) -> None:
    found = change_units(old, new, in_transaction=True)
    summed: dict[str, float] = {}
    for access in found:
        assert access.partition == ("P" if access.where == TABLE else "LIST")
        summed[access.where] = summed.get(access.where, 0) + access.write
    assert summed == units
    single = change_units(old, new, in_transaction=False)
    assert sum(it.write for it in single if it.where == TABLE) == units.get(TABLE, 0) / 2


def test_what_the_access_layer_sends_is_noted_with_its_partitions(table: str) -> None:
    with recorded() as accesses:
        with UnitOfWork() as work:
            work.put(LISTED)
        put_item({"PK": "Q", "SK": "S"})
    assert accesses == [
        Access(TABLE, "P", write=2),
        Access("GSI2", "LIST", write=1),
        Access(TABLE, "Q", write=1),
    ]
    with recorded() as accesses:
        fetch_all(Query("LIST", index="GSI2"))
        get_item(("P", "S"), consistent=True)
        batch_get([("P", "S"), ("Q", "S")])
    assert [(it.where, it.partition) for it in accesses] == [
        ("GSI2", "LIST"),
        (TABLE, "P"),
        (TABLE, "P"),
        (TABLE, "Q"),
    ]
    assert all(it.read and not it.write for it in accesses)


def test_nothing_is_noted_after_the_end(table: str) -> None:
    with recorded() as accesses:
        pass
    put_item(KEY)
    assert accesses == []


def test_a_change_is_counted_by_the_row_before_it(table: str) -> None:
    put_item(LARGE)
    with recorded() as accesses, UnitOfWork() as work:
        work.update(("P", "S"), Update().set("text", "short"))
    assert {it.where: it.write for it in accesses} == {TABLE: 4, "GSI2": 2}


@pytest.mark.parametrize(
    ("asked", "units"),
    [({"ConsistentRead": True}, 1.0), ({}, 0.5)],
)
def test_a_read_that_finds_nothing_counts_like_one_row(asked: dict[str, Any], units: float) -> None:
    params = {"Key": {"PK": {"S": "P"}, "SK": {"S": "S"}}, **asked}
    assert read_accesses("GetItem", params, {"ConsumedCapacity": {"CapacityUnits": 0.0}}) == [
        Access(TABLE, "P", read=units)
    ]


def test_conditions_alone_are_writes_of_their_rows() -> None:
    check = {"ConditionCheck": {"Key": {"PK": {"S": "P"}, "SK": {"S": "S"}}}}
    assert written_keys("TransactWriteItems", {"TransactItems": [check]}) == [
        {"PK": {"S": "P"}, "SK": {"S": "S"}}
    ]
