"""The counts of pieces, one unit of work at a time."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import UnitOfWork, get_item
from common.errors import NotFound
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import change_listing
from common.repositories.sku_stock import set_buffer
from common.repositories.stock import (
    InsufficientStock,
    Shelf,
    add_stock,
    falls_low,
    move_together,
    removal,
    set_stock,
    take_all,
    take_stock,
)
from tests.catalog.builders import believable_row, store

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
LOW = 3
OWN = "OWN-SKU"

Change = Callable[[UnitOfWork, Shelf, int], None]


def _set(work: UnitOfWork, shelf: Shelf, quantity: int) -> None:
    set_stock(work, shelf, quantity, NOW)


def _add(work: UnitOfWork, shelf: Shelf, quantity: int) -> None:
    add_stock(work, shelf, quantity, NOW)


def _take(work: UnitOfWork, shelf: Shelf, quantity: int) -> None:
    take_stock(work, shelf, quantity, LOW, NOW)


def _remove(work: UnitOfWork, shelf: Shelf) -> None:
    change = removal(shelf)
    change_listing(work, 7, change.update, condition=change.condition, failed=change.failed)


def _stock() -> dict[str, int]:
    return dict((get_item(("PRODUCT#7", "LISTING"), consistent=True) or {})["stock"])


def _own() -> int | None:
    return (get_item((f"SKU#{OWN}", "METADATA"), consistent=True) or {}).get("physical")


def _shelf(seen: int, variant_id: int = 70) -> Shelf:
    return Shelf("A", seen, 7, variant_id)


def _commit(change: Change, shelf: Shelf, quantity: int) -> None:
    with UnitOfWork() as work:
        change(work, shelf, quantity)


def test_the_count_of_a_variant_is_set_added_to_and_taken_from(table: str) -> None:
    store([believable_row(7)])
    before = _stock()
    seen = before["70"]
    for change, quantity, left in ((_set, 4, 4), (_add, 3, 7), (_take, 7, 0)):
        _commit(change, _shelf(seen), quantity)
        assert _stock() == before | {"70": left}
        seen = left


def test_a_sku_without_a_variant_has_a_count_of_its_own(table: str) -> None:
    for change, seen, quantity, left in ((_add, 0, 9, 9), (_take, 9, 7, 2), (_set, 2, 5, 5)):
        _commit(change, Shelf(OWN, seen), quantity)
        assert _own() == left
    row = get_item((f"SKU#{OWN}", "METADATA")) or {}
    assert (row["sku"], row["version"], row["GSI1PK"]) == (OWN, 3, "SKU")
    with UnitOfWork() as work:
        set_buffer(work, OWN, 4, NOW)
    assert _own() == 5


def test_a_shortage_tells_what_is_left(table: str) -> None:
    store([believable_row(7)])
    _commit(_set, _shelf(_stock()["70"]), 4)
    for seen in (4, 9):
        with pytest.raises(InsufficientStock, match="Requested: 5, Available: 4") as refusal:
            _commit(_take, _shelf(seen), 5)
        assert (refusal.value.available, refusal.value.fields) == (4, {"quantity": ["only 4 available"]})
    assert _stock()["70"] == 4


@pytest.mark.parametrize("change", [_set, _add, _take])
def test_nothing_is_counted_that_is_not_on_sale(table: str, change: Change) -> None:
    store([believable_row(7)])
    before = _stock()
    with pytest.raises(NotFound, match=r"^Variant not found$"):
        _commit(change, _shelf(1, 99), 1)
    assert _stock() == before
    with UnitOfWork() as work:
        work.delete(("PRODUCT#7", "LISTING"))
    with pytest.raises(NotFound, match=r"^Variant not found$"):
        _commit(change, _shelf(1), 1)
    assert get_item(("PRODUCT#7", "LISTING")) is None


@pytest.mark.parametrize("shelf", [Shelf(OWN, 0), Shelf(OWN, 3)])
def test_what_is_decided_by_a_number_that_no_longer_holds_is_refused(table: str, shelf: Shelf) -> None:
    _commit(_add, Shelf(OWN, 0), 4)
    with pytest.raises(StaleVersion):
        _commit(_set, shelf, 1)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        take_all(work, shelf, NOW)
    assert _own() == 4


def test_all_that_was_seen_is_taken(table: str) -> None:
    with UnitOfWork() as work:
        take_all(work, Shelf(OWN, 0), NOW)
    assert _own() is None
    _commit(_add, Shelf(OWN, 0), 4)
    with UnitOfWork() as work:
        take_all(work, Shelf(OWN, 4), NOW)
    assert _own() == 0


def test_a_count_goes_with_its_variant_if_it_is_what_was_seen(table: str) -> None:
    store([believable_row(7)])
    seen = _stock()["70"]
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        _remove(work, _shelf(seen + 1))
    with UnitOfWork() as work:
        _remove(work, _shelf(seen))
    assert "70" not in _stock()


def test_counts_of_one_product_move_together_or_not_at_all(table: str) -> None:
    store([believable_row(7)])
    before = _stock()
    moves = [(_shelf(before["70"]), 5), (_shelf(before["71"], 71), -before["71"])]
    with UnitOfWork() as work:
        move_together(work, moves, LOW, now=NOW, failed=ValueError("short"))
    assert _stock() == before | {"70": before["70"] + 5, "71": 0}
    with pytest.raises(ValueError, match="short"), UnitOfWork() as work:
        move_together(work, moves, LOW, now=NOW, failed=ValueError("short"))


counts = st.integers(0, 12)


@given(seen=counts, there=counts, quantity=st.integers(1, 12), low=st.integers(0, 5))
def test_pieces_are_taken_exactly_when_what_was_decided_still_holds(
    table: str, seen: int, there: int, quantity: int, low: int
) -> None:
    with UnitOfWork() as work:
        work.put({"PK": f"SKU#{OWN}", "SK": "METADATA", "sku": OWN, "physical": there})
    taken = True
    try:
        with UnitOfWork() as work:
            take_stock(work, Shelf(OWN, seen), quantity, low, NOW)
    except (InsufficientStock, StaleVersion):
        taken = False
    same_side = (seen > low) == (there > low) and (seen - quantity > low) == (there - quantity > low)
    assert taken == (quantity <= min(seen, there) and same_side)
    assert _own() == (there - quantity if taken else there)
    if taken:
        assert falls_low(there, there - quantity, low) == falls_low(seen, seen - quantity, low)
