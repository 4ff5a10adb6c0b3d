"""Shopify's webhooks: whether one is genuine, and what it says.

The signature is of the body alone: the headers name the event and its topic, and are worth only as much as
the connection that they came by. https://shopify.dev/docs/apps/build/webhooks/subscribe/https
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from common.clock import parse_iso
from common.errors import InvalidInput, Unauthenticated
from common.http.webhooks import event_id, read_signed_json
from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.shopify.payloads import (
    parse_inventory_level,
    parse_order_cancelled,
    parse_order_created,
    parse_refund,
)

__all__ = [
    "LEVEL_UPDATED",
    "ORDER_CANCELLED",
    "ORDER_CREATED",
    "REFUND_CREATED",
    "TOPICS",
    "Event",
    "is_signed",
    "parse_inventory_level",
    "parse_order_cancelled",
    "parse_order_created",
    "parse_refund",
    "read_event",
    "sign",
]

ORDER_CREATED, ORDER_CANCELLED = "orders/create", "orders/cancelled"
REFUND_CREATED, LEVEL_UPDATED = "refunds/create", "inventory_levels/update"
# What the shop subscribes to.
TOPICS = (ORDER_CREATED, ORDER_CANCELLED, REFUND_CREATED, LEVEL_UPDATED)


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `id` is the same for each delivery of it, `triggered_at` aware in UTC."""

    id: str
    topic: str
    shop_domain: str
    triggered_at: datetime
    payload: dict[str, Any] = field(repr=False)


def read_event(headers: Mapping[str, str], raw_body: bytes, secrets: Sequence[str], now: datetime) -> Event:
    """The event of a webhook whose body was signed with one of `secrets`, as it came over the wire.

    `now` stands for the moment that Shopify does not give. A delivery is repeated for four hours, so age
    proves nothing: the effect of an event has to be bound to its id, and to the ids in its payload.
    Raises Unauthenticated for another signature, InvalidInput for what cannot be read, NotConfigured
    without a secret.
    """
    if not secrets:
        raise NotConfigured("SHOPIFY_CLIENT_SECRET is not set: no webhook can be trusted")
    named = {name.lower().removeprefix("x-"): value for name, value in headers.items()}
    if not is_signed(raw_body, named.get("shopify-hmac-sha256", ""), secrets):
        raise Unauthenticated("Invalid webhook signature")
    return Event(
        id=_header(named, "shopify-event-id", "shopify-webhook-id"),
        topic=_header(named, "shopify-topic"),
        shop_domain=_header(named, "shopify-shop-domain").lower(),
        triggered_at=_moment(named.get("shopify-triggered-at"), now),
        payload=read_signed_json(raw_body),
    )


def is_signed(raw_body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """Whether a signature (base64) of a body was made with one of the secrets; takes constant time."""
    given = signature.strip().encode()
    matches = [hmac.compare_digest(given, sign(raw_body, secret).encode()) for secret in secrets]
    return any(matches)


def sign(raw_body: bytes, secret: str) -> str:
    """The signature (base64) that Shopify makes of a body."""
    return b64encode(hmac.new(secret.encode(), raw_body, sha256).digest()).decode()


def _header(named: Mapping[str, str], *names: str) -> str:
    value = next((named[name].strip() for name in names if named.get(name, "").strip()), "")
    if not value:
        raise InvalidInput(f"The header X-{names[0].title()} is missing")
    return event_id(value)


def _moment(text: str | None, now: datetime) -> datetime:
    if not text:
        return now
    try:
        return parse_iso(text)
    except ValueError:
        raise InvalidInput("The header X-Shopify-Triggered-At is no time") from None
