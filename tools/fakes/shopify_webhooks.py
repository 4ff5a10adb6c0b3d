"""Shopify's webhooks: payloads as Shopify writes them, signed, queued, sent when asked to."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from threading import Thread
from typing import Any
from uuid import uuid4

import requests

from tools.fakes.shopify_shop import Order, Refund, Shop

SECRET = "shpss_of_the_fake"
SHOP_DOMAIN = "fake-shop.myshopify.com"

# Shopify gives a receiver so many seconds.
PATIENCE = 5


@dataclass(frozen=True)
class Webhook:
    """One webhook as it goes over the wire."""

    topic: str
    headers: dict[str, str]
    body: bytes


class Outbox:
    """Webhooks that wait, and those that were taken; sent to `url`, each at once when `is_prompt`."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.url = ""
        self.secret = SECRET
        self.is_prompt = False
        self.waiting: list[Webhook] = []
        self.taken: list[Webhook] = []

    def add(self, topic: str, payload: dict[str, Any], moment: datetime) -> None:
        """Signs a webhook and queues or sends it."""
        body = json.dumps(payload, default=str).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-SHA256": signature(body, self.secret),
            "X-Shopify-Shop-Domain": SHOP_DOMAIN,
            "X-Shopify-API-Version": self.version,
            "X-Shopify-Webhook-Id": str(uuid4()),
            "X-Shopify-Event-Id": str(uuid4()),
            "X-Shopify-Triggered-At": moment.isoformat().replace("+00:00", "Z"),
        }
        webhook = Webhook(topic, headers, body)
        if self.is_prompt and self.url:
            self.taken.append(webhook)
            Thread(target=self.post, args=(webhook,), daemon=True).start()
        else:
            self.waiting.append(webhook)

    def deliver(self, count: int | None = None) -> list[tuple[str, int]]:
        """Sends what waits, the first `count` of it; what is not answered with 2xx keeps waiting.

        Gives each one's topic and status; 0 for no answer.
        """
        chosen = self.waiting[:count]
        outcomes = [(webhook, self.post(webhook)) for webhook in chosen]
        for webhook, status in outcomes:
            if 200 <= status < 300:
                self.waiting.remove(webhook)
                self.taken.append(webhook)
        return [(webhook.topic, status) for webhook, status in outcomes]

    def redeliver(self, count: int | None = None) -> list[tuple[str, int]]:
        """Sends what was taken once more, the last `count` of it."""
        chosen = self.taken if count is None else self.taken[-count:]
        return [(webhook.topic, self.post(webhook)) for webhook in list(chosen)]

    def post(self, webhook: Webhook) -> int:
        """Sends one; the status of the answer, 0 for none."""
        try:
            return requests.post(
                self.url, data=webhook.body, headers=webhook.headers, timeout=PATIENCE
            ).status_code
        except requests.RequestException:
            return 0


def signature(body: bytes, secret: str) -> str:
    """The X-Shopify-Hmac-SHA256 header of a body."""
    return b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()


def payload_of(topic: str, thing: Any) -> dict[str, Any]:
    """What a topic says of a thing of the shop."""
    payloads: dict[str, Callable[[Any], dict[str, Any]]] = {
        "orders/create": _order,
        "orders/cancelled": _order,
        "orders/edited": _edit,
        "refunds/create": _refund,
        "inventory_levels/update": _level,
    }
    return payloads[topic](thing)


def queue_into(outbox: Outbox, shop: Shop, topic: str, thing: Any) -> None:
    """Queues the webhook of a change."""
    outbox.add(topic, payload_of(topic, thing), shop.clock())


def _order(order: Order) -> dict[str, Any]:
    total = order.subtotal + order.shipping
    return {
        "id": order.id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order.id}",
        "name": f"#{order.number}",
        "created_at": order.created_at.isoformat(),
        "updated_at": order.updated_at.isoformat(),
        "cancelled_at": order.cancelled_at.isoformat() if order.cancelled_at else None,
        "financial_status": order.financial_status.lower(),
        "test": order.is_test,
        "currency": "EUR",
        "email": order.email or "",
        "customer": None,
        "subtotal_price": _text(order.subtotal),
        "total_discounts": "0.00",
        "total_tax": "0.00",
        "total_price": _text(total),
        "total_shipping_price_set": {"shop_money": {"amount": _text(order.shipping), "currency_code": "EUR"}},
        "line_items": [
            {
                "id": line.id,
                "sku": line.variant.sku,
                "variant_id": line.variant.id,
                "title": line.variant.product_title,
                "quantity": line.quantity,
                "current_quantity": line.current,
                "price": _text(line.variant.price),
            }
            for line in order.lines
        ],
        "refunds": [_refund(refund) for refund in order.refunds],
    }


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.id,
        "order_id": refund.order.id,
        "created_at": refund.created_at.isoformat(),
        "refund_line_items": [
            {
                "id": line.id + 1_000_000,
                "line_item_id": line.id,
                "quantity": quantity,
                "restock_type": restock_type,
                "location_id": None,
            }
            for line, quantity, restock_type in refund.lines
        ],
    }


def _edit(edit: Any) -> dict[str, Any]:
    """https://shopify.dev/docs/api/webhooks: `orders/edited` tells of what changed, and not of the order."""
    order, changes = edit
    return {
        "order_edit": {
            "id": order.id + 2_000_000,
            "order_id": order.id,
            "notify_customer": False,
            "reason": "",
            "committed_at": order.updated_at.isoformat(),
            "line_items": {
                "additions": [{"id": line, "delta": delta} for line, delta in changes.items() if delta > 0],
                "removals": [{"id": line, "delta": -delta} for line, delta in changes.items() if delta < 0],
            },
        }
    }


def _level(change: Any) -> dict[str, Any]:
    variant, location, available, moment = change
    return {
        "inventory_item_id": variant.item,
        "location_id": int(location),
        "available": available,
        "updated_at": moment.isoformat(),
        "admin_graphql_api_id": f"gid://shopify/InventoryLevel/{location}?inventory_item_id={variant.item}",
    }


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"
