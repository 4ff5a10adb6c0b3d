"""Fixtures: the channels on loopback with a client for each, and time that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import requests

from common.clock import iso
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.orders import orders_updated_since as amazon_orders_since
from etsy_sync.adapters.amazon.returns import read_returns
from etsy_sync.adapters.amazon.settings import AmazonSettings
from etsy_sync.adapters.definition import ChannelDefinition
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.orders import find_order as find_etsy_order
from etsy_sync.adapters.etsy.orders import orders_since as etsy_orders_since
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.registry import CHANNELS
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.orders import find_order as find_shopify_order
from etsy_sync.adapters.shopify.orders import orders_updated_since as shopify_orders_since
from etsy_sync.adapters.shopify.settings import ShopifySettings
from etsy_sync.repositories.etsy_tokens import EtsyToken, save_consent
from tests.common.stock_builders import NOW
from tools.fakes.amazon_server import AmazonServer
from tools.fakes.etsy_server import SHOP_ID, EtsyServer
from tools.fakes.serving import serving
from tools.fakes.shopify_server import CLIENT_ID, LOCATION, SECRET, SHOP_DOMAIN, ShopifyServer

Announced = list[str]


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Announced:
    """The SKUs that were announced."""
    skus: Announced = []
    monkeypatch.setattr("etsy_sync.inbound.sales.announce", skus.extend)
    return skus


@dataclass
class Time:
    """A time that goes on when it is told to, or when somebody sleeps."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Lets time pass without waiting."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time(NOW.replace(microsecond=0))


@pytest.fixture
def caller(time: Time) -> Iterator[Caller]:
    with requests.Session() as session:
        yield Caller(session, time.sleep, lambda: 1.0)


@pytest.fixture
def etsy(
    time: Time, table: str, token_key_at_hand: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EtsyServer]:
    """An Etsy whose owner has just connected the shop."""
    server = EtsyServer(time)
    with serving(server):
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        granted, moment = server.grant(), iso(time.now)
        save_consent(
            EtsyToken(
                shop_id=str(SHOP_ID),
                access_token=granted["access_token"],
                refresh_token=granted["refresh_token"],
                token_expires_at=iso(time.now + timedelta(days=9)),
                created_at=moment,
                updated_at=moment,
            )
        )
        yield server


@pytest.fixture
def etsy_client(etsy: EtsyServer, caller: Caller, time: Time) -> EtsyClient:
    return EtsyClient(EtsySettings.from_environment(), caller, time, str(SHOP_ID))


@pytest.fixture
def shopify(time: Time, table: str) -> Iterator[ShopifyServer]:
    """A Shopify shop without products."""
    server = ShopifyServer(time)
    with serving(server):
        yield server


@pytest.fixture
def shopify_client(shopify: ShopifyServer, caller: Caller, time: Time) -> ShopifyClient:
    settings = ShopifySettings(
        shop_domain=SHOP_DOMAIN,
        client_id=CLIENT_ID,
        client_secret=SECRET,
        location_id=LOCATION,
        api_base=shopify.url,
    )
    return ShopifyClient(settings, caller, time)


@pytest.fixture
def etsy_orders(etsy_client: EtsyClient) -> ChannelDefinition:
    """Etsy, whose orders are read by the tests' client."""
    return replace(
        CHANNELS["etsy"],
        orders_since=lambda _shop, moment: etsy_orders_since(etsy_client, moment),
        find_order=lambda _shop, number: find_etsy_order(etsy_client, number),
    )


@pytest.fixture
def shopify_orders(shopify_client: ShopifyClient) -> ChannelDefinition:
    """Shopify, whose orders are read by the tests' client."""
    return replace(
        CHANNELS["shopify"],
        orders_since=lambda _shop, moment: shopify_orders_since(shopify_client, moment),
        find_order=lambda _shop, number: find_shopify_order(shopify_client, number),
    )


@pytest.fixture
def amazon(time: Time, table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[AmazonServer]:
    """A seller's account without listings."""
    server = AmazonServer(time, limits={})
    with serving(server):
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def amazon_client(amazon: AmazonServer, caller: Caller, time: Time) -> AmazonClient:
    return AmazonClient(AmazonSettings.from_environment(), caller, time)


@pytest.fixture
def amazon_orders(amazon_client: AmazonClient) -> ChannelDefinition:
    """Amazon, whose orders and returns are read by the tests' client."""
    return replace(
        CHANNELS["amazon"],
        orders_since=lambda _shop, moment: amazon_orders_since(amazon_client, moment),
        returned_since=lambda kind, moment, pending: read_returns(amazon_client, kind, moment, pending),
    )
