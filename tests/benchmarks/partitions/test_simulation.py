"""The arithmetic of hot partitions: chance, limits, buckets, and functions at once."""

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.capacity import TABLE
from benchmarks.partitions.accesses import Access
from benchmarks.partitions.concurrency import VCPU_MB, need
from benchmarks.partitions.simulation import (
    BURST_S,
    PAGE_S,
    READ,
    WRITE,
    Visits,
    first_limit,
    loads,
    mean_units,
    places,
    poisson,
    split,
    throttled,
)
from benchmarks.partitions.traces import CART, ORDER, SHARES, VISIT, Request, Trace, weighted

LIST = Access("GSI2", "PRODUCT_STATUS#published", read=6)
COUNTER = Access(TABLE, "COUNTER", write=2)


def trace(kind: str, *pages: list[Access], requests: int = 1) -> Trace:
    return Trace(kind, [Request("GET /", 5.0, 2)] * requests, list(pages))


def three(order: list[Access]) -> list[Trace]:
    return [trace(VISIT, [LIST], [LIST]), trace(CART, [LIST]), trace(ORDER, order)]


def test_the_shares_of_the_kinds_make_all_visits() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)
    traces = [
        trace(VISIT, [], requests=10),
        trace(VISIT, [], requests=20),
        trace(CART, []),
        trace(ORDER, [], requests=50),
    ]
    expected = SHARES[VISIT] * 15 + SHARES[CART] * 1 + SHARES[ORDER] * 50
    assert weighted(traces, lambda it: len(it.requests)) == pytest.approx(expected)


def test_what_belongs_to_one_buyer_is_no_shared_place() -> None:
    found = places(three([COUNTER, Access(TABLE, "ORDER#7", write=4), Access("GSI3", "ORDER", write=1)]))
    assert set(found) == {
        ("GSI2", "PRODUCT_STATUS#published", READ),
        (TABLE, "COUNTER", WRITE),
        ("GSI3", "ORDER", WRITE),
    }
    published = found["GSI2", "PRODUCT_STATUS#published", READ]
    assert mean_units(published) == pytest.approx(12 * SHARES[VISIT] + 6 * SHARES[CART])
    assert published[0].units == {0: 6, PAGE_S: 6}


def test_table_and_indexes_have_all_that_is_asked_of_them() -> None:
    found = places(three([COUNTER, Access(TABLE, "ORDER#7", write=4)]), with_own=True)
    assert mean_units(found[TABLE, "", WRITE]) == pytest.approx(6 * SHARES[ORDER])


@given(st.floats(0.001, 500), st.floats(0, 0.999999), st.floats(0, 0.999999))
def test_a_higher_draw_is_never_fewer_visitors(rate: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert poisson(rate, low) <= poisson(rate, high)


@pytest.mark.parametrize("rate", [0.01, 0.5, 5, 29, 31, 400])
def test_draws_have_the_mean_that_was_asked_for(rate: float) -> None:
    draws = [poisson(rate, (number + 0.5) / 5000) for number in range(5000)]
    assert mean(draws) == pytest.approx(rate, rel=0.02)


def test_loads_are_what_visitors_ask_on_average_from_the_first_second_on() -> None:
    visits = [Visits(0.5, {0: 4, 30: 2}), Visits(0.5, {10: 6})]
    found = loads(visits, 360_000, 300)
    assert mean(found) == pytest.approx(100 * mean_units(visits), rel=0.02)
    assert mean(found[:20]) == pytest.approx(mean(found[-20:]), rel=0.2)
    assert loads(visits, 360_000, 300) == found


def test_the_limit_lies_below_the_rate_whose_average_is_the_limit() -> None:
    visits = [Visits(1.0, {0: 10})]
    average = 3600 * 3000 / 10
    found = first_limit(visits, 3000)
    assert 0.7 * average < found < average
    assert max(loads(visits, found)) <= 3000 < max(loads(visits, average))


def test_a_bucket_keeps_five_minutes_and_no_more() -> None:
    capacity = 8
    burst = capacity * BURST_S
    quiet = [0.0] * 1000
    assert throttled([*quiet, burst], capacity) == 0
    assert throttled([*quiet, burst + 8], capacity) == pytest.approx(8 / (burst + 8))
    assert throttled([float(capacity)] * 5000, capacity) == 0
    assert throttled([2.0 * capacity] * 100_000, capacity) == pytest.approx(0.5, abs=0.01)
    assert throttled([], capacity) == 0


def test_units_go_where_they_are_used_and_everybody_gets_one() -> None:
    means = {"table": 3.0, "GSI1": 3.0, "GSI2": 12.0, "GSI3": 0.0}
    found = split(25, means)
    assert sum(found.values()) == 25
    assert found["GSI3"] == 1
    assert found["GSI2"] == 16
    assert found["table"] == found["GSI1"] == 4


def test_functions_at_once_follow_littles_law() -> None:
    found = need(3600, requests=10, processor=20, trips=2, memory=VCPU_MB // 2)
    assert found.requests_a_second == 10
    assert found.milliseconds == pytest.approx(20 * VCPU_MB / (VCPU_MB // 2) + 10)
    assert found.at_once == pytest.approx(0.5, abs=0.01)
    assert found.busiest == 5
    assert need(3600, 10, 20, 2, 4 * VCPU_MB).milliseconds == 30
