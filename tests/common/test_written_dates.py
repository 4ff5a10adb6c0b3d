"""Months, days and times as people read them, in both languages and by the shop's clock."""

from datetime import UTC, date, datetime

import pytest

from common.written_dates import day_text, moment_text, month_text


@pytest.mark.parametrize(
    ("month", "italian", "english"),
    [("2026-01", "gennaio 2026", "January 2026"), ("2026-12", "dicembre 2026", "December 2026")],
)
def test_a_month_has_its_name(month: str, italian: str, english: str) -> None:
    assert (month_text(month, "it"), month_text(month, "en")) == (italian, english)


def test_a_day_is_one_of_the_calendar() -> None:
    assert day_text(date(2026, 3, 1), "it") == "1 marzo 2026"
    assert day_text(date(999, 8, 31), "en") == "31 August 999"


def test_a_moment_is_told_by_the_shops_clock() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert moment_text(moment, "it") == "1 gennaio 2027, ore 00:30 (CET)"
    assert moment_text(moment, "en") == "1 January 2027, 00:30 (CET)"
