"""The settings of the connection, from the environment."""

import pytest

from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.shopify.settings import ShopifySettings

COMPLETE = {
    "SHOPIFY_SHOP_DOMAIN": "my-shop.myshopify.com",
    "SHOPIFY_CLIENT_ID": "client",
    "SHOPIFY_CLIENT_SECRET": "secret",
    "SHOPIFY_LOCATION_ID": "655441491",
}


def from_environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> ShopifySettings:
    for name, value in (COMPLETE | values).items():
        monkeypatch.setenv(name, value)
    return ShopifySettings.from_environment()


def test_an_empty_environment_is_not_configured() -> None:
    settings = ShopifySettings.from_environment()
    assert not settings.is_configured
    assert settings.webhook_secrets == ()
    with pytest.raises(NotConfigured, match="SHOPIFY_SHOP_DOMAIN, SHOPIFY_CLIENT_ID"):
        settings.require()


def test_a_complete_environment_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(monkeypatch)
    assert settings.is_configured
    assert settings.require() is settings
    assert settings.api_base == "https://my-shop.myshopify.com"
    assert settings.api_version == "2026-10"


@pytest.mark.parametrize("name", COMPLETE)
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    settings = from_environment(monkeypatch, **{name: ""})
    with pytest.raises(NotConfigured, match=name):
        settings.require()


@pytest.mark.parametrize(
    "domain", ["evil.example", "my-shop.myshopify.com.evil.example", "a/b.myshopify.com"]
)
def test_the_secret_goes_to_no_other_host(monkeypatch: pytest.MonkeyPatch, domain: str) -> None:
    assert not from_environment(monkeypatch, SHOPIFY_SHOP_DOMAIN=domain).is_configured


def test_a_domain_and_a_location_may_be_given_as_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(
        monkeypatch,
        SHOPIFY_SHOP_DOMAIN="https://My-Shop.myshopify.com/",
        SHOPIFY_LOCATION_ID="gid://shopify/Location/655441491",
    )
    assert (settings.shop_domain, settings.location_id) == ("my-shop.myshopify.com", "655441491")


def test_a_location_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotConfigured, match="SHOPIFY_LOCATION_ID"):
        from_environment(monkeypatch, SHOPIFY_LOCATION_ID="the studio").require()


def test_the_previous_secret_is_for_webhooks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_environment(monkeypatch, SHOPIFY_PREVIOUS_CLIENT_SECRET="old")
    assert settings.webhook_secrets == ("secret", "old")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = repr(from_environment(monkeypatch, SHOPIFY_PREVIOUS_CLIENT_SECRET="older"))
    assert "secret='" not in shown
    assert "older" not in shown
