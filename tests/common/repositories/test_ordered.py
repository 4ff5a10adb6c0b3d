"""Ordered collections keep their order, and an entry is either in the list or among the deleted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import iso
from common.dynamodb import UnitOfWork, get_item, meter
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion
from common.repositories.ordered import MAX_ORDER
from common.repositories.personaggi import PERSONAGGI, Personaggio

NOW = "2026-01-31T10:00:00.000Z"
LATER = "2026-02-01T10:00:00.000Z"


def stored(entry_id: int, order: int, created_at: str = NOW, **fields: str) -> Personaggio:
    """A personaggio that is in the table."""
    entry = Personaggio(
        id=entry_id,
        order=order,
        created_at=created_at,
        updated_at=NOW,
        name="Ada",
        **fields,  # type: ignore[arg-type]
    )
    with UnitOfWork() as work:
        PERSONAGGI.add(work, entry)
    return entry


def deleted(entry: Personaggio, now: str = LATER) -> Personaggio:
    """The entry after it was deleted."""
    with UnitOfWork() as work:
        PERSONAGGI.delete(work, entry, now)
    return found(entry.id)


def found(entry_id: int) -> Personaggio:
    entry = PERSONAGGI.get(entry_id)
    assert entry is not None
    return entry


def change(before: Personaggio, after: Personaggio) -> None:
    with UnitOfWork() as work:
        PERSONAGGI.change(work, before, after)


def live_ids() -> list[int]:
    return [entry.id for entry in PERSONAGGI.live()]


def test_an_entry_is_read_as_it_was_written(table: str) -> None:
    entry = replace(stored(1, 5, description="d"), images=("personaggi/1/a.png",), icon="")
    change(found(1), entry)
    assert found(1) == replace(entry, version=2)


def test_the_list_is_by_order(table: str) -> None:
    for entry_id, order in ((1, 10), (2, 7), (4, MAX_ORDER), (5, 0), (6, -1), (7, -MAX_ORDER), (8, -12)):
        stored(entry_id, order)
    assert live_ids() == [7, 8, 6, 5, 2, 1, 4]


def test_entries_of_one_order_come_newest_first(table: str) -> None:
    for entry_id, created_at in ((1, NOW), (2, LATER), (3, NOW), (4, "2019-12-31T23:59:59.999Z")):
        stored(entry_id, 7, created_at)
    assert live_ids() == [2, 3, 1, 4]


@given(
    st.lists(
        st.tuples(
            st.integers(-MAX_ORDER, MAX_ORDER) | st.integers(-3, 3),
            st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
            st.integers(1, 10**10 - 1),
        )
    )
)
def test_places_stand_by_order_and_then_by_age_the_youngest_first(
    values: list[tuple[int, datetime, int]],
) -> None:
    entries = [
        Personaggio(id=number, order=order, created_at=iso(moment), updated_at=NOW, name="Ada")
        for order, moment, number in values
    ]
    by_age = sorted(entries, key=lambda entry: (entry.created_at, entry.id), reverse=True)
    wanted = sorted(by_age, key=lambda entry: entry.order)
    places = [PERSONAGGI.index_keys(entry)["GSI1SK"] for entry in wanted]
    assert places == sorted(places)


def test_an_entry_that_gets_the_order_of_others_stands_among_them_by_its_age(table: str) -> None:
    stored(1, 7, "2026-01-01T00:00:00.000Z")
    stored(2, 7, "2026-03-01T00:00:00.000Z")
    moved = stored(3, 1, "2026-02-01T00:00:00.000Z")
    change(moved, replace(moved, order=7))
    assert live_ids() == [2, 3, 1]
    deleted(found(3))
    with UnitOfWork() as work:
        PERSONAGGI.restore(work, found(3), LATER)
    assert live_ids() == [2, 3, 1]


def test_a_new_order_moves_the_entry_in_the_list(table: str) -> None:
    first, second = stored(1, 1), stored(2, 2)
    change(first, replace(first, order=3))
    assert live_ids() == [second.id, first.id]


def test_a_field_that_becomes_none_is_removed(table: str) -> None:
    entry = stored(1, 1, icon="personaggi/1/a.png")
    change(entry, replace(entry, icon=None))
    item = get_item(PERSONAGGI.key(1))
    assert item is not None
    assert "icon" not in item


def test_a_deleted_entry_changes_lists(table: str) -> None:
    for entry_id in (1, 2, 3):
        stored(entry_id, entry_id)
    deleted(found(1), NOW)
    deleted(found(2), LATER)
    assert live_ids() == [3]
    assert [entry.id for entry in PERSONAGGI.deleted()] == [2, 1]


def test_a_restored_entry_is_back_at_its_place_and_only_there(table: str) -> None:
    stored(1, 1)
    gone = deleted(stored(2, 2))
    stored(3, 3)
    with UnitOfWork() as work:
        PERSONAGGI.restore(work, gone, LATER)
    assert live_ids() == [1, 2, 3]
    assert PERSONAGGI.deleted() == []
    assert found(2).deleted_at is None


def test_a_change_from_an_older_reading_is_refused(table: str) -> None:
    old = stored(1, 1)
    change(old, replace(old, name="Bea"))
    with pytest.raises(StaleVersion):
        change(old, replace(old, name="Cleo"))
    assert found(1).name == "Bea"


def test_a_change_that_meets_a_deletion_does_not_bring_the_entry_back(table: str) -> None:
    entry = stored(1, 1)
    gone = deleted(entry)
    for reading in (entry, gone):
        with pytest.raises(StaleVersion):
            change(reading, replace(reading, order=9))
    assert live_ids() == []


def test_a_deletion_from_an_older_reading_is_refused(table: str) -> None:
    old = stored(1, 1)
    change(old, replace(old, order=4))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        PERSONAGGI.delete(work, old, LATER)
    assert live_ids() == [1]


def test_what_is_not_there_cannot_be_changed(table: str) -> None:
    ghost = Personaggio(id=9, order=1, created_at=NOW, updated_at=NOW, name="Ada")
    with pytest.raises(NotFound, match="Personaggio not found"):
        change(ghost, replace(ghost, name="Bea"))
    assert PERSONAGGI.get(9) is None


def test_an_id_is_never_written_twice(table: str) -> None:
    stored(1, 1, description="first")
    with pytest.raises(Conflict, match="already exists"):
        stored(1, 2)
    assert found(1).description == "first"


def test_orders_follow_each_other_and_one_chosen_by_hand(table: str) -> None:
    orders = [PERSONAGGI.next_order(), PERSONAGGI.next_order()]
    PERSONAGGI.reach_order(50)
    PERSONAGGI.reach_order(4)
    assert [*orders, PERSONAGGI.next_order()] == [1, 2, 51]


def test_the_order_never_outgrows_its_digits(table: str) -> None:
    PERSONAGGI.reach_order(MAX_ORDER)
    assert PERSONAGGI.next_order() == MAX_ORDER


def test_each_list_is_one_call(table: str) -> None:
    stored(1, 1)
    with meter() as usage:
        PERSONAGGI.live()
        PERSONAGGI.deleted()
    assert usage.calls == 2
