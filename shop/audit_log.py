"""Reading the audit log: which span of time was asked for, and the JSON of its entries."""

from datetime import datetime, timedelta
from typing import Any

from common.dates import Stated, stated_in
from common.errors import InvalidInput
from common.http.lists import Stretch
from common.repositories.audit import AUDIT, AuditEntry, AuditPage

LONGEST_SPAN = timedelta(days=90)


def span_of(start_date: str, end_date: str) -> tuple[datetime, datetime]:
    """First and last moment of a span between two dates or times (common.dates); an end day counts whole.

    InvalidInput naming the parameter that is missing, malformed, before the start, or above 90 days.
    """
    first, last = _stated("startDate", start_date), _stated("endDate", end_date)
    if first.start > last.last:
        raise InvalidInput.of_field("startDate", "must not be after endDate")
    # An hour more or less: a day on which the clocks change is as whole as any other.
    if last.start - first.start > LONGEST_SPAN + timedelta(hours=1):
        raise InvalidInput.of_field("endDate", f"must be at most {LONGEST_SPAN.days} days after startDate")
    return first.start, last.last


def stretch_of(page: AuditPage) -> Stretch:
    """The entries of a page as JSON, newest first."""
    entries = [_entry_json(entry) for entry in page.entries]
    return Stretch(entries, page.cursor, lambda count: page.behind(page.entries[count - 1]))


def _entry_json(entry: AuditEntry) -> dict[str, Any]:
    return {name: value for name in AUDIT.shape.names if (value := getattr(entry, name)) is not None}


def _stated(name: str, text: str) -> Stated:
    if not text:
        raise InvalidInput.of_field(name, "is required")
    return stated_in(name, text)
