"""Audit log entries: their type, keys, and how they are read by entity, by user and by date.

An entry is found three ways, each newest first: GSI1 by entity, GSI2 by user, GSI3 by day. One index
partition per day keeps a busy year from gathering in one partition; a range of days is read from its
last day backwards.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from common.clock import iso
from common.dynamodb import (
    Item,
    Key,
    Query,
    SortCondition,
    cursor_behind,
    fetch_page,
    index_keys,
    read_cursor,
    sign_cursor,
    sort_key,
)
from common.dynamodb.stored_json import from_stored, to_stored

_AFTER_EVERY_ID = "~"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which entity; `created_at` in ISO 8601 UTC, `expires_at` in epoch seconds.

    What was brought along may name no entity or user, and have any JSON as its changes; an entry is not
    found by what it does not name.
    """

    id: str
    entity_type: str
    entity_id: str | None
    user_id: str | None
    action: str
    created_at: str
    expires_at: int
    changes: Any = None
    metadata: Mapping[str, Any] | None = None


FIELDS = (
    "id",
    "entity_type",
    "entity_id",
    "user_id",
    "action",
    "created_at",
    "expires_at",
    "changes",
    "metadata",
)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first; `cursor` leads to the older ones and is None at the end.

    `behind` gives the cursor that leads to those older than an entry of the page.
    """

    entries: list[AuditEntry]
    cursor: str | None
    behind: Callable[[AuditEntry], str]


def audit_key(entry: AuditEntry) -> Key:
    """The key of an entry, with the day (UTC) that it was written on."""
    return f"AUDIT#{_day(entry)}#{entry.id}", "METADATA"


def audit_item(entry: AuditEntry) -> Item:
    """The row of an entry, with the keys of its three indexes."""
    pk, sk = audit_key(entry)
    position = f"{entry.created_at}#{entry.id}"
    fields = {name: getattr(entry, name) for name in FIELDS} | {"changes": to_stored(entry.changes)}
    keys = index_keys("GSI3", _day_partition(_day(entry)), position)
    if entry.entity_id is not None:
        keys |= index_keys("GSI1", _entity_partition(entry.entity_type, entry.entity_id), position)
    if entry.user_id is not None:
        keys |= index_keys("GSI2", _user_partition(entry.user_id), position)
    return {
        "PK": pk,
        "SK": sk,
        **keys,
        **{name: value for name, value in fields.items() if value is not None},
    }


def audit_entry(item: Item) -> AuditEntry:
    """The entry that a row holds."""
    fields = {name: item[name] for name in FIELDS if name in item}
    unknown = {"entity_id": None, "user_id": None}
    return AuditEntry(**{**unknown, **fields, "changes": from_stored(item.get("changes"))})


def entries_of_entity(entity_type: str, entity_id: str, limit: int, cursor: str | None = None) -> AuditPage:
    """At most `limit` entries about one entity, by one query of GSI1; InvalidCursor for a bad cursor."""
    return _page(
        Query(_entity_partition(entity_type, entity_id), index="GSI1", descending=True), limit, cursor
    )


def entries_of_user(user_id: str, limit: int, cursor: str | None = None) -> AuditPage:
    """At most `limit` entries of what one user did, by one query of GSI2; InvalidCursor for a bad cursor."""
    return _page(Query(_user_partition(user_id), index="GSI2", descending=True), limit, cursor)


def entries_between(start: datetime, end: datetime, limit: int, cursor: str | None = None) -> AuditPage:
    """At most `limit` entries from `start` to `end`, both included to the millisecond.

    One query of GSI3 for each day that is looked into. InvalidCursor for a cursor that is not of this range.
    """
    scope = f"audit:{iso(start)}:{iso(end)}"
    last_day, inner = end.date(), None
    if cursor is not None:
        payload = read_cursor(cursor, scope)
        last_day, inner = date.fromisoformat(payload["day"]), payload["after"]
    within = sort_key().between(iso(start), f"{iso(end)}#{_AFTER_EVERY_ID}")
    found, following = _over_days(_days_back(last_day, start.date()), inner, within, limit, scope)

    def behind(entry: AuditEntry) -> str:
        day = date.fromisoformat(_day(entry))
        return _cursor_at(day, cursor_behind(_of_day(day, within), audit_item(entry)), scope)

    return AuditPage([audit_entry(item) for item in found], following, behind)


def _page(query: Query, limit: int, cursor: str | None) -> AuditPage:
    items, following = fetch_page(query, limit, cursor)
    entries = [audit_entry(item) for item in items]
    return AuditPage(entries, following, lambda entry: cursor_behind(query, audit_item(entry)))


def _over_days(
    days: Iterator[date], inner: str | None, within: SortCondition, limit: int, scope: str
) -> tuple[list[Item], str | None]:
    found: list[Item] = []
    for day in days:
        # A full page still looks for one older entry, so that a cursor is given only when it leads somewhere.
        page = fetch_page(_of_day(day, within), limit - len(found) or 1, inner)
        if len(found) == limit and page.items:
            return found, _cursor_at(day, None, scope)
        found += page.items
        if page.cursor is not None:
            return found, _cursor_at(day, page.cursor, scope)
        inner = None
    return found, None


def _of_day(day: date, within: SortCondition) -> Query:
    return Query(_day_partition(day.isoformat()), sort=within, index="GSI3", descending=True)


def _cursor_at(day: date, after: str | None, scope: str) -> str:
    return sign_cursor({"day": day.isoformat(), "after": after}, scope)


def _days_back(last: date, first: date) -> Iterator[date]:
    for back in range((last - first).days + 1):
        yield last - timedelta(days=back)


def _day(entry: AuditEntry) -> str:
    return entry.created_at[:10]


def _entity_partition(entity_type: str, entity_id: str) -> str:
    return f"AUDIT_ENTITY#{entity_type}#{entity_id}"


def _user_partition(user_id: str) -> str:
    return f"AUDIT_USER#{user_id}"


def _day_partition(day: str) -> str:
    return f"AUDIT_DATE#{day}"
