"""Calls: their headers, what is asked again, and the error that a refusal becomes."""

import pytest

from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.interface import AuthExpired, NotConfigured, RateLimited, Rejected, Transient
from etsy_sync.repositories.etsy_tokens import EtsyToken, etsy_token
from tests.etsy_sync.adapters.etsy.calls import calls
from tests.etsy_sync.adapters.etsy.conftest import Clock
from tools.fakes.etsy_rules import Refused
from tools.fakes.etsy_server import SHOP_ID, USER_ID, EtsyServer


def test_a_call_carries_both_parts_of_the_key_and_the_token(
    etsy: EtsyServer, client: EtsyClient, connection: EtsyToken
) -> None:
    assert client.get("/users/me") == {"user_id": USER_ID, "shop_id": SHOP_ID}
    (asked,) = etsy.asked
    assert asked.headers["x-api-key"] == "keystring-of-the-fake:shared-secret-of-the-fake"
    assert asked.headers["authorization"] == f"Bearer {connection.access_token}"


def test_the_token_is_read_once_for_many_calls(
    etsy: EtsyServer, client: EtsyClient, connection: EtsyToken, clock: Clock
) -> None:
    client.get("/users/me")
    clock.now = clock.now.replace(minute=56)
    client.get("/users/me")
    assert calls(etsy) == ["GET me", "POST token", "GET me"]


def test_a_key_without_its_secret_is_forbidden(
    etsy: EtsyServer, client: EtsyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EtsySettings, "api_key", property(lambda settings: settings.client_id))
    with pytest.raises(Rejected, match="forbidden: Shared secret is required"):
        client.get("/users/me")


def test_a_token_that_expired_early_is_refreshed_once(etsy: EtsyServer, client: EtsyClient) -> None:
    etsy.expire_tokens()
    assert client.get("/users/me")["shop_id"] == SHOP_ID
    assert calls(etsy) == ["GET me", "POST token", "GET me"]


def test_a_second_refusal_of_the_token_ends_it(
    etsy: EtsyServer, client: EtsyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Refused(401, "invalid_token")

    monkeypatch.setattr("tools.fakes.etsy_oauth.OAuth.check", refuse)
    with pytest.raises(AuthExpired, match="does not accept the token"):
        client.get("/users/me")
    assert calls(etsy) == ["GET me", "POST token", "GET me"]


def test_a_withdrawn_consent_is_said_so(etsy: EtsyServer, client: EtsyClient) -> None:
    etsy.revoke()
    with pytest.raises(AuthExpired):
        client.get("/users/me")
    stored = etsy_token(str(SHOP_ID))
    assert stored is not None
    assert stored.needs_consent


def test_a_server_that_fails_is_asked_four_times(etsy: EtsyServer, client: EtsyClient, clock: Clock) -> None:
    etsy.fail_next(3)
    assert client.get("/users/me")["shop_id"] == SHOP_ID
    assert clock.slept == [0.5, 1.0, 2.0]
    etsy.fail_next(4)
    with pytest.raises(Transient, match="status 503"):
        client.get("/users/me")


def test_what_may_not_be_repeated_is_sent_once(etsy: EtsyServer, client: EtsyClient) -> None:
    listing_id = etsy.create_listing()
    etsy.fail_next()
    with pytest.raises(Transient):
        client.patch(f"/shops/{SHOP_ID}/listings/{listing_id}", {"state": "inactive"}, is_repeatable=False)
    assert calls(etsy) == [f"PATCH {listing_id}"]


@pytest.mark.parametrize(
    ("path", "code"),
    [("/listings/1/inventory", "not_found"), ("/shops/99/listings", "forbidden"), ("/nothing", "not_found")],
)
def test_a_refusal_says_why(path: str, code: str, client: EtsyClient) -> None:
    with pytest.raises(Rejected) as refused:
        client.get(path)
    assert (refused.value.code, bool(refused.value.reason)) == (code, True)


def test_too_many_in_a_second_are_waited_for(etsy: EtsyServer, client: EtsyClient, clock: Clock) -> None:
    etsy.set_limits(per_second=2)
    for _ in range(5):
        client.get("/users/me")
    assert clock.slept == [1.0, 1.0]
    assert len(etsy.asked) == 5


def test_a_refusal_for_a_second_is_asked_again(etsy: EtsyServer, client: EtsyClient, clock: Clock) -> None:
    etsy.fail_next(1, status=429, retry_after=2)
    client.get("/users/me")
    assert clock.slept == [2.0]


def test_the_end_of_the_day_is_told_and_nothing_more_is_asked(
    etsy: EtsyServer, client: EtsyClient, clock: Clock
) -> None:
    etsy.set_limits(per_day=50, used=50)
    with pytest.raises(RateLimited) as limited:
        client.get("/users/me")
    assert limited.value.is_daily
    assert limited.value.retry_after > 86_000
    with pytest.raises(RateLimited, match="no further call today"):
        client.get("/users/me")
    assert (calls(etsy), clock.slept) == (["GET me"], [])


def test_without_settings_nothing_is_asked(
    connection: EtsyToken, caller: Caller, clock: Clock, etsy: EtsyServer
) -> None:
    with pytest.raises(NotConfigured):
        EtsyClient(EtsySettings(), caller, clock, str(SHOP_ID)).get("/users/me")
    assert calls(etsy) == []


def test_an_answer_that_is_no_json_is_no_answer(
    etsy: EtsyServer, client: EtsyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.fakes.etsy_server.EtsyServer._me", lambda *_: ["a list"])
    with pytest.raises(Transient, match="no JSON object"):
        client.get("/users/me")


@pytest.mark.parametrize("answer", [{}, {"results": None}, {"results": {"1": "listing"}}])
def test_a_page_that_is_no_list_is_no_page(
    client: EtsyClient, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    monkeypatch.setattr(EtsyClient, "get", lambda *_: answer)
    with pytest.raises(Transient, match="no list of listings"):
        client.page("listings", 0, {})
