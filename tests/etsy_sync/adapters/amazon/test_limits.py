"""How often Amazon may be called: the rates of each operation, in the shop and at Amazon."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.limits import Bucket, Operation, Rate
from etsy_sync.adapters.amazon.listings import listing
from etsy_sync.adapters.amazon.orders import orders_updated_since
from etsy_sync.adapters.interface import RateLimited
from tests.etsy_sync.adapters.amazon.conftest import Connect, Time
from tools.fakes.amazon_server import LIMITS, AmazonServer

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_rates_are_amazons() -> None:
    plans = {one.title: (one.plan.rate, one.plan.burst) for one in Operation}
    assert plans == LIMITS


def test_calls_beyond_the_burst_wait_for_their_turn(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    for _ in range(12):
        listing(client, "A")
    assert time.slept == [pytest.approx(0.2), pytest.approx(0.2)]
    assert len(amazon.asked) == 13


def test_a_turn_that_is_far_off_is_not_waited_for(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    for _ in range(20):
        list(orders_updated_since(client, time.now))
    with pytest.raises(RateLimited) as limited:
        list(orders_updated_since(client, time.now))
    assert 178 <= limited.value.retry_after <= 180
    assert not limited.value.is_daily
    assert time.slept == []
    assert len(amazon.asked) == 21
    time.pass_by(limited.value.retry_after)
    assert list(orders_updated_since(client, time.now)) == []


def test_amazons_own_rate_is_taken_over(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    amazon.limits["getListingsItem"] = (0.5, 100)
    for _ in range(11):
        listing(client, "A")
    assert time.slept == [pytest.approx(2)]


def test_a_quota_that_others_used_up_is_waited_for(
    connect: Connect, amazon: AmazonServer, time: Time
) -> None:
    client, other = connect(), connect()
    for _ in range(10):
        listing(other, "A")
    assert listing(client, "A") is None
    assert time.slept == [1]


def test_a_quota_that_others_keep_using_up_goes_back_to_the_queue(
    connect: Connect, amazon: AmazonServer, time: Time
) -> None:
    client, other = connect(), connect()
    for _ in range(20):
        list(orders_updated_since(other, time.now))
    with pytest.raises(RateLimited) as limited:
        list(orders_updated_since(client, time.now))
    assert limited.value.retry_after >= 175
    asked = len(amazon.asked)
    with pytest.raises(RateLimited):
        list(orders_updated_since(client, time.now))
    assert len(amazon.asked) == asked


@pytest.mark.parametrize("limit", [None, "", "many", "0", "-1", "inf", "nan"])
def test_a_limit_that_makes_no_sense_changes_nothing(limit: str | None) -> None:
    bucket = Bucket(Rate(2, 1), START)
    bucket.learn(limit)
    assert bucket.rate == 2


def test_a_clock_that_goes_back_gives_no_calls() -> None:
    bucket = Bucket(Rate(1, 1), START)
    assert bucket.take(START, 5) == 0
    assert bucket.take(START - timedelta(hours=1), 0) == pytest.approx(1)


@given(
    rate=st.sampled_from([0.0056, 0.5, 2.0, 5.0]),
    burst=st.integers(1, 20),
    pauses=st.lists(st.floats(0, 20), max_size=60),
)
def test_no_span_of_time_sees_more_calls_than_the_plan_allows(
    rate: float, burst: int, pauses: list[float]
) -> None:
    bucket, now, calls = Bucket(Rate(rate, burst), START), START, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        wait = bucket.take(now, 5)
        if wait <= 5:
            now += timedelta(seconds=wait)
            calls.append(now)
    for first, start in enumerate(calls):
        for last, end in enumerate(calls[first:], start=1):
            assert last <= burst + rate * (end - start).total_seconds() + 0.01
