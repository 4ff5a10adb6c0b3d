"""Percentiles by the nearest-rank method."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.percentiles import percentile


@pytest.mark.parametrize(("percent", "expected"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_percentile_of_the_first_hundred_numbers_is_the_number_itself(percent: int, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


@given(st.lists(st.integers(0), min_size=1), st.integers(1, 100))
def test_as_many_durations_as_asked_for_lie_at_or_below_the_percentile(
    durations: list[int], percent: int
) -> None:
    found = percentile(durations, percent)
    below = sum(duration <= found for duration in durations)
    assert found in durations
    assert below * 100 >= percent * len(durations)


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 50)
