"""The stock of variants, one unit of work at a time."""

from collections.abc import Callable

import pytest

from common.dynamodb import UnitOfWork, get_item
from common.errors import NotFound
from common.repositories.stock import InsufficientStock, add_stock, set_stock, take_stock
from tests.catalog.builders import believable_row, store

Change = Callable[[UnitOfWork, int, int, int], None]


def _stock() -> dict[str, int]:
    return dict((get_item(("PRODUCT#7", "LISTING"), consistent=True) or {})["stock"])


def _commit(change: Change, variant_id: int, quantity: int) -> None:
    with UnitOfWork() as work:
        change(work, 7, variant_id, quantity)


def test_stock_is_set_added_to_and_taken_from(table: str) -> None:
    store([believable_row(7)])
    others = {name: count for name, count in _stock().items() if name != "70"}
    for change, quantity, left in ((set_stock, 4, 4), (add_stock, 3, 7), (take_stock, 7, 0)):
        _commit(change, 70, quantity)
        assert _stock() == {"70": left} | others


def test_a_shortage_tells_what_is_left(table: str) -> None:
    store([believable_row(7)])
    _commit(set_stock, 70, 4)
    with pytest.raises(InsufficientStock, match="Requested: 5, Available: 4") as refusal:
        _commit(take_stock, 70, 5)
    assert (refusal.value.available, refusal.value.fields) == (4, {"quantity": ["only 4 available"]})
    assert _stock()["70"] == 4


@pytest.mark.parametrize("change", [set_stock, add_stock, take_stock])
def test_nothing_is_counted_that_is_not_on_sale(table: str, change: Change) -> None:
    store([believable_row(7)])
    before = _stock()
    with pytest.raises(NotFound, match=r"^Variant not found$"):
        _commit(change, 99, 1)
    assert _stock() == before
    with UnitOfWork() as work:
        work.delete(("PRODUCT#7", "LISTING"))
    with pytest.raises(NotFound, match=r"^Variant not found$"):
        _commit(change, 70, 1)
    assert get_item(("PRODUCT#7", "LISTING")) is None
