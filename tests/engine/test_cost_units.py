"""What `artshop costs` reckons with is what the calls consume."""

import os
from decimal import Decimal

import pytest

from app import app
from benchmarks.capacity import consumed
from benchmarks.cost_units import measure
from benchmarks.environment import SETTINGS
from common.dynamodb import Query, UnitOfWork, fetch_all, get_item, index_keys, put_item
from tools.costs.units import measured

SIZES = (50, 200)


def test_the_recorded_units_are_those_of_the_calls(
    dynamodb_local: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_ENDPOINT", dynamodb_local)
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", f"costs-{os.getpid()}")
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    found, recorded = measure(app, SIZES), measured()
    for call, by_size in found["by_products"].items():
        for size, units in by_size.items():
            assert units == recorded["by_products"][call][size], (call, size)
    assert found["fixed"] == recorded["fixed"]


def test_reads_are_told_by_place_and_what_finds_nothing_is_no_present(table: str) -> None:
    put_item({"PK": "P", "SK": "S", **index_keys("GSI2", "A", "B")})
    with consumed() as found:
        get_item(("P", "S"), consistent=True)
        get_item(("P", "nothing"))
        fetch_all(Query("A", index="GSI2"))
        fetch_all(Query("nothing", index="GSI3"))
    assert found.reads == {"table": Decimal("1.5"), "GSI2": Decimal("0.5"), "GSI3": Decimal("0.5")}
    assert found.writes == 0


def test_writes_are_counted_as_aws_counts_them(table: str) -> None:
    with consumed() as found:
        put_item({"PK": "P", "SK": "single"})
        with UnitOfWork() as work:
            for sort in ("one", "two"):
                work.put({"PK": "P", "SK": sort, **index_keys("GSI1", "A", sort)})
    # One for the single put; of the transaction two for each row and one for its entry.
    assert found.writes == 1 + 2 * 3
    assert found.as_json() == {"reads": {}, "writes": 7.0}
