"""Spans of time as the audit log is asked for them."""

import pytest

from common.clock import iso
from common.errors import InvalidInput
from shop.audit_log import span_of


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2026-01-31", "2026-01-31", "2026-01-30T23:00:00.000Z", "2026-01-31T22:59:59.999Z"),
        ("2024-02-28", "2024-02-29", "2024-02-27T23:00:00.000Z", "2024-02-29T22:59:59.999Z"),
        ("2026-01-31", "2026-01-31T10:00:00Z", "2026-01-30T23:00:00.000Z", "2026-01-31T10:00:00.000Z"),
        ("2026-01-31T09:30:00.250Z", "2026-01-31", "2026-01-31T09:30:00.250Z", "2026-01-31T22:59:59.999Z"),
        ("2026-01-01", "2026-04-01", "2025-12-31T23:00:00.000Z", "2026-04-01T21:59:59.999Z"),
        (
            "2026-01-31T10:00:00",
            "2026-01-31T12:00:00+01:00",
            "2026-01-31T09:00:00.000Z",
            "2026-01-31T11:00:00.000Z",
        ),
    ],
)
def test_a_span_reaches_from_its_first_to_its_last_moment(
    start: str, end: str, first: str, last: str
) -> None:
    assert tuple(map(iso, span_of(start, end))) == (first, last)


@pytest.mark.parametrize(
    ("start", "end", "named"),
    [
        ("", "2026-01-31", "startDate is required"),
        ("2026-01-31", "", "endDate is required"),
        ("31.01.2026", "2026-01-31", "startDate must be"),
        ("2026-02-30", "2026-03-01", "startDate must be"),
        ("2026-01-31", "2026-01-31T25:00:00Z", "endDate must be"),
        ("٢٠٢٦-01-31", "2026-01-31", "startDate must be"),
        ("2026-02-01", "2026-01-31", "startDate must not be after endDate"),
        ("2026-01-01", "2026-04-02", "endDate must be at most 90 days"),
        ("0001-01-02", "9999-12-30", "endDate must be at most 90 days"),
        ("0001-01-01", "9999-12-31", "startDate must be"),
        ("2026-01-31", "9999-12-31T23:59:59-12:00", "endDate must be"),
    ],
)
def test_an_unusable_span_is_named(start: str, end: str, named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        span_of(start, end)
