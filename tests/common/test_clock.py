"""Tests of the two forms of time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock

aware = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))]),
)


def test_now_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= clock.utc_now() <= datetime.now(UTC)
    assert clock.utc_now().utcoffset() == timedelta(0)


def test_text_has_milliseconds_and_ends_in_z() -> None:
    moment = datetime(2026, 1, 31, 11, 0, 0, 123999, timezone(timedelta(hours=1)))
    assert clock.iso(moment) == "2026-01-31T10:00:00.123Z"


@given(aware)
def test_text_round_trips_to_the_millisecond(moment: datetime) -> None:
    loss = moment - clock.parse_iso(clock.iso(moment))
    assert timedelta(0) <= loss < timedelta(milliseconds=1)


@given(aware, aware)
def test_texts_sort_as_their_times(one: datetime, other: datetime) -> None:
    assert (clock.iso(one) < clock.iso(other)) <= (one < other)
    assert (one <= other) <= (clock.iso(one) <= clock.iso(other))


@given(aware)
def test_epoch_is_whole_seconds_rounded_down(moment: datetime) -> None:
    seconds = clock.epoch(moment)
    assert datetime.fromtimestamp(seconds, UTC) <= moment < datetime.fromtimestamp(seconds + 1, UTC)


def test_epoch_before_1970_is_rounded_down_too() -> None:
    assert clock.epoch(datetime(1969, 12, 31, 23, 59, 59, 500000, UTC)) == -1


@pytest.mark.parametrize(
    "text", ["2026-01-31T10:00:00Z", "2026-01-31T11:00:00+01:00", "2026-01-31T10:00:00", "2026-01-31 10:00"]
)
def test_other_iso_forms_are_read_as_utc(text: str) -> None:
    assert clock.parse_iso(text) == datetime(2026, 1, 31, 10, tzinfo=UTC)
    assert clock.parse_iso(text).utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_time_beyond_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="calendar"):
        clock.parse_iso(text)


def test_a_text_that_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        clock.parse_iso("yesterday")


def test_a_time_without_zone_is_refused() -> None:
    naive = datetime(2026, 1, 31)  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="zone"):
        clock.iso(naive)
    with pytest.raises(ValueError, match="zone"):
        clock.epoch(naive)
