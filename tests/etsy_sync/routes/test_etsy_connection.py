"""Connecting an Etsy shop by its owner's consent, and ending that."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from common.encryption import new_local_key
from common.repositories.audit import entries_of_entity
from etsy_sync.repositories.etsy_tokens import etsy_connections, etsy_token
from tests.catalog.builders import ok, refused
from tests.etsy_sync.routes.conftest import SHOP
from tests.support.http import Answer, Client
from tools.fakes.etsy_server import EtsyServer

AUTH, CALLBACK = "/api/integrations/etsy/auth", "/api/integrations/etsy/callback"
CONNECTION = "/api/admin/integrations/etsy/connection"


def consented(admin: Client) -> dict[str, str]:
    """What Etsy's redirection brings back after the owner's consent."""
    url = admin.get(AUTH).headers["Location"]
    back = requests.get(url, allow_redirects=False, timeout=10).headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def come_back(visitor: Client, **query: str) -> Answer:
    return visitor.get(CALLBACK, params=query)


def done_to(shop_id: str) -> list[tuple[str, str | None]]:
    entries = entries_of_entity("EtsyConnection", shop_id, 10).entries
    return [(entry.action, entry.user_id) for entry in entries]


def test_the_administrator_is_sent_to_etsy(admin: Client, etsy: EtsyServer) -> None:
    answer = admin.get(AUTH)
    assert (answer.status, answer.headers["Location"]) == (302, answer.json["redirectUrl"])
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.json.keys() == {"redirectUrl", "state"}
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == [answer.json["state"]]
    assert query["code_challenge_method"] == ["S256"]


def test_the_owner_who_comes_back_connects_the_shop(
    admin: Client, visitor: Client, etsy: EtsyServer, capsys: pytest.CaptureFixture[str]
) -> None:
    came = consented(admin)
    answer = come_back(visitor, **came)
    token = etsy_token(SHOP)
    assert token is not None
    assert ok(answer) == {
        "message": f"Etsy shop {SHOP} is connected",
        "shopId": SHOP,
        "expiresAt": token.token_expires_at,
    }
    assert "no-store" in answer.headers["Cache-Control"]
    assert done_to(SHOP) == [("CREATE", "etsy_owner")]
    told = answer.text + capsys.readouterr().out
    assert not any(secret in told for secret in (token.access_token, token.refresh_token, *came.values()))


def test_a_state_serves_once(admin: Client, visitor: Client, etsy: EtsyServer) -> None:
    came = consented(admin)
    assert come_back(visitor, **came).status == 200
    refused(come_back(visitor, **came), 400, "Unknown or expired state")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"error": "access_denied", "state": "x"}, "access_denied"),
        ({"error": "<script>", "state": "x"}, "an error"),
        ({"state": "x"}, "code"),
        ({"code": "x"}, "state"),
        ({"code": "x", "state": "never given"}, "Unknown or expired state"),
    ],
)
def test_who_comes_back_without_a_consent_changes_nothing(
    visitor: Client, etsy: EtsyServer, query: dict[str, str], words: str
) -> None:
    refused(come_back(visitor, **query), 400, words)
    assert etsy_connections() == []


def test_a_consent_that_etsy_does_not_know_is_told_clearly(
    admin: Client, visitor: Client, etsy: EtsyServer
) -> None:
    state = consented(admin)["state"]
    refused(
        come_back(visitor, code="made up", state=state), 502, "invalid_grant", "start the connection again"
    )
    assert etsy_connections() == []


def test_an_etsy_that_does_not_answer_is_told_clearly(
    admin: Client, visitor: Client, etsy: EtsyServer
) -> None:
    came = consented(admin)
    etsy.fail_next(10)
    refused(come_back(visitor, **came), 503)
    assert etsy_connections() == []


def test_nobody_waits_longer_for_etsy_than_for_an_answer(
    admin: Client, visitor: Client, etsy: EtsyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = consented(admin)
    monkeypatch.setattr("etsy_sync.adapters.etsy.connection.PATIENCE", 0)
    etsy.fail_next(10, 429, 4)
    refused(come_back(visitor, **came), 503, "in time")


def test_without_settings_nothing_is_begun(admin: Client, visitor: Client) -> None:
    refused(admin.get(AUTH), 503, "ETSY_CLIENT_ID", "ETSY_REDIRECT_URI")
    assert refused(come_back(visitor, code="x", state="y"), 503) == "Etsy is not configured"


def test_without_a_key_to_seal_tokens_nothing_is_begun(
    admin: Client, etsy: EtsyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN_ENCRYPTION_KEY")
    refused(admin.get(AUTH), 503, "TOKEN_KMS_KEY_ID")


def test_another_key_than_the_consent_was_begun_with_is_not_a_500(
    admin: Client, visitor: Client, etsy: EtsyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = consented(admin)
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())
    refused(come_back(visitor, **came), 503)


def test_a_shop_is_disconnected(admin: Client, connected: EtsyServer) -> None:
    assert ok(admin.delete(CONNECTION))["shop_id"] == SHOP
    assert etsy_connections() == []
    assert done_to(SHOP) == [("DELETE", "1")]
    refused(admin.delete(CONNECTION), 404, "No Etsy shop is connected")


def test_a_shop_that_nobody_connected_is_not_disconnected(admin: Client, connected: EtsyServer) -> None:
    refused(admin.delete(CONNECTION, params={"shop_id": "8"}), 404, "not connected")
    assert [each.shop_id for each in etsy_connections()] == [SHOP]
    assert done_to("8") == []
