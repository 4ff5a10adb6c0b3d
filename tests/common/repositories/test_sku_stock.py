"""The row of a SKU: each part is changed by itself, and what channels were told never goes back in time."""

from datetime import timedelta

import pytest

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.repositories.sku_stock import (
    Broadcast,
    every_sku_row,
    record_broadcast,
    set_asin,
    set_buffer,
    sku_rows,
    skus_of_asin,
)
from tests.common.stock_builders import NOW
from tests.support.races import just_before

UPDATE = "common.repositories.sku_stock.update_item"
LATER = NOW + timedelta(minutes=1)

pytestmark = pytest.mark.usefixtures("table")


def _told(sku: str = "A") -> dict[str, int]:
    return {channel: each.count for channel, each in sku_rows([sku])[sku].last_broadcast.items()}


def test_each_part_of_a_sku_is_changed_by_itself() -> None:
    with UnitOfWork() as work:
        set_buffer(work, "A", 5, NOW)
    assert record_broadcast("A", "etsy", 4, "tx-1", NOW)
    assert set_asin("A", "B00EXAMPLE", LATER) == iso(LATER)
    row = sku_rows(["A", "B"])["A"]
    assert (row.buffer, row.physical, row.asin, row.updated_at) == (5, None, "B00EXAMPLE", iso(LATER))
    assert row.last_broadcast == {"etsy": Broadcast(4, "tx-1", iso(NOW))}
    assert [each.sku for each in skus_of_asin("B00EXAMPLE")] == ["A"]
    with UnitOfWork() as work:
        set_buffer(work, "A", 0, LATER)
    assert sku_rows(["A"])["A"].last_broadcast == row.last_broadcast


def test_rows_are_listed_by_sku() -> None:
    for sku in ("B", "A", "C"):
        set_asin(sku, "B00EXAMPLE", NOW)
    assert [row.sku for row in every_sku_row()] == ["A", "B", "C"]


def test_a_mapping_that_is_sent_again_changes_nothing() -> None:
    set_asin("A", "B00EXAMPLE", NOW)
    version = sku_rows(["A"])["A"].version
    assert set_asin("A", "B00EXAMPLE", LATER) == iso(NOW)
    assert sku_rows(["A"])["A"].version == version


def test_an_older_number_never_replaces_a_newer_one() -> None:
    assert record_broadcast("A", "etsy", 4, "tx-2", LATER)
    assert not record_broadcast("A", "etsy", 9, "tx-1", NOW)
    assert record_broadcast("A", "amazon", 7, "tx-1", NOW)
    assert _told() == {"etsy": 4, "amazon": 7}
    assert record_broadcast("A", "etsy", 3, "tx-3", LATER)
    assert _told() == {"etsy": 3, "amazon": 7}


def test_two_channels_that_are_told_first_at_the_same_moment_are_both_recorded() -> None:
    with just_before(UPDATE, lambda: record_broadcast("A", "amazon", 7, "tx-1", NOW)):
        assert record_broadcast("A", "etsy", 4, "tx-2", NOW)
    assert _told() == {"etsy": 4, "amazon": 7}
