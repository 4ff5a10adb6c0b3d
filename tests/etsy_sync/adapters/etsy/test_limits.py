"""The day's calls: what is kept for sales, and how rarely the number is written."""

from datetime import timedelta
from decimal import Decimal

import pytest

from common.clock import iso
from common.dynamodb import meter
from etsy_sync.adapters.definition import Purpose
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.limits import ROUTINE, SALE, Budget
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.interface import RateLimited
from etsy_sync.repositories.sync_states import record_rate_limit, sync_state
from tests.etsy_sync.adapters.etsy.conftest import Clock
from tools.fakes.etsy_server import SHOP_ID, EtsyServer

SHOP = str(SHOP_ID)


def answer(remaining: int, per_day: int = 1000) -> dict[str, str]:
    return {"x-limit-per-day": str(per_day), "x-remaining-today": str(remaining)}


def budget() -> Budget:
    return Budget(SHOP, Decimal("0.2"))


@pytest.fixture
def routine(client: EtsyClient, settings: EtsySettings, caller: Caller, clock: Clock) -> EtsyClient:
    return EtsyClient(settings, caller, clock, SHOP, purpose=ROUTINE)


def test_routine_stops_at_the_reserve_and_sales_go_on(
    etsy: EtsyServer, client: EtsyClient, routine: EtsyClient
) -> None:
    etsy.set_limits(per_day=100, used=78)
    for _ in range(2):
        routine.get("/users/me")
    with pytest.raises(RateLimited, match="20 of Etsy's 100 daily calls") as limited:
        routine.get("/users/me")
    assert (limited.value.is_daily, limited.value.retry_after) == (True, 3600)
    assert client.get("/users/me")["shop_id"] == SHOP_ID


def test_another_process_knows_what_is_left(
    etsy: EtsyServer, client: EtsyClient, routine: EtsyClient
) -> None:
    etsy.set_limits(per_day=100, used=90)
    client.get("/users/me")
    with pytest.raises(RateLimited):
        routine.get("/users/me")
    row = sync_state(SHOP)
    assert row is not None
    assert (row.rate_limit_remaining, row.rate_limit_per_day) == (9, 100)


def test_after_an_hour_the_number_is_asked_for_again(table: str, clock: Clock) -> None:
    mine = budget()
    mine.note(200, answer(100), clock.now)
    with pytest.raises(RateLimited):
        mine.check(ROUTINE, clock.now + timedelta(minutes=59))
    mine.check(ROUTINE, clock.now + timedelta(minutes=60))
    mine.note(200, answer(900), clock.now + timedelta(minutes=60))
    mine.check(ROUTINE, clock.now + timedelta(minutes=61))
    assert mine.reserve == 200


def test_the_row_is_written_when_the_number_moved_by_a_hundredth(table: str, clock: Clock) -> None:
    mine = budget()
    with meter() as usage:
        for remaining in range(999, 950, -1):
            mine.note(200, answer(remaining), clock.now)
    assert usage.calls == 5
    row = sync_state(SHOP)
    assert row is not None
    assert row.rate_limit_remaining == 959


def test_the_row_is_written_when_the_reserve_is_crossed(table: str, clock: Clock) -> None:
    mine = budget()
    for remaining in (205, 201, 200):
        mine.note(200, answer(remaining), clock.now)
    row = sync_state(SHOP)
    assert row is not None
    assert row.rate_limit_remaining == 200


def test_a_refusal_is_written_with_its_end(table: str, clock: Clock) -> None:
    mine = budget()
    mine.note(429, {**answer(0), "retry-after": "600"}, clock.now)
    row = sync_state(SHOP)
    assert row is not None
    until = iso(clock.now + timedelta(seconds=600))
    assert (row.rate_limit_remaining, row.rate_limit_reset_at) == (0, until)
    with pytest.raises(RateLimited, match="no further call"):
        budget().check(SALE, clock.now + timedelta(seconds=599))
    budget().check(SALE, clock.now + timedelta(seconds=600))


def test_after_the_last_call_a_sale_tries_again_in_a_minute(table: str, clock: Clock) -> None:
    mine = budget()
    mine.note(200, answer(0), clock.now)
    with pytest.raises(RateLimited):
        mine.check(SALE, clock.now + timedelta(seconds=59))
    mine.check(SALE, clock.now + timedelta(seconds=60))


def test_a_refusal_for_a_second_is_no_end_of_the_day(table: str, clock: Clock) -> None:
    mine = budget()
    mine.note(429, {**answer(900), "retry-after": "1"}, clock.now)
    mine.check(ROUTINE, clock.now)
    assert not mine.is_used_up


def test_the_row_is_read_once_a_minute(table: str, clock: Clock) -> None:
    record_rate_limit(SHOP, 900, iso(clock.now + timedelta(hours=1)), clock.now, 1000)
    mine = budget()
    with meter() as usage:
        for second in range(0, 120, 10):
            mine.check(SALE, clock.now + timedelta(seconds=second))
    assert usage.calls == 2


@pytest.mark.parametrize("name", ["x-remaining-this-second", "x-remaining-this-secon"])
def test_both_spellings_of_the_second_are_read(name: str, table: str, clock: Clock) -> None:
    mine = budget()
    mine.note(200, {name: "0"}, clock.now)
    assert mine.is_second_used_up
    mine.note(200, {name: "4"}, clock.now)
    assert not mine.is_second_used_up


@pytest.mark.parametrize("purpose", [SALE, ROUTINE])
def test_headers_that_say_nothing_stop_nothing(purpose: Purpose, table: str, clock: Clock) -> None:
    mine = budget()
    mine.note(200, {"x-remaining-today": "many", "x-limit-per-day": ""}, clock.now)
    mine.check(purpose, clock.now)
    assert sync_state(SHOP) is None
