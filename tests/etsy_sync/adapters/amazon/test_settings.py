"""The settings of an Amazon account, and that none of its secrets is shown."""

import pytest

from etsy_sync.adapters.amazon.channel import amazon_channel
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.settings import EUROPE, AmazonSettings
from etsy_sync.adapters.interface import NotConfigured
from tools.fakes.amazon_server import CLIENT_SECRET, REFRESH_TOKEN, AmazonServer

NEEDED = (
    "AMAZON_CLIENT_ID",
    "AMAZON_CLIENT_SECRET",
    "AMAZON_REFRESH_TOKEN",
    "AMAZON_SELLER_ID",
    "AMAZON_MARKETPLACE_ID",
)


def test_a_complete_environment_is_enough(amazon: AmazonServer) -> None:
    settings = AmazonSettings.from_environment()
    assert settings.is_configured
    assert settings.require() is settings
    assert settings.api_base == amazon.url


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_named(name: str, amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    assert not AmazonSettings.from_environment().is_configured
    with pytest.raises(NotConfigured, match=name):
        amazon_channel()


def test_europe_is_the_default(amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMAZON_API_BASE")
    monkeypatch.delenv("AMAZON_TOKEN_URL")
    settings = AmazonSettings.from_environment()
    assert settings.api_base == EUROPE
    assert settings.token_url == "https://api.amazon.com/auth/o2/token"


def test_no_secret_is_shown(client: AmazonClient) -> None:
    shown = f"{client!r} {client.settings!r} {client._token!r}"
    for secret in (CLIENT_SECRET, REFRESH_TOKEN, client._token.value()):
        assert secret not in shown


def test_a_process_has_one_client_of_an_account(
    amazon: AmazonServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = amazon_channel(), amazon_channel()
    assert again.client is first.client
    monkeypatch.setenv("AMAZON_SELLER_ID", "another")
    assert amazon_channel().client is not first.client
