"""Fixtures for tests of the Shopify adapter: a fake shop, its clients, and a time that sleeping moves."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import requests

from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.shopify.channel import ShopifyChannel
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.settings import ShopifySettings
from tools.fakes.serving import serving
from tools.fakes.shopify_server import CLIENT_ID, LOCATION, SECRET, SHOP_DOMAIN, ShopifyServer


@dataclass
class Time:
    """The time of the client and the shop; `waits` are the seconds that somebody slept."""

    now: datetime = datetime(2026, 11, 21, 10, tzinfo=UTC)
    waits: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SHOPIFY_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def shop(time: Time) -> Iterator[ShopifyServer]:
    server = ShopifyServer(time.clock)
    with serving(server):
        yield server


@pytest.fixture
def settings(shop: ShopifyServer) -> ShopifySettings:
    return ShopifySettings(
        shop_domain=SHOP_DOMAIN,
        client_id=CLIENT_ID,
        client_secret=SECRET,
        location_id=LOCATION,
        api_base=shop.url,
    )


@pytest.fixture
def caller(time: Time) -> Iterator[Caller]:
    with requests.Session() as session:
        yield Caller(session, time.sleep, lambda: 0.5)


@pytest.fixture
def client(settings: ShopifySettings, caller: Caller, time: Time) -> ShopifyClient:
    return ShopifyClient(settings, caller, time.clock)


@pytest.fixture
def channel(client: ShopifyClient) -> ShopifyChannel:
    return ShopifyChannel(client)
