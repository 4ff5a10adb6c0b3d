"""Audit entries are found by entity, by user and by date, newest first, page by page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from common.clock import epoch, iso, utc_now
from common.dynamodb import InvalidCursor, put_item
from common.repositories.audit import (
    AUDIT,
    AuditEntry,
    AuditPage,
    entries_between,
    entries_of_entity,
    entries_of_user,
)

TODAY = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)
DAY = timedelta(days=1)

Read = Callable[[int, str | None], AuditPage]


def write(name: str, moment: datetime, *, entity_id: str = "7", user_id: str = "1") -> None:
    """Stores an entry whose id is `name`."""
    entry = AuditEntry(
        id=name,
        entity_type="Product",
        entity_id=entity_id,
        user_id=user_id,
        action="UPDATE",
        created_at=iso(moment),
        expires_at=epoch(utc_now() + DAY),
    )
    put_item(AUDIT.item(entry))


def names(page: AuditPage) -> list[str]:
    return [entry.id for entry in page.entries]


def paged(read: Read, limit: int) -> list[list[str]]:
    """The ids of every page, by following the cursors."""
    page = read(limit, None)
    pages = [names(page)]
    while page.cursor:
        page = read(limit, page.cursor)
        pages.append(names(page))
    return pages


def test_the_entries_of_an_entity_come_newest_first(table: str) -> None:
    for name, moment in (("old", TODAY - DAY), ("new", TODAY)):
        write(name, moment)
    write("other", TODAY, entity_id="8")
    assert names(entries_of_entity("Product", "7", 10)) == ["new", "old"]


def test_the_entries_of_a_user_are_theirs_alone(table: str) -> None:
    write("mine", TODAY, user_id="1")
    write("theirs", TODAY, user_id="2")
    assert names(entries_of_user("1", 10)) == ["mine"]


def test_an_expired_entry_is_absent_before_it_is_deleted(table: str) -> None:
    expired = AuditEntry("e", "Product", "7", "1", "UPDATE", iso(TODAY), epoch(utc_now()) - 1)
    put_item(AUDIT.item(expired))
    assert entries_of_entity("Product", "7", 10).entries == []


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_of_an_entity_lose_and_repeat_nothing(table: str, limit: int) -> None:
    for number in range(5):
        write(f"e{number}", TODAY + timedelta(seconds=number))
    pages = paged(lambda limit, cursor: entries_of_entity("Product", "7", limit, cursor), limit)
    assert [name for page in pages for name in page] == ["e4", "e3", "e2", "e1", "e0"]
    assert len(pages) == -(-5 // limit)


def test_a_range_includes_its_first_and_last_moment_and_nothing_beyond(table: str) -> None:
    tick = timedelta(milliseconds=1)
    start, end = TODAY - DAY, TODAY
    for name, moment in (("before", start - tick), ("first", start), ("last", end), ("after", end + tick)):
        write(name, moment)
    assert names(entries_between(start, end, 10)) == ["last", "first"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 6, 7])
def test_pages_of_a_range_cross_days_and_gaps(table: str, limit: int) -> None:
    # Two entries on each of three days with an empty day between them.
    for number in range(6):
        write(f"e{number}", TODAY - 2 * DAY * (number // 2) - timedelta(seconds=number))
    pages = paged(lambda limit, cursor: entries_between(TODAY - 10 * DAY, TODAY, limit, cursor), limit)
    assert [name for page in pages for name in page] == ["e0", "e1", "e2", "e3", "e4", "e5"]
    assert len(pages) == -(-6 // limit)


def test_a_page_size_may_change_on_the_way(table: str) -> None:
    for number in range(4):
        write(f"e{number}", TODAY - timedelta(seconds=number))
    first = entries_between(TODAY - DAY, TODAY, 1)
    rest = entries_between(TODAY - DAY, TODAY, 10, first.cursor)
    assert names(first) + names(rest) == ["e0", "e1", "e2", "e3"]


def test_a_cursor_belongs_to_its_range(table: str) -> None:
    for number in range(2):
        write(f"e{number}", TODAY - timedelta(seconds=number))
    cursor = entries_between(TODAY - DAY, TODAY, 1).cursor
    assert cursor is not None
    with pytest.raises(InvalidCursor):
        entries_between(TODAY - 2 * DAY, TODAY, 1, cursor)


def test_a_range_works_at_the_edges_of_the_calendar(table: str) -> None:
    start = datetime(9999, 12, 30, tzinfo=UTC)
    assert entries_between(start, datetime(9999, 12, 31, 23, 59, tzinfo=UTC), 5).entries == []


def test_what_was_brought_along_may_name_no_entity_and_no_user(table: str) -> None:
    bare = AuditEntry("9", "product", None, None, "LOGIN", iso(TODAY), epoch(utc_now() + DAY))
    known = replace(bare, id="10", entity_id="0", user_id="7", changes=["any", {"": 1}])
    for entry in (bare, known):
        put_item(AUDIT.item(entry))
    assert entries_of_entity("product", "0", 5).entries == [known]
    assert entries_of_user("7", 5).entries == [known]
    assert entries_between(TODAY, TODAY, 5).entries == [bare, known]
