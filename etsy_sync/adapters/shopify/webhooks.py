"""Shopify's webhooks: whether one is genuine, and what it says.

The signature is of the body alone: the headers name the event and its topic, and are worth only as much as
the connection that they came by. https://shopify.dev/docs/apps/build/webhooks/subscribe/https
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from common.errors import InvalidInput, Unauthenticated
from common.http.webhooks import event_id, read_signed_json
from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.orders import Notice

# What the shop subscribes to, and where each payload names the order that it is about.
ORDER_TOPICS: Mapping[str, Sequence[str]] = {
    "orders/create": ("id",),
    "orders/cancelled": ("id",),
    "orders/edited": ("order_edit", "order_id"),
    "refunds/create": ("order_id",),
}
# A sale lowers the level too, and so does what the shop tells Shopify: it moves nothing here.
LEVEL_UPDATED = "inventory_levels/update"


def read_notice(headers: Mapping[str, str], raw_body: bytes, secrets: Sequence[str]) -> Notice:
    """What a webhook tells whose body was signed with one of `secrets`, as it came over the wire.

    A delivery is repeated for four hours, so age proves nothing: the event's id says what is done with, and
    of one event several topics may be told. `shop` is the shop's domain. Raises Unauthenticated for another
    signature, InvalidInput for what cannot be read, NotConfigured without a secret.
    """
    if not secrets:
        raise NotConfigured("SHOPIFY_CLIENT_SECRET is not set: no webhook can be trusted")
    named = {name.lower().removeprefix("x-"): value for name, value in headers.items()}
    if not is_signed(raw_body, named.get("shopify-hmac-sha256", ""), secrets):
        raise Unauthenticated("Invalid webhook signature")
    topic, payload = _header(named, "shopify-topic"), read_signed_json(raw_body)
    return Notice(
        id=f"{topic}:{_header(named, 'shopify-event-id', 'shopify-webhook-id')}",
        kind=topic,
        shop=_header(named, "shopify-shop-domain").lower(),
        order_id=_number(payload, ORDER_TOPICS[topic]) if topic in ORDER_TOPICS else None,
        target=_number(payload, ("inventory_item_id",)) if topic == LEVEL_UPDATED else None,
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


def _number(payload: dict[str, Any], path: Sequence[str]) -> str:
    value: Any = payload
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput.of_field(path[-1], "must be a number")
    return str(value)
