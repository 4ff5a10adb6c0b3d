"""Dates and times as clients write them: whole days of the shop, and the edges of the calendar."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import config
from common.clock import iso
from common.dates import stated, stated_in
from common.errors import InvalidInput

BEYOND = ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "0001-01-01", "9999-12-31")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-01-31", "2026-01-30T23:00:00.000Z", "2026-01-31T23:00:00.000Z"),
        ("2026-06-30", "2026-06-29T22:00:00.000Z", "2026-06-30T22:00:00.000Z"),
        # The clocks change on these days, which have 23 and 25 hours.
        ("2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"),
        ("2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"),
    ],
)
def test_a_date_is_a_whole_day_of_the_shop(text: str, start: str, end: str) -> None:
    day = stated(f" {text} ")
    assert (iso(day.start), iso(day.end), str(day.day)) == (start, end, text)
    assert day.end - day.last == timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-30T10:00", "2026-06-30T08:00:00.000Z"),
        ("2026-06-30T10:00:00.123", "2026-06-30T08:00:00.123Z"),
        ("2026-06-30T10:00:00Z", "2026-06-30T10:00:00.000Z"),
        ("2026-06-30T10:00:00+09:00", "2026-06-30T01:00:00.000Z"),
    ],
)
def test_a_time_is_that_moment_and_one_without_a_zone_the_shops(text: str, moment: str) -> None:
    said = stated(text)
    assert [iso(each) for each in (said.start, said.end, said.last)] == [moment] * 3
    assert said.day is None


def test_the_time_zone_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TIME_ZONE", "Asia/Tokyo")
    assert iso(stated("2026-01-31").start) == "2026-01-30T15:00:00.000Z"


@pytest.mark.parametrize("name", ["Europe/Rom", "../etc/passwd", "CEST+x", "/etc/localtime"])
def test_a_time_zone_that_is_none_is_a_clear_error(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SHOP_TIME_ZONE", name)
    with pytest.raises(config.ConfigurationError, match="SHOP_TIME_ZONE must be a time zone such as"):
        stated("2026-01-31")


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "2026-13-01", "31/01/2026", "２０２６-01-31", "1" * 41]
)
def test_what_is_neither_a_date_nor_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        stated(text)


@pytest.mark.parametrize("text", BEYOND)
def test_what_has_no_place_in_the_calendar_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(InvalidInput, match="since must be a date or a time"):
        stated_in("since", text)


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 30)).map(lambda it: it.replace(tzinfo=UTC)))  # noqa: DTZ001 - made aware
def test_every_stored_time_is_read_as_itself(moment: datetime) -> None:
    assert iso(stated(iso(moment)).start) == iso(moment)
