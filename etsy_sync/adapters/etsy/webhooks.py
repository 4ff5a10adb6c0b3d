"""Webhooks: whether Etsy has sent one, and what it tells.

Signed as Standard Webhooks are: HMAC-SHA256 over `id.timestamp.body`, in base64.
https://developers.etsy.com/documentation/essentials/webhooks
"""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from common.clock import epoch
from common.config import ConfigurationError
from common.errors import InvalidInput, Unauthenticated
from common.http.webhooks import event_id, read_signed_json
from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.orders import Notice

# How far the time of sending may be from now, so that an old webhook cannot be sent again by others.
TOLERANCE = timedelta(minutes=5)

PREFIX = "whsec_"

DELIVERED = "order.delivered"
ORDERS = frozenset({"order.paid", "order.canceled", "order.shipped", DELIVERED})
CATALOGUE = ("inventory.", "listing.")

_RECEIPT = re.compile(r"/receipts/(\d+)")
_LISTING = re.compile(r"/listings/(\d+)")


def read_notice(headers: Mapping[str, str], raw_body: bytes, secret: str, now: datetime) -> Notice:
    """What a webhook tells: header names in any case, the body as it came, the secret with `whsec_`.

    Raises Unauthenticated when it is not signed with the secret or was sent more than five minutes from
    now, InvalidInput for a signed body that tells no event, NotConfigured without a secret and
    ConfigurationError for one that is no base64.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    sender_id, timestamp = sent.get("webhook-id", ""), sent.get("webhook-timestamp", "")
    expected = signature(sender_id, timestamp, raw_body, secret)
    given = list(_signatures(sent.get("webhook-signature", "")))
    if not sender_id or not any(hmac.compare_digest(expected, one) for one in given):
        raise Unauthenticated("Invalid webhook signature")
    if (
        not (timestamp.isascii() and timestamp.isdigit())
        or abs(epoch(now) - int(timestamp)) > TOLERANCE.total_seconds()
    ):
        raise Unauthenticated("The webhook is too old")
    return notice_of(sender_id, raw_body)


def signature(sender_id: str, timestamp: str, raw_body: bytes, secret: str) -> bytes:
    """The signature of a webhook sent at `timestamp` (epoch seconds), in base64."""
    if not secret:
        raise NotConfigured("Etsy is not configured: ETSY_WEBHOOK_SECRET missing")
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ConfigurationError("ETSY_WEBHOOK_SECRET must be base64 after whsec_") from None
    signed = f"{sender_id}.{timestamp}.".encode() + raw_body
    return b64encode(hmac.new(key, signed, sha256).digest())


def _signatures(header: str) -> Iterator[bytes]:
    """The signatures of a header: bare, or each after `v1,` and separated by blanks."""
    for part in header.split():
        version, comma, value = part.partition(",")
        if not comma:
            yield version.encode()
        elif version == "v1":
            yield value.encode()


def notice_of(sender_id: str, raw_body: bytes) -> Notice:
    """What a verified body tells. Raises InvalidInput when it tells no event."""
    body = read_signed_json(raw_body)
    texts = [body.get(name) for name in ("event_type", "resource_url")]
    shop_id = body.get("shop_id")
    if not all(isinstance(text, str) and text for text in texts) or not isinstance(shop_id, int | str):
        raise InvalidInput("The webhook has no event_type, resource_url or shop_id")
    kind, url = map(str, texts)
    order = _RECEIPT.search(url) if kind in ORDERS else None
    # It may be what the shop itself has just told Etsy, so it moves nothing: the next push compares.
    listing = _LISTING.search(url) if kind.startswith(CATALOGUE) else None
    return Notice(
        id=event_id(sender_id),
        kind=kind,
        shop=str(shop_id),
        order_id=order[1] if order else None,
        target=listing[1] if listing else None,
        is_delivered=kind == DELIVERED,
    )
