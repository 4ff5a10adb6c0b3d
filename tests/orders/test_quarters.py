"""Quarters: their days are the shop's, whatever UTC says."""

import pytest

from common.errors import InvalidInput
from orders.quarters import quarter_in, quarter_of


def test_a_quarter_begins_and_ends_at_midnight_of_the_shop() -> None:
    quarter = quarter_in("2026-q4")
    assert (quarter.name, quarter.start, quarter.end) == (
        "2026-Q4",
        "2026-09-30T22:00:00.000Z",
        "2026-12-31T23:00:00.000Z",
    )
    assert quarter.holds(quarter.start)
    assert not quarter.holds(quarter.end)
    assert not quarter.holds(None)


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2026-03-31T21:59:59.999Z", "2026-Q1"),
        ("2026-03-31T22:00:00.000Z", "2026-Q2"),
        ("2026-12-31T22:59:59.999Z", "2026-Q4"),
        ("2026-12-31T23:00:00.000Z", "2027-Q1"),
    ],
)
def test_a_moment_is_in_the_quarter_of_the_shops_day(moment: str, name: str) -> None:
    assert quarter_of(moment) == name
    assert quarter_in(name).holds(moment)


def test_the_zone_of_the_shop_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TIME_ZONE", "UTC")
    assert quarter_in("2026-Q1").start == "2026-01-01T00:00:00.000Z"
    assert quarter_of("2026-03-31T22:00:00.000Z") == "2026-Q1"


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q5", "2026-Q0", "26-Q1", "2026Q1", "0001-Q1", "9999-Q4", "2026-Q1x"]
)
def test_another_text_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(InvalidInput, match="must be a quarter such as 2026-Q4") as refused:
        quarter_in(text)
    assert list(refused.value.fields) == ["quarter"]
