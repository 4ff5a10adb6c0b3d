"""The settings of the application at Etsy."""

from decimal import Decimal

import pytest

from common.config import ConfigurationError
from etsy_sync.adapters.etsy.settings import API_BASE, EtsySettings
from etsy_sync.adapters.interface import NotConfigured


@pytest.fixture(autouse=True)
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETSY_CLIENT_ID", "key")
    monkeypatch.setenv("ETSY_CLIENT_SECRET", "secret-part")
    monkeypatch.setenv("ETSY_REDIRECT_URI", "https://shop.test/callback")


def test_the_key_header_has_both_parts_and_nothing_secret_is_printed() -> None:
    settings = EtsySettings.from_environment()
    assert settings.api_key == "key:secret-part"
    assert "secret-part" not in repr(settings)
    assert (settings.api_base, settings.daily_reserve) == (API_BASE, Decimal("0.2"))
    assert (settings.is_enabled, settings.renew_sold_out, settings.shop_ids) == (True, False, ())


@pytest.mark.parametrize("name", ["ETSY_CLIENT_ID", "ETSY_CLIENT_SECRET", "ETSY_REDIRECT_URI"])
def test_a_missing_setting_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    settings = EtsySettings.from_environment()
    assert not settings.is_configured
    with pytest.raises(NotConfigured, match=name):
        settings.require()


def test_shops_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETSY_SHOP_IDS", "1, 2,")
    assert EtsySettings.from_environment().require().shop_ids == ("1", "2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ETSY_DAILY_RESERVE", "2"),
        ("ETSY_DAILY_RESERVE", "a fifth"),
        ("ETSY_SYNC_ENABLED", "maybe"),
        ("ETSY_RENEW_SOLD_OUT", "2"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        EtsySettings.from_environment()
