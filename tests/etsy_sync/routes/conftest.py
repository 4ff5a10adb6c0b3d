"""Fixtures for tests over HTTP: the channels on loopback, named by the environment, and the queue."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import boto3
import pytest
import requests

from common import sqs
from common.clock import iso, utc_now
from common.dynamodb import UnitOfWork
from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.shopify import channel as shopify_channel
from etsy_sync.repositories.etsy_listings import LISTINGS, EtsyListing
from etsy_sync.repositories.etsy_tokens import EtsyToken, save_consent
from tools.fakes.amazon_server import AmazonServer
from tools.fakes.etsy_server import SHOP_ID, EtsyServer
from tools.fakes.serving import serving
from tools.fakes.shopify_server import CLIENT_ID, LOCATION, SECRET, SHOP_DOMAIN, ShopifyServer

SHOP = str(SHOP_ID)

Waiting = Callable[[], list[dict[str, str]]]

CALLING = ("http", "etsy.channel", "etsy.tokens", "etsy.oauth", "shopify.channel", "amazon.channel")


@pytest.fixture(autouse=True)
def _no_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("ETSY_", "SHOPIFY_", "AMAZON_"))]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The channels are called over a session of this test, and nobody waits for them."""
    with requests.Session() as session:
        session.trust_env = False
        caller = Caller(session, lambda _seconds: None)
        for module in CALLING:
            monkeypatch.setattr(f"etsy_sync.adapters.{module}.process_caller", lambda: caller)
        yield


@pytest.fixture
def etsy(table: str, token_key_at_hand: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[EtsyServer]:
    """An Etsy that nobody is connected to; nobody waits for it."""
    server = EtsyServer()
    with serving(server):
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def connected(etsy: EtsyServer) -> EtsyServer:
    """An Etsy whose shop is connected."""
    given = etsy.grant()
    now = utc_now()
    save_consent(
        EtsyToken(
            shop_id=SHOP,
            access_token=given["access_token"],
            refresh_token=given["refresh_token"],
            token_expires_at=iso(now + timedelta(seconds=given["expires_in"])),
            created_at=iso(now),
            updated_at=iso(now),
        )
    )
    return etsy


@pytest.fixture
def shopify(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopifyServer]:
    """A Shopify shop that the environment names."""
    server = ShopifyServer()
    with serving(server):
        monkeypatch.setenv("SHOPIFY_SHOP_DOMAIN", SHOP_DOMAIN)
        monkeypatch.setenv("SHOPIFY_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("SHOPIFY_CLIENT_SECRET", SECRET)
        monkeypatch.setenv("SHOPIFY_LOCATION_ID", LOCATION)
        monkeypatch.setenv("SHOPIFY_API_BASE", server.url)
        yield server
    shopify_channel._client_for.cache_clear()


@pytest.fixture
def amazon(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[AmazonServer]:
    """A seller's account that the environment names."""
    server = AmazonServer()
    with serving(server):
        for name, value in server.environment().items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def queue(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    """What waits in the stock's queue, oldest first, taken out."""
    sqs.reset_client()
    client = boto3.client("sqs", region_name="eu-west-1")
    url = client.create_queue(QueueName="artshop-stock")["QueueUrl"]
    monkeypatch.setenv("STOCK_QUEUE_URL", url)

    def waiting() -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                found.append(json.loads(message["Body"]))
                client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    yield waiting
    sqs.reset_client()


def imported(listing_id: int, *skus: str, title: str = "A print") -> EtsyListing:
    """A listing as it was read from Etsy."""
    moment = iso(utc_now())
    listing = EtsyListing(
        id=listing_id, title=title, created_at=moment, updated_at=moment, shop_id=SHOP, skus=skus
    )
    with UnitOfWork() as work:
        LISTINGS.add(work, listing)
    return listing
