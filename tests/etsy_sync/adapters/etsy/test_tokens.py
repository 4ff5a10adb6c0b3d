"""Access tokens: refreshed by one worker at a time, and what happens when Etsy does not answer or refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest

from common.repositories.stock_alerts import unread_alerts
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.etsy.tokens import TokenResult, Tokens, access_token, refresh_due
from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.interface import AuthExpired, NotConfigured, Transient
from etsy_sync.repositories.etsy_token_leases import acquire_refresh_lease
from etsy_sync.repositories.etsy_tokens import EtsyToken, etsy_token, forget_token, save_consent
from tests.etsy_sync.adapters.etsy.calls import calls
from tests.etsy_sync.adapters.etsy.conftest import Clock
from tests.support.races import just_after, just_before
from tools.fakes.etsy_server import SHOP_ID, EtsyServer

SHOP = str(SHOP_ID)


def stored() -> EtsyToken:
    token = etsy_token(SHOP)
    assert token is not None
    return token


def assert_true(is_true: bool) -> None:
    assert is_true


def test_a_token_with_time_left_is_used_as_it_is(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    clock.now += timedelta(minutes=54)
    assert access_token(SHOP, clock.now, caller=caller) == connection.access_token
    assert calls(etsy) == []


def test_a_token_with_less_than_five_minutes_is_refreshed_and_both_are_stored(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    clock.now += timedelta(minutes=55)
    fresh = access_token(SHOP, clock.now, caller=caller)
    assert fresh == stored().access_token != connection.access_token
    assert stored().refresh_token != connection.refresh_token
    assert (stored().token_expires_at, stored().lease_owner) == ("2026-11-20T10:55:00.000Z", None)


def test_two_threads_that_need_a_token_make_one_call(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    now = clock.now + timedelta(hours=2)
    begin, saved = Barrier(2), Event()
    waiting = Caller(caller.session, lambda _: assert_true(saved.wait(10)))

    def ask(_: int) -> str:
        begin.wait(10)
        return access_token(SHOP, now, caller=waiting)

    with (
        just_after("etsy_sync.adapters.etsy.tokens.save_refreshed", saved.set),
        ThreadPoolExecutor(2) as threads,
    ):
        given = set(threads.map(ask, range(2)))
    assert given == {stored().access_token}
    assert calls(etsy) == ["POST token"]


def test_a_worker_who_is_late_uses_what_the_other_was_given(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    now = clock.now + timedelta(hours=2)
    with just_before(
        "etsy_sync.adapters.etsy.tokens.acquire_refresh_lease", lambda: access_token(SHOP, now, caller=caller)
    ):
        assert access_token(SHOP, now, caller=caller) == stored().access_token
    assert calls(etsy) == ["POST token"]


def test_a_token_that_still_serves_is_used_while_another_refreshes(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    clock.now += timedelta(minutes=57)
    assert acquire_refresh_lease(stored(), "another", clock.now, 60)
    assert access_token(SHOP, clock.now, caller=caller) == connection.access_token
    assert (calls(etsy), clock.slept) == ([], [])


def test_a_worker_who_died_is_waited_for_and_replaced(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    now = clock.now + timedelta(hours=2)
    assert acquire_refresh_lease(stored(), "dead", now, 3)
    assert access_token(SHOP, now, caller=caller) == stored().access_token
    assert sum(clock.slept) == 3
    assert calls(etsy) == ["POST token"]


def test_a_worker_who_takes_too_long_is_not_waited_for_any_more(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    now = clock.now + timedelta(hours=2)
    assert acquire_refresh_lease(stored(), "slow", now, 60)
    with pytest.raises(Transient):
        access_token(SHOP, now, caller=caller)
    assert calls(etsy) == []


def test_when_the_answer_is_lost_the_old_token_serves_and_then_consent_is_needed(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    clock.now += timedelta(minutes=56)
    etsy.lose_next()
    assert access_token(SHOP, clock.now, caller=caller) == connection.access_token
    assert calls(etsy) == ["POST token"]
    with pytest.raises(AuthExpired, match="connected again"):
        access_token(SHOP, clock.now, caller=caller)
    assert stored().needs_consent is not None


def test_a_server_that_is_down_costs_nothing(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    now = clock.now + timedelta(hours=2)
    etsy.fail_next()
    with pytest.raises(Transient):
        access_token(SHOP, now, caller=caller)
    assert access_token(SHOP, now, caller=caller) == stored().access_token


def test_a_withdrawn_consent_is_recorded_and_told_once(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    etsy.revoke()
    now = clock.now + timedelta(hours=2)
    for _ in range(2):
        with pytest.raises(AuthExpired):
            access_token(SHOP, now, caller=caller)
    assert calls(etsy) == ["POST token"]
    (alert,) = unread_alerts(10)
    assert (alert.type, alert.severity) == ("sync_failed", "critical")
    assert SHOP in alert.message


def test_the_refusal_of_a_token_that_was_replaced_means_nothing(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    etsy.revoke()
    now = clock.now + timedelta(hours=2)
    given = etsy.oauth.issue(frozenset({"shops_r"}), now)
    renewed = EtsyToken(
        shop_id=SHOP,
        access_token=given["access_token"],
        refresh_token=given["refresh_token"],
        token_expires_at="2026-11-20T12:00:00.000Z",
        created_at=connection.created_at,
        updated_at=connection.updated_at,
    )
    with just_before("etsy_sync.adapters.etsy.tokens.require_consent", lambda: save_consent(renewed)):
        assert access_token(SHOP, now, caller=caller) == renewed.access_token
    assert unread_alerts(10) == []


def test_a_consent_given_during_a_refresh_wins(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    now = clock.now + timedelta(hours=2)
    renewed = EtsyToken(
        shop_id=SHOP,
        access_token="777.renewed",
        refresh_token="777.renewed-refresh",
        token_expires_at="2026-11-20T12:00:00.000Z",
        created_at=connection.created_at,
        updated_at=connection.updated_at,
    )
    with just_after("etsy_sync.adapters.etsy.tokens.ask_for_tokens", lambda: save_consent(renewed)):
        assert access_token(SHOP, now, caller=caller) == "777.renewed"


def test_a_refused_token_is_replaced_only_while_it_is_the_stored_one(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller, settings: EtsySettings
) -> None:
    tokens = Tokens(settings, caller)
    fresh = tokens.replacing(connection.access_token, SHOP, clock.now)
    assert fresh.access_token != connection.access_token
    assert tokens.replacing(connection.access_token, SHOP, clock.now) == fresh
    assert calls(etsy) == ["POST token"]


def test_a_shop_that_is_not_connected_needs_consent(etsy: EtsyServer, clock: Clock, caller: Caller) -> None:
    with pytest.raises(AuthExpired, match="not connected"):
        access_token("1", clock.now, caller=caller)


def test_the_job_refreshes_what_ends_soon_and_nothing_else(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    assert refresh_due(clock.now, caller=caller) == [TokenResult(SHOP, "fresh")]
    assert refresh_due(clock.now + timedelta(days=80), caller=caller) == [TokenResult(SHOP, "refreshed")]
    assert calls(etsy) == ["POST token"]


def test_one_shop_that_fails_stops_no_other(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    other = EtsyToken(
        shop_id="1",
        access_token="1.gone",
        refresh_token="1.gone",
        token_expires_at=connection.token_expires_at,
        created_at=connection.created_at,
        updated_at=connection.updated_at,
    )
    save_consent(other)
    results = refresh_due(clock.now + timedelta(hours=2), caller=caller)
    assert {result.shop_id: result.outcome for result in results} == {SHOP: "refreshed", "1": "needs_consent"}


def test_the_job_says_what_failed(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, caller: Caller
) -> None:
    etsy.fail_next()
    (result,) = refresh_due(clock.now + timedelta(hours=2), caller=caller)
    assert (result.outcome, result.error) == ("failed", "Etsy's token endpoint: status 503")


def test_without_settings_nothing_is_refreshed(
    etsy: EtsyServer, connection: EtsyToken, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ETSY_CLIENT_ID")
    with pytest.raises(NotConfigured):
        refresh_due(clock.now)
    assert forget_token(SHOP)
