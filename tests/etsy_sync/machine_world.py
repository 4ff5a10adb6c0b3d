"""The shop's own code and fakes of all three channels, joined by their settings, a queue and one clock."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from catalog.variants import count_stock
from common import clock as common_clock
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.encryption import new_local_key
from common.http import Identity, Role, ShopApp, create_app
from common.jobs import JobReport
from common.repositories.product_writes import add_product
from etsy_sync import jobs, wiring
from etsy_sync.adapters import http as channel_http
from etsy_sync.adapters.amazon import channel as amazon_channel
from etsy_sync.adapters.shopify import channel as shopify_channel
from etsy_sync.repositories.etsy_tokens import EtsyToken, save_consent
from etsy_sync.routes import webhooks
from etsy_sync.stock.inventory import map_sku
from etsy_sync.sync.consuming import Consumed, Message, consume
from orders.allocation import RequestedItem
from orders.checkout import place_order
from tests.orders.cart_builders import on_sale, variant
from tests.orders.order_builders import purchase
from tests.support.http import Client
from tools.fakes.amazon_server import AmazonServer
from tools.fakes.channels import Fakes, redirect_uri
from tools.fakes.etsy_server import SHOP_ID, EtsyServer
from tools.fakes.serving import Server, serving
from tools.fakes.shopify_server import ShopifyServer

SHOP = "https://shop.test"
ADMIN = Identity("1", "admin", Role.ADMIN)
QUEUE = {"STOCK_QUEUE_URL": "https://queue.test/stock"}

CHANNELS = ("etsy", "shopify", "amazon")
SKUS = ("V-1-0", "V-2-0", "V-2-1")
"""The first is the only variant of work 1, the others are those of work 2 and share an Etsy listing."""
OPENING = {"V-1-0": 6, "V-2-0": 4, "V-2-1": 9}

# Amazon shows what it accepted some minutes later.
SETTLES = 240


class Died(BaseException):
    """A worker is gone: nothing of what it had still to do is done."""


@dataclass
class Clock:
    """The time of the shop and of all channels; it stands still unless somebody sleeps or moves it."""

    now: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        """Time goes by."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Queue:
    """An SQS client that keeps what it is sent, in no order that anybody can rely on."""

    waiting: list[Message] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - names of boto3
        """Takes messages."""
        for entry in Entries:
            self._take(entry["MessageBody"])
        return {}

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0) -> None:  # noqa: N803 - names of boto3
        """Takes a message; whoever plays the queue decides when it arrives."""
        self._take(MessageBody)

    def change_message_visibility(self, **_: Any) -> None:
        """Nothing: see `send_message`."""

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        """How many messages wait."""
        return {"Attributes": {"ApproximateNumberOfMessages": str(len(self.waiting))}}

    def skus(self) -> list[str]:
        """The SKUs of the messages that wait."""
        return [message.sku for message in self.waiting if message.sku]

    def _take(self, body: str) -> None:
        number = next(self._numbers)
        self.waiting.append(Message(f"message-{number}", f"receipt-{number}", body))


@dataclass
class World:
    """Everything at a moment."""

    clock: Clock
    fakes: Fakes
    queue: Queue
    listings: dict[str, int] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)

    def server(self, channel: str) -> Server:
        """The fake of a channel."""
        server: Server = getattr(self.fakes, channel)
        return server

    def stock_shop(self) -> None:
        """Two works of the shop, and the same pieces on every channel, which shows other numbers so far."""
        for work, numbers in ((1, (0,)), (2, (0, 1))):
            variants = tuple(variant(work, each, stock=OPENING[f"V-{work}-{each}"]) for each in numbers)
            with UnitOfWork() as unit:
                add_product(unit, on_sale(work, variants=variants))
            skus = [each.sku for each in variants if each.sku]
            listing = self.fakes.etsy.create_listing(f"Work {work}", dict.fromkeys(skus, 1))
            self.listings |= dict.fromkeys(skus, listing)
            rows = [{"sku": sku, "available": 1} for sku in skus]
            for made in self.fakes.shopify.create_product(f"Work {work}", rows):
                self.items[made["sku"]] = made["inventory_item_id"]
            for number, sku in enumerate(skus):
                self.fakes.amazon.create_listing(sku, 1)
                map_sku(sku, f"B{work:08d}{number}", self.clock.now)

    def connect_etsy(self) -> None:
        """The owner has consented."""
        given = self.fakes.etsy.grant()
        ends = iso(self.clock.now + timedelta(seconds=given["expires_in"]))
        save_consent(
            EtsyToken(
                shop_id=str(SHOP_ID),
                access_token=given["access_token"],
                refresh_token=given["refresh_token"],
                token_expires_at=ends,
                created_at=iso(self.clock.now),
                updated_at=iso(self.clock.now),
            )
        )

    def shown(self, channel: str, sku: str) -> int:
        """What buyers can have of a SKU on a channel now."""
        if channel == "etsy":
            listing = self.fakes.etsy.shop.listing(self.listings[sku])
            return int(listing.offering(sku)["quantity"]) if listing.state == "active" else 0
        if channel == "shopify":
            return self.fakes.shopify.available(item=self.items[sku]) or 0
        self.fakes.amazon.account.apply_due()
        return self.fakes.amazon.account.listings[sku].quantity

    def buy(self, channel: str, sku: str, pieces: int) -> tuple[str, str]:
        """Somebody buys on a channel; by which ids the shop will know the order and its line.

        ValueError when the channel does not show so many pieces.
        """
        if channel == "etsy":
            receipt = self.fakes.etsy.buy(self.listings[sku], sku, pieces)
            [line] = self.fakes.etsy.shop.receipts[receipt]["transactions"]
            return str(receipt), str(line["transaction_id"])
        if channel == "amazon":
            order = self.fakes.amazon.buy(sku, pieces)
            [item] = self.fakes.amazon.account.orders[order]["orderItems"]
            return order, f"{order}:{item['orderItemId']}"
        number = self.fakes.shopify.buy(item=self.items[sku], quantity=pieces)
        return str(number), f"{number}:{self.fakes.shopify.shop.orders[number].lines[0].id}"

    def sell(self, sku: str, pieces: int) -> int:
        """Somebody buys in the shop; the order's id."""
        _, work, number = sku.split("-")
        wanted = (RequestedItem(int(work), int(work) * 10 + int(number), pieces),)
        order = replace(purchase(), wanted=wanted)
        return place_order(order, self.clock.now).order.id

    def run(self, job: str) -> JobReport:
        """Runs a job as its schedule does."""
        return jobs.run(job, self.clock.now)

    def deliver(self, *messages: Message) -> Consumed:
        """Hands messages to a worker; those that it could not do wait again."""
        consumed = consume(messages, wiring.pusher(), lambda: 600.0)
        self.queue.waiting += consumed.failed
        return consumed

    def deliver_all(self, rounds: int = 9) -> None:
        """Works the queue off, with half a minute between two rounds for what was postponed."""
        for _ in range(rounds):
            messages, self.queue.waiting = self.queue.waiting, []
            if not messages:
                return
            self.deliver(*messages)
            self.clock.move(30)

    def events(self) -> list[tuple[str, bytes, dict[str, str]]]:
        """Every webhook that the channels have to send: its path, body and headers, signed now."""
        now = self.clock.now
        etsy = [("etsy", it.body, it.headers(now)) for it in self.fakes.etsy.webhooks.events]
        outbox = self.fakes.shopify.outbox
        return etsy + [("shopify", it.body, it.headers) for it in (*outbox.taken, *outbox.waiting)]

    def post(self, channel: str, body: bytes, headers: dict[str, str]) -> int:
        """Hands a webhook to the shop; the status of the answer."""
        client = Client(_webhook_app())
        return client.post(f"/api/webhooks/{channel}", data=body, headers=headers).status

    def count(self, sku: str, pieces: int) -> None:
        """The artist counts what is there."""
        _, work, number = sku.split("-")
        count_stock(int(work) * 10 + int(number), "set", pieces, ADMIN, self.clock.now)


@contextmanager
def dying(step: str) -> Iterator[None]:
    """Whoever takes the step dies: nothing behind it is done, and a lease is left behind."""
    with patch(step, side_effect=Died), patch("common.leases.release"):
        yield


@contextmanager
def open_world(**settings: str) -> Iterator[World]:
    """The channels running and the shop's settings leading to them; a table has to be there.

    Whatever the code does, no time goes by but by the clock: sleeping moves it.
    """
    clock, queue = Clock(), Queue()
    fakes = Fakes(EtsyServer(clock), ShopifyServer(clock), AmazonServer(clock, delay=SETTLES))
    fakes.etsy.oauth.redirect_uris.add(redirect_uri(SHOP))
    with ExitStack() as stack:
        for name in CHANNELS:
            stack.enter_context(serving(getattr(fakes, name)))
        keys = {"TOKEN_ENCRYPTION_KEY": new_local_key(), "PAYMENT_PROVIDER": "mock", **QUEUE}
        stack.enter_context(patch.dict(os.environ, fakes.environment(SHOP) | keys | settings))
        stack.enter_context(patch("common.stock_queue.get_client", lambda: queue))
        _move_by(clock, stack)
        yield World(clock, fakes, queue)


def _move_by(clock: Clock, stack: ExitStack) -> None:
    """Makes the clock the only time that there is for the shop's code."""
    times = SimpleNamespace(now=lambda _zone: clock.now, fromisoformat=datetime.fromisoformat)
    stack.enter_context(patch.object(common_clock, "datetime", times))
    stack.enter_context(patch.object(channel_http, "time", SimpleNamespace(sleep=clock.move)))
    _forget_connections()
    stack.callback(_forget_connections)


@cache
def _webhook_app() -> ShopApp:
    return create_app("etsy_sync", [webhooks.routes])


def _forget_connections() -> None:
    channel_http.process_caller.cache_clear()
    shopify_channel._client_for.cache_clear()
    amazon_channel.amazon_client.cache_clear()
