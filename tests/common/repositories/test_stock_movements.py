"""Movements: what makes an event the same one, and what is kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import UnitOfWork, meter
from common.repositories.stock_movements import (
    SHARDS,
    AlreadyApplied,
    Movement,
    add_movement,
    find_movement,
    movement_fields,
    movement_from_item,
    movement_mark,
    movements_of_sku,
    movements_of_variant,
    newest_movements,
    newest_of_count,
)

MOMENT = "2026-01-31T10:00:00.000Z"
OF_VARIANT = Movement(-2, "sale", "order", "42", MOMENT, sku="A", variant_id=10, product_id=1)
OF_SKU = Movement(-1, "channel", "etsy", "r-1", MOMENT, sku="A", channel="etsy", shortfall=3)

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6)


@pytest.mark.parametrize("movement", [OF_VARIANT, OF_SKU])
def test_a_movement_comes_back_as_it_was_recorded(table: str, movement: Movement) -> None:
    with UnitOfWork() as work:
        add_movement(work, movement)
    assert find_movement(movement.source, movement.event_id, movement.counted) == movement
    listed = movements_of_sku("A") if movement is OF_SKU else movements_of_variant(10)
    assert listed == [movement]


def test_an_event_is_recorded_once_for_each_subject(table: str) -> None:
    with UnitOfWork() as work:
        add_movement(work, OF_VARIANT)
    with pytest.raises(AlreadyApplied, match=r"^order 42 has been applied already$"), UnitOfWork() as work:
        add_movement(work, OF_VARIANT)
    with pytest.raises(LookupError), UnitOfWork() as work:
        add_movement(work, OF_VARIANT, repeated=LookupError())
    with UnitOfWork() as work:
        add_movement(work, OF_VARIANT, subject="A")
    assert find_movement("order", "42", "A") == OF_VARIANT


@given(first=st.tuples(texts, texts), second=st.tuples(texts, texts))
def test_no_two_events_share_a_key(first: tuple[str, str], second: tuple[str, str]) -> None:
    same = movement_mark("etsy", *first) == movement_mark("etsy", *second)
    assert same == (first == second)


def test_events_with_separators_in_their_ids_stay_apart() -> None:
    assert movement_mark("etsy", "a#b", "c") != movement_mark("etsy", "a", "b#c")
    assert movement_mark("etsy", "a%23b", "c") != movement_mark("etsy", "a#b", "c")


def test_a_row_holds_nothing_that_is_not_known() -> None:
    row = movement_fields(OF_VARIANT)
    assert not {"channel", "shortfall"} & row.keys()
    assert movement_from_item(row) == OF_VARIANT


def of_many_counts(number: int) -> list[Movement]:
    """Movements a second apart, the oldest first, each of another SKU."""
    return [
        Movement(1, "count", "by hand", str(at), f"2026-01-31T10:00:{at:02}.000Z", sku=f"S-{at}")
        for at in range(number)
    ]


def test_the_newest_of_all_counts_come_first_and_no_more_than_are_asked_for(table: str) -> None:
    movements = of_many_counts(30)
    with UnitOfWork() as work:
        for movement in movements:
            add_movement(work, movement)
    assert len({movement.shard for movement in movements}) == SHARDS
    with meter() as usage:
        assert newest_movements(10) == movements[:-11:-1]
    assert usage.calls == SHARDS
    assert newest_movements(100) == movements[::-1]


def test_a_count_is_in_one_partition_whatever_moves_it() -> None:
    assert OF_VARIANT.shard == Movement(5, "return", "order", "43", MOMENT, sku="B", variant_id=10).shard


def test_the_newest_of_a_sku_are_its_own_and_those_of_its_variant(table: str) -> None:
    later = Movement(1, "return", "order", "43", "2026-02-01T10:00:00.000Z", sku="A", variant_id=10)
    with UnitOfWork() as work:
        for movement in (OF_VARIANT, OF_SKU, later):
            add_movement(work, movement)
    assert newest_of_count(sku="A", variant_id=10, most=1) == [later]
    found = newest_of_count(sku="A", variant_id=10, most=5)
    assert found[0] == later
    assert {each.event_id for each in found} == {"42", "r-1", "43"}
    assert newest_of_count(sku="A", variant_id=None, most=5) == [OF_SKU]
    assert newest_of_count(sku="other", variant_id=None, most=5) == []
