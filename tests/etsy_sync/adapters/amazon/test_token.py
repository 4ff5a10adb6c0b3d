"""The access token: fetched once, renewed before its end and when Amazon no longer takes it."""

import pytest

from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.listings import listing
from etsy_sync.adapters.interface import AuthExpired, Rejected, Transient
from tests.etsy_sync.adapters.amazon.conftest import Connect, Time
from tools.fakes.amazon_server import AmazonServer
from tools.fakes.serving import Answered, Asked


def _fetched(amazon: AmazonServer) -> int:
    return sum(asked.path == "/auth/o2/token" for asked in amazon.asked)


def test_a_token_serves_until_five_minutes_before_its_end(
    client: AmazonClient, amazon: AmazonServer, time: Time
) -> None:
    listing(client, "A")
    time.pass_by(3600 - 301)
    listing(client, "A")
    assert _fetched(amazon) == 1
    time.pass_by(1)
    listing(client, "A")
    assert _fetched(amazon) == 2


def test_a_token_that_amazon_ended_is_renewed_once(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 3)
    listing(client, "A")
    amazon.expire_tokens()
    shown = listing(client, "A")
    assert shown is not None
    assert shown.quantity == 3
    assert _fetched(amazon) == 2


def test_access_that_a_new_token_does_not_give_needs_the_owner(
    connect: Connect, amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMAZON_SELLER_ID", "somebody-else")
    with pytest.raises(AuthExpired, match="getListingsItem: Unauthorized"):
        listing(connect(), "A")
    assert _fetched(amazon) == 2


@pytest.mark.parametrize(
    ("name", "error"), [("AMAZON_CLIENT_SECRET", "invalid_client"), ("AMAZON_REFRESH_TOKEN", "invalid_grant")]
)
def test_wrong_secrets_need_the_owner(
    name: str, error: str, connect: Connect, amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "something-wrong")
    with pytest.raises(AuthExpired, match=error) as refused:
        listing(connect(), "A")
    assert "something-wrong" not in str(refused.value)
    assert [asked.path for asked in amazon.asked] == ["/auth/o2/token"]


def test_a_consent_that_was_taken_back_needs_the_owner(client: AmazonClient, amazon: AmazonServer) -> None:
    listing(client, "A")
    amazon.revoke_consent()
    with pytest.raises(AuthExpired, match="invalid_grant"):
        listing(client, "A")


def test_a_broken_token_server_is_asked_again(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.fail_next(3)
    assert listing(client, "A") is None
    amazon.expire_tokens()
    amazon.faults.before = lambda: amazon.fail_next(20)
    with pytest.raises(Transient, match="status 503"):
        listing(client, "A")


@pytest.mark.parametrize(
    ("answered", "error"),
    [
        (Answered(200, {"access_token": "x"}), Transient),
        (Answered(200, {"access_token": "x", "expires_in": "soon"}), Transient),
        (Answered(200, b"<html>"), Transient),
        (Answered(200, []), Transient),
        (Answered(400, {"error": "invalid_request"}), Rejected),
        (Answered(302, b""), Rejected),
    ],
)
def test_an_answer_without_a_token_is_no_token(
    answered: Answered,
    error: type[Exception],
    client: AmazonClient,
    amazon: AmazonServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def handle(_: Asked) -> Answered:
        return answered

    monkeypatch.setattr(amazon, "handle", handle)
    with pytest.raises(error):
        listing(client, "A")
