"""Units between the numbers of products at which they were measured."""

from datetime import date
from decimal import Decimal

import pytest

from tools.costs import units
from tools.costs.traffic import AT_WORK, ORDER, VISIT
from tools.costs.units import Units, measured, stored_bytes, units_of


@pytest.fixture
def three_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    def each(read: int) -> dict[str, object]:
        return {"reads": {"GSI2": read}, "writes": 0}

    by_size = {"50": each(10), "100": each(20), "1000": each(110)}
    found = {"fixed": {}, "by_products": {"search": by_size}, "stored_bytes": {"50": 5000, "1000": 100_000}}
    monkeypatch.setattr(units, "measured", lambda: found)


@pytest.mark.parametrize(
    ("products", "read"), [(50, 10), (75, 15), (100, 20), (550, 65), (1000, 110), (2000, 210), (40, 8)]
)
def test_between_two_sizes_units_grow_in_proportion(three_sizes: None, products: int, read: int) -> None:
    assert units_of("search", products).read == read


def test_stored_bytes_do_too(three_sizes: None) -> None:
    assert stored_bytes(525) == 52_500


def test_a_call_that_was_not_measured_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        units_of("nothing", 500)


def test_units_of_places_are_added_up() -> None:
    both = Units({"table": Decimal(1)}, Decimal(2)) + Units({"table": Decimal(3), "GSI1": Decimal(4)})
    assert both.reads == {"table": Decimal(4), "GSI1": Decimal(4)}
    assert (both.read, both.writes) == (Decimal(8), Decimal(2))


@pytest.mark.parametrize("call", [*VISIT, *ORDER, *(f"job {name}" for name in AT_WORK)])
def test_every_call_of_a_visit_an_order_and_a_job_was_measured(call: str) -> None:
    found = units_of(call, 500)
    assert found.read + found.writes > 0
    assert set(found.reads) <= {"table", "GSI1", "GSI2", "GSI3"}


def test_the_file_says_when_and_how_it_was_measured() -> None:
    found = measured()
    assert date.fromisoformat(found["date"]) >= date(2026, 11, 1)
    assert found["command"] == "python -m benchmarks.cost_units"
