"""Audit log entries: their type, keys, and how they are read by entity, by user and by date.

An entry is found three ways, each newest first: GSI1 by entity, GSI2 by user, GSI3 by day. One index
partition per day keeps a busy year from gathering in one partition; a range of days is read from its
last day backwards.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from common import prefixes
from common.clock import iso
from common.dynamodb import (
    Index,
    Item,
    Query,
    SortCondition,
    fetch_page,
    read_cursor,
    sign_cursor,
    sort_key,
)
from common.dynamodb.rows import Rows

_AFTER_EVERY_ID = "~"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which entity; `created_at` in ISO 8601 UTC, `expires_at` in epoch seconds.

    What was imported may name no entity or user, and have any JSON as its changes; an entry is not
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

    @property
    def day(self) -> str:
        """The day (UTC) that it was written on."""
        return self.created_at[:10]


_PLACE = "{created_at}#{id}"
_OF_ENTITY: Index[AuditEntry] = Index(
    "GSI1",
    prefixes.AUDIT_ENTITY + "#{entity_type}#{entity_id}",
    _PLACE,
    when=lambda entry: entry.entity_id is not None,
)
_OF_USER: Index[AuditEntry] = Index(
    "GSI2", prefixes.AUDIT_USER + "#{user_id}", _PLACE, when=lambda entry: entry.user_id is not None
)
_OF_DAY: Index[AuditEntry] = Index("GSI3", prefixes.AUDIT_DATE + "#{day}", _PLACE)

AUDIT = Rows(
    AuditEntry, "Audit entry", key=prefixes.AUDIT + "#{day}#{id}", indexes=(_OF_ENTITY, _OF_USER, _OF_DAY)
)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first; `cursor` leads to the older ones and is None at the end.

    `behind` gives the cursor that leads to those older than an entry of the page.
    """

    entries: list[AuditEntry]
    cursor: str | None
    behind: Callable[[AuditEntry], str]


def entries_of_entity(entity_type: str, entity_id: str, limit: int, cursor: str | None = None) -> AuditPage:
    """At most `limit` entries about one entity, by one query of GSI1; InvalidCursor for a bad cursor."""
    query = _OF_ENTITY.query(entity_type=entity_type, entity_id=entity_id, descending=True)
    return _page(query, limit, cursor)


def entries_of_user(user_id: str, limit: int, cursor: str | None = None) -> AuditPage:
    """At most `limit` entries of what one user did, by one query of GSI2; InvalidCursor for a bad cursor."""
    return _page(_OF_USER.query(user_id=user_id, descending=True), limit, cursor)


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
        day = date.fromisoformat(entry.day)
        return _cursor_at(day, AUDIT.cursor_behind(_of_day(day, within), entry), scope)

    return AuditPage([AUDIT.of(item) for item in found], following, behind)


def _page(query: Query, limit: int, cursor: str | None) -> AuditPage:
    entries, following = AUDIT.page(query, limit, cursor)
    return AuditPage(entries, following, lambda entry: AUDIT.cursor_behind(query, entry))


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
    return _OF_DAY.query(day=day.isoformat(), sort=within, descending=True)


def _cursor_at(day: date, after: str | None, scope: str) -> str:
    return sign_cursor({"day": day.isoformat(), "after": after}, scope)


def _days_back(last: date, first: date) -> Iterator[date]:
    for back in range((last - first).days + 1):
        yield last - timedelta(days=back)
