"""The move is measured by the commands themselves, on real engines."""

import os
from decimal import Decimal

import pytest

from benchmarks.migration import ITEMS, measure_migration
from benchmarks.peak import peak_memory
from tests.support.engines import DYNAMODB_LOCAL


@pytest.fixture
def engine_name() -> str:
    """Processes of their own find no moto."""
    return DYNAMODB_LOCAL


@pytest.mark.exhaustive
def test_orders_are_moved_and_verified_by_processes_of_their_own(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "benchmarks-migration")
    said: list[str] = []
    sample = measure_migration(20, said.append)
    assert (sample.orders, sample.rows, sample.written) == (20, 20 * (1 + ITEMS), 40)
    # A summary with two entries in indexes, and the details.
    assert sample.write_units == 20 * (3 + 1)
    # There is no look for a row that nobody can have written.
    assert sample.read_units == 0
    assert sample.dollars_for_a_million == Decimal("0.625")
    assert sample.ratio == Decimal(sample.naive) / sample.run.spent > 0
    assert sample.verify.found["differences"] == 0
    for step in (sample.run, sample.verify):
        assert step.holds
        assert step.peak > 10_000_000
        assert step.spent > 0
    assert len(said) == 5


@pytest.mark.exhaustive
def test_a_command_that_fails_ends_the_measurement(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "benchmarks-migration")
    monkeypatch.setattr("benchmarks.migration.warm_up", lambda: None)
    monkeypatch.setattr("benchmarks.migration.create_table", lambda: None)
    monkeypatch.setattr("benchmarks.migration.delete_table", lambda _name: None)
    with pytest.raises(RuntimeError, match="migrate run failed"):
        measure_migration(1, lambda _text: None)


def test_memory_is_that_of_this_process() -> None:
    before = peak_memory()
    held = os.urandom(50_000_000)
    assert peak_memory() > min(before, 40_000_000)
    assert len(held) == 50_000_000
