"""Tests of the waits between attempts."""

from common.dynamodb.backoff import BASE_S, CAP_S, delay


def test_waits_are_random_within_bounds_that_double_up_to_the_cap() -> None:
    for attempt in range(12):
        bound = min(CAP_S, BASE_S * 2**attempt)
        waits = [delay(attempt) for _ in range(200)]
        assert min(waits) >= 0
        assert max(waits) <= bound
        assert max(waits) > bound / 2
        assert len(set(waits)) > 100
