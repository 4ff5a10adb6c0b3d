"""Reading the audit log: which span of time was asked for, and the JSON of its entries."""

import re
from datetime import datetime, timedelta
from typing import Any

from common.clock import parse_iso
from common.errors import InvalidInput
from common.repositories.audit import FIELDS, AuditPage

LONGEST_SPAN = timedelta(days=90)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z", re.ASCII)
_WHOLE_DAY = timedelta(days=1) - timedelta(milliseconds=1)


def span_of(start_date: str, end_date: str) -> tuple[datetime, datetime]:
    """First and last moment of a span given as `YYYY-MM-DD` or ISO 8601 with Z; an end day counts whole.

    InvalidInput naming the parameter that is missing, malformed, before the start, or above 90 days.
    """
    start, end = _moment("startDate", start_date), _moment("endDate", end_date)
    if start > end + _day_of(end_date):
        raise InvalidInput.of_field("startDate", "must not be after endDate")
    if end - start > LONGEST_SPAN:
        raise InvalidInput.of_field("endDate", f"must be at most {LONGEST_SPAN.days} days after startDate")
    return start, end + _day_of(end_date)


def page_json(page: AuditPage) -> dict[str, Any]:
    """Entries newest first, how many there are here, and `lastEvaluatedKey` when older ones follow."""
    logs = [
        {name: value for name in FIELDS if (value := getattr(entry, name)) is not None}
        for entry in page.entries
    ]
    more = {} if page.cursor is None else {"lastEvaluatedKey": page.cursor}
    return {"logs": logs, "count": len(logs), **more}


def _day_of(text: str) -> timedelta:
    return _WHOLE_DAY if _DATE.fullmatch(text) else timedelta(0)


def _moment(name: str, text: str) -> datetime:
    if not text:
        raise InvalidInput.of_field(name, "is required")
    wrong = InvalidInput.of_field(name, "must be YYYY-MM-DD or ISO 8601 with Z")
    if not (_DATE.fullmatch(text) or _TIME.fullmatch(text)):
        raise wrong
    try:
        return parse_iso(text)
    except ValueError as error:
        raise wrong from error
