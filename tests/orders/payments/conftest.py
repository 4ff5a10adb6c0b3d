"""Fixtures: the orders app, its visitors, and a Stripe of our own."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from common.clock import epoch, utc_now
from common.http import ShopApp, create_app
from orders.routes import routes
from tests.fakes.stripe_server import API_KEY, WEBHOOK_SECRET, Fake, running_stripe, signed
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

Deliver = Callable[[dict[str, Any]], Answer]


@cache
def orders_app() -> ShopApp:
    """An app with the routes of orders and no others."""
    return create_app("orders", [routes])


@pytest.fixture
def visitor(table: str) -> Client:
    """Somebody who is not signed in."""
    return Client(orders_app())


@pytest.fixture
def admin(table: str) -> Client:
    """An administrator."""
    return Client(orders_app(), token=admin_token())


@pytest.fixture
def stripe(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """A Stripe account of its own, which the shop is set up to use; the library retries at once."""
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0)
    monkeypatch.setattr("stripe._http_client.HTTPClient.MAX_DELAY", 0)
    with running_stripe() as fake:
        monkeypatch.setenv("PAYMENT_PROVIDER", "stripe")
        monkeypatch.setenv("STRIPE_API_KEY", API_KEY)
        monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET)
        monkeypatch.setenv("STRIPE_API_BASE", fake.url)
        yield fake


@pytest.fixture
def deliver(visitor: Client) -> Deliver:
    """Delivers an event to the webhook, signed as Stripe signs it."""

    def post(event: dict[str, Any]) -> Answer:
        payload = json.dumps(event).encode()
        headers = {"Stripe-Signature": signed(payload, epoch(utc_now())), "Content-Type": "application/json"}
        return visitor.post("/api/webhooks/payment", data=payload, headers=headers)

    return post
