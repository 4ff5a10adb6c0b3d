"""Reading the audit log: which span of time was asked for, and the JSON of its entries."""

from datetime import datetime, timedelta
from typing import Any

from common.dates import Stated, stated_in
from common.errors import InvalidInput
from common.repositories.audit import FIELDS, AuditPage

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


def page_json(page: AuditPage) -> dict[str, Any]:
    """Entries newest first, how many there are here, and `lastEvaluatedKey` when older ones follow."""
    logs = [
        {name: value for name in FIELDS if (value := getattr(entry, name)) is not None}
        for entry in page.entries
    ]
    more = {} if page.cursor is None else {"lastEvaluatedKey": page.cursor}
    return {"logs": logs, "count": len(logs), **more}


def _stated(name: str, text: str) -> Stated:
    if not text:
        raise InvalidInput.of_field(name, "is required")
    return stated_in(name, text)
