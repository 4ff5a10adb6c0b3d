"""Fixtures: the orders app, its visitors, and a Stripe of our own."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from common.clock import epoch, utc_now
from common.http import ShopApp, create_app
from orders.routes import routes
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token
from tools.fakes.stripe_server import signed

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
def deliver(visitor: Client) -> Deliver:
    """Delivers an event to the webhook, signed as Stripe signs it."""

    def post(event: dict[str, Any]) -> Answer:
        payload = json.dumps(event).encode()
        headers = {"Stripe-Signature": signed(payload, epoch(utc_now())), "Content-Type": "application/json"}
        return visitor.post("/api/webhooks/payment", data=payload, headers=headers)

    return post
