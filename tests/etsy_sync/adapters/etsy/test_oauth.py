"""Connecting a shop: PKCE, the state that is used once, and whose shop it is."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from common.clock import epoch
from common.dynamodb import get_item
from etsy_sync.adapters.etsy import oauth
from etsy_sync.adapters.etsy.oauth import UnknownState, finish, start, state_key
from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.interface import NotConfigured, Rejected, Transient
from etsy_sync.repositories.etsy_tokens import etsy_token
from tests.etsy_sync.adapters.etsy.calls import calls
from tests.etsy_sync.adapters.etsy.conftest import Clock
from tools.fakes.etsy_oauth import REDIRECT_URI
from tools.fakes.etsy_server import SHOP_ID, EtsyServer


def consent(url: str) -> tuple[str, str]:
    """The code and the state that the owner's browser comes back with."""
    answer = requests.get(url, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(f"{REDIRECT_URI}?")
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return query["code"][0], query["state"][0]


def test_a_consent_connects_the_shop_of_the_account(etsy: EtsyServer, clock: Clock, caller: Caller) -> None:
    code, state = consent(start(clock.now).url)
    connection = finish(code, state, clock.now, caller=caller)
    stored = etsy_token(str(SHOP_ID))
    assert stored is not None
    assert (connection.shop_id, stored.shop_id) == (str(SHOP_ID), str(SHOP_ID))
    assert stored.access_token in etsy.oauth.access
    assert stored.token_expires_at == "2026-11-20T10:00:00.000Z"
    assert not hasattr(connection, "access_token")


def test_the_exchange_carries_the_verifier_and_no_secret(
    etsy: EtsyServer, clock: Clock, caller: Caller
) -> None:
    code, state = consent(start(clock.now).url)
    finish(code, state, clock.now, caller=caller)
    form = next(asked.form for asked in etsy.asked if asked.path.endswith("/token"))
    assert form.keys() == {"grant_type", "client_id", "redirect_uri", "code", "code_verifier"}
    assert 43 <= len(form["code_verifier"]) <= 128


def test_the_authorize_address_hides_the_verifier_and_asks_for_what_is_needed(
    etsy: EtsyServer, clock: Clock
) -> None:
    begun = start(clock.now)
    query = parse_qs(urlsplit(begun.url).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["scope"] == ["listings_r listings_w shops_r transactions_r"]
    row = get_item(state_key(begun.state), now=epoch(clock.now))
    assert row is not None
    assert row["verifier"].startswith("local:")
    assert query["code_challenge"] != [row["verifier"]]


def test_another_verifier_is_refused_and_the_state_is_used_up(
    etsy: EtsyServer, clock: Clock, caller: Caller
) -> None:
    code, _ = consent(start(clock.now).url)
    other = start(clock.now)
    with pytest.raises(Rejected, match="invalid_grant"):
        finish(code, other.state, clock.now, caller=caller)
    with pytest.raises(UnknownState):
        finish(code, other.state, clock.now, caller=caller)
    assert etsy_token(str(SHOP_ID)) is None


def test_a_lost_exchange_leaves_no_usable_state(etsy: EtsyServer, clock: Clock, caller: Caller) -> None:
    code, state = consent(start(clock.now).url)
    etsy.lose_next()
    with pytest.raises(Transient):
        finish(code, state, clock.now, caller=caller)
    calls(etsy)
    with pytest.raises(UnknownState):
        finish(code, state, clock.now, caller=caller)
    assert calls(etsy) == []


def test_the_state_is_gone_before_etsy_is_asked(etsy: EtsyServer, clock: Clock, caller: Caller) -> None:
    code, state = consent(start(clock.now).url)
    found: list[object] = []
    etsy.faults.before = lambda: found.append(get_item(state_key(state), consistent=True, now=0))
    finish(code, state, clock.now, caller=caller)
    assert found == [None]


def test_a_code_is_exchanged_once(etsy: EtsyServer, clock: Clock, caller: Caller) -> None:
    code, state = consent(start(clock.now).url)
    finish(code, state, clock.now, caller=caller)
    with pytest.raises(Rejected, match="invalid_grant"):
        finish(code, start(clock.now).state, clock.now, caller=caller)


def test_a_state_ends_after_ten_minutes(etsy: EtsyServer, clock: Clock, caller: Caller) -> None:
    code, state = consent(start(clock.now).url)
    with pytest.raises(UnknownState):
        finish(code, state, clock.now + timedelta(minutes=10), caller=caller)


@pytest.mark.parametrize("state", ["", "made-up"])
def test_a_state_that_was_not_given_out_is_refused(
    state: str, etsy: EtsyServer, clock: Clock, caller: Caller
) -> None:
    with pytest.raises(UnknownState):
        finish("code", state, clock.now, caller=caller)


def test_an_address_that_is_not_registered_is_refused(
    etsy: EtsyServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETSY_REDIRECT_URI", f"{REDIRECT_URI}/")
    answer = requests.get(start(clock.now).url, allow_redirects=False, timeout=5)
    assert answer.status_code == 400


def test_a_shop_that_is_not_listed_is_not_stored(
    etsy: EtsyServer, clock: Clock, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETSY_SHOP_IDS", "99")
    code, state = consent(start(clock.now).url)
    with pytest.raises(Rejected, match="other_shop"):
        finish(code, state, clock.now, caller=caller)
    assert etsy_token(str(SHOP_ID)) is None


def test_nothing_begins_without_settings(
    etsy: EtsyServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ETSY_CLIENT_SECRET")
    with pytest.raises(NotConfigured, match="ETSY_CLIENT_SECRET"):
        start(clock.now)


def test_the_challenge_is_the_one_of_the_specification() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oauth.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
