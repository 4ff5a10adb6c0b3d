"""The period in which a buyer may withdraw: by the shop's clock, with its weekends, holidays and changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import iso, parse_iso
from orders.public_holidays import is_working_day
from orders.withdrawal_period import ends_at, is_over, last_day, refund_due_at

moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(["Europe/Rome", "Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
INSTANT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("delivered", "last"),
    [
        ("2026-06-01T10:00:00.000Z", date(2026, 6, 15)),
        # Rome is in the next day already.
        ("2026-06-01T22:30:00.000Z", date(2026, 6, 16)),
        # The fourteenth day is a Saturday, and a Sunday.
        ("2026-06-06T10:00:00.000Z", date(2026, 6, 22)),
        ("2026-06-07T10:00:00.000Z", date(2026, 6, 22)),
        # Christmas, the day after it, a Sunday after that.
        ("2026-12-11T10:00:00.000Z", date(2026, 12, 28)),
        # A Saturday, Easter, Easter Monday.
        ("2026-03-21T10:00:00.000Z", date(2026, 4, 7)),
        ("2026-09-20T10:00:00.000Z", date(2026, 10, 5)),
    ],
)
def test_the_last_day_is_the_fourteenth_or_the_working_day_after_it(delivered: str, last: date) -> None:
    assert last_day(delivered) == last


@given(moments, zones)
def test_it_has_fourteen_whole_days_and_ends_with_a_working_day(came: datetime, zone: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOP_TIME_ZONE", zone)
        here, end, last = ZoneInfo(zone), ends_at(iso(came)), last_day(iso(came))
        counted = (last - came.astimezone(here).date()).days
        assert 14 <= counted < 14 + 6
        assert is_working_day(last)
        days_between = [last - timedelta(days=back) for back in range(1, counted - 13)]
        assert not any(is_working_day(day) for day in days_between)
        assert (end - INSTANT).astimezone(here).date() == last
        assert end.astimezone(here).date() == last + timedelta(days=1)
        # Not one of the days is cut short by a clock that is put forward.
        assert end - came >= timedelta(days=14) - timedelta(hours=1)


@given(moments)
def test_it_is_open_until_its_last_instant(came: datetime) -> None:
    end = ends_at(iso(came))
    assert not is_over(iso(came), end - INSTANT)
    assert is_over(iso(came), end)
    assert not is_over(None, end + timedelta(days=9999))


@given(moments)
def test_the_money_is_due_within_fourteen_days(stated: datetime) -> None:
    left = parse_iso(refund_due_at(stated)) - stated
    assert timedelta(days=13, hours=23) < left <= timedelta(days=15, hours=1)


def test_a_change_of_the_clock_moves_no_end() -> None:
    # Summer time ends on 25 October 2026: the 14 days have an hour more.
    assert ends_at("2026-10-13T10:00:00.000Z") == datetime(2026, 10, 27, 23, tzinfo=UTC)
    assert ends_at("2026-10-12T10:00:00.000Z") == datetime(2026, 10, 26, 23, tzinfo=UTC)
    assert ends_at("2026-10-08T10:00:00.000Z") == datetime(2026, 10, 22, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 10, 3), True),
        (date(2024, 10, 4), True),
        (date(2027, 10, 4), False),
        (date(2027, 3, 29), False),
        (date(2024, 4, 1), False),
        (date(2038, 4, 26), False),
        (date(2026, 6, 2), False),
        (date(2026, 6, 3), True),
    ],
)
def test_italys_holidays_are_no_working_days(day: date, works: bool) -> None:
    assert is_working_day(day) is works
