"""A shop that knows its storefront."""

import pytest

from tests.catalog.discovery.documents import STOREFRONT


@pytest.fixture(autouse=True)
def storefront(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a shop with a storefront and a brand."""
    monkeypatch.setenv("STOREFRONT_URL", f"{STOREFRONT}/")
    monkeypatch.setenv("STOREFRONT_BRAND", "Ink & Paper")
    monkeypatch.setenv("SHOP_URL", "https://api.example.com")
