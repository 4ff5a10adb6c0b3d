"""What Etsy's answers mean."""

from datetime import UTC, datetime

import pytest

from etsy_sync.adapters.etsy.answers import moment


def test_a_time_is_that_of_epoch_seconds() -> None:
    assert moment(1_767_225_600) == datetime(2026, 1, 1, tzinfo=UTC)
    assert moment(None) is None


@pytest.mark.parametrize("seconds", [10**12, 10**30, -(10**20), "soon"])
def test_a_time_that_no_calendar_holds_is_unreadable(seconds: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment(seconds)
