"""Numbers of papers: 1 to n of a series and year, whoever draws at once and whatever ends in between."""

from datetime import UTC, datetime

import pytest

from common.dynamodb import UnitOfWork, get_item
from orders.repositories.paper_numbers import Drawn, NumberTaken, draw, in_line, last_numbers, numbers_key
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("table")

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
COMMIT = "common.dynamodb.transaction.UnitOfWork.commit"


def drawn(series: str = "FT", now: datetime = NOW) -> Drawn:
    row = get_item(numbers_key(now), consistent=True)
    with UnitOfWork() as work:
        return draw(work, row, series, now)


def test_numbers_begin_at_one_and_follow_each_other() -> None:
    assert [drawn().number for _ in range(3)] == ["FT-2026-1", "FT-2026-2", "FT-2026-3"]


def test_each_series_has_numbers_of_its_own() -> None:
    drawn()
    assert drawn("NC").number == "NC-2026-1"
    assert drawn().number == "FT-2026-2"
    assert last_numbers(2026) == {"FT": 2, "NC": 1}
    assert last_numbers(2027) == {}


def test_a_year_begins_at_midnight_of_the_shop_and_at_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert [drawn(now=before).number, drawn(now=after).number] == ["FT-2026-1", "FT-2027-1"]
    monkeypatch.setenv("SHOP_TIME_ZONE", "UTC")
    assert drawn(now=after).number == "FT-2026-2"


def test_of_two_who_saw_the_same_last_number_one_reads_again() -> None:
    with just_before(COMMIT, drawn), pytest.raises(NumberTaken):
        drawn()
    with just_before(COMMIT, drawn):
        assert in_line(drawn).sequence == 3
    assert last_numbers(2026) == {"FT": 3}


def test_a_transaction_that_fails_leaves_no_gap() -> None:
    row = get_item(numbers_key(NOW))
    with pytest.raises(RuntimeError), UnitOfWork() as work:
        draw(work, row, "FT", NOW)
        raise RuntimeError
    assert drawn().sequence == 1


def test_a_later_number_never_bears_an_earlier_date() -> None:
    late = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
    assert drawn(now=NOW).day.isoformat() == "2026-12-01"
    assert drawn(now=late).day.isoformat() == "2026-12-01"
    assert drawn("NC", late).day.isoformat() == "2026-11-30"
