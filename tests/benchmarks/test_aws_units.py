"""The arithmetic of AWS for transactions: started kilobytes, twice, and once for each index entry."""

import pytest

from benchmarks.aws_units import recorded_actions, row_units, transaction_units
from common.dynamodb import Item, UnitOfWork, Update, index_keys

KEY = {"PK": "P", "SK": "S"}
KEY_SIZE = 6


def _row(size: int, **more: str) -> Item:
    """A row of exactly so many bytes."""
    taken = KEY_SIZE + len("t") + sum(len(name) + len(value) for name, value in more.items())
    return {**KEY, **more, "t": "x" * (size - taken)}


@pytest.mark.parametrize(("size", "units"), [(100, 2), (1024, 2), (1025, 4), (2049, 6)])
def test_every_started_kilobyte_takes_two_units(size: int, units: int) -> None:
    assert row_units(_row(size)) == units


@pytest.mark.parametrize(("size", "units"), [(1024, 4), (1025, 8)])
def test_every_index_entry_takes_one_unit_for_each_kilobyte_of_the_row(size: int, units: int) -> None:
    keys = {**index_keys("GSI1", "A", "B"), **index_keys("GSI3", "A", "B")}
    assert row_units(_row(size, **keys)) == units


def test_a_mark_of_the_catalogue_leaves_its_place_and_takes_another() -> None:
    keys = index_keys("GSI2", "A", "B") | index_keys("GSI3", "CATALOGUE", "B")
    assert row_units(_row(1024, **keys)) == 2 + 1 + 2


@pytest.mark.parametrize(
    ("value", "bytes_taken"),
    [("é", 2), (True, 1), (["a", "b"], 3 + 4), ({"name": "v"}, 3 + 1 + 4 + 1), ({}, 3)],
)
def test_values_take_the_bytes_of_their_form(value: object, bytes_taken: int) -> None:
    filler = _row(1024 - len("v") - bytes_taken)
    assert row_units({**filler, "v": value}) == 2
    assert row_units({**filler, "v": value, "w": ""}) == 4


@pytest.mark.usefixtures("table")
def test_a_transaction_costs_what_its_rows_cost_as_it_leaves_them() -> None:
    with recorded_actions() as actions:
        with UnitOfWork() as work:
            work.put(_row(100))
        with UnitOfWork() as work:
            work.update(("P", "S"), Update().set("t", "x" * 2000))
    with UnitOfWork() as work:
        work.put({"PK": "Q", "SK": "S"})
    assert len(actions) == 2
    assert transaction_units(actions) == 8


@pytest.mark.usefixtures("table")
def test_a_row_that_is_not_there_cannot_be_counted() -> None:
    with recorded_actions() as actions, UnitOfWork() as work:
        work.put(_row(100))
    with UnitOfWork() as work:
        work.delete(("P", "S"))
    with pytest.raises(LookupError, match="left no row P, S"):
        transaction_units(actions)
