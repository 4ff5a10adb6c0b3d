"""Stripe's webhooks: verified over the raw body, then read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from common import config
from common.errors import InvalidInput, NotSetUp, Unauthenticated
from common.http.webhooks import event_id, read_signed_json
from orders.providers.base import Event, EventKind
from orders.providers.minor_units import from_minor

# Seconds that a signature stays good; an older one may be a recording played again.
TOLERANCE = 300

# Each type of event that matters, with what it means and which amount of its object counts.
_TYPES = {
    "payment_intent.succeeded": (EventKind.PAID, "amount_received"),
    "payment_intent.payment_failed": (EventKind.FAILED, "amount"),
    "charge.refunded": (EventKind.REFUNDED, "amount_refunded"),
}


def read_event(raw_body: bytes, headers: Mapping[str, str]) -> Event | None:
    """The event in a webhook's body; None for a type that nothing here depends on.

    Raises NotSetUp where no secret is set, Unauthenticated for a signature that is missing, forged,
    older than TOLERANCE or made for another body, InvalidInput for a signed body that is no event.
    """
    secret = config.secret("STRIPE_WEBHOOK_SECRET", "")
    if not secret:
        raise NotSetUp("Payment webhooks are not set up", 3600, reason="STRIPE_WEBHOOK_SECRET")
    _verify(raw_body, headers, secret)
    body = read_signed_json(raw_body)
    try:
        return _event(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("Not an event") from error


def _verify(raw_body: bytes, headers: Mapping[str, str], secret: str) -> None:
    import stripe

    signature = headers.get("stripe-signature") or headers.get("x-webhook-signature") or ""
    try:
        stripe.WebhookSignature.verify_header(raw_body.decode(), signature, secret, TOLERANCE)
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        raise Unauthenticated("Invalid webhook signature") from error


def _event(body: Mapping[str, Any]) -> Event | None:
    known = _TYPES.get(body["type"])
    if known is None:
        return None
    kind, amount_field = known
    thing = body["data"]["object"]
    currency = str(thing["currency"]).upper()
    reference = thing["payment_intent"] if kind is EventKind.REFUNDED else thing["id"]
    return Event(
        id=event_id(str(body["id"])),
        provider="stripe",
        kind=kind,
        order_id=_order_id(thing.get("metadata") or {}),
        reference=str(reference or ""),
        amount=_amount(thing.get(amount_field), currency),
        currency=currency,
    )


def _order_id(metadata: Mapping[str, Any]) -> int | None:
    text = str(metadata.get("order_id", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _amount(units: object, currency: str) -> Decimal | None:
    if isinstance(units, bool) or not isinstance(units, int) or units < 0:
        return None
    return from_minor(units, currency)
