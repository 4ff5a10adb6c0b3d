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

# Each type of event that matters, with what it means and which amount of its object counts. Older and newer
# versions of Stripe's API name the same step of a refund differently; whatever is told twice counts once.
_TYPES = {
    "payment_intent.succeeded": (EventKind.PAID, "amount_received"),
    "payment_intent.payment_failed": (EventKind.FAILED, "amount"),
    "charge.refunded": (EventKind.REFUNDED, "amount_refunded"),
    "charge.refund.updated": (EventKind.REFUND, "amount"),
    "refund.created": (EventKind.REFUND, "amount"),
    "refund.updated": (EventKind.REFUND, "amount"),
    "refund.failed": (EventKind.REFUND, "amount"),
    "charge.dispute.created": (EventKind.DISPUTE, "amount"),
    "charge.dispute.updated": (EventKind.DISPUTE, "amount"),
    "charge.dispute.closed": (EventKind.DISPUTE, "amount"),
    "charge.dispute.funds_withdrawn": (EventKind.DISPUTE, "amount"),
    "charge.dispute.funds_reinstated": (EventKind.DISPUTE, "amount"),
}
_INTENTS = (EventKind.PAID, EventKind.FAILED)
_LATER = (EventKind.REFUND, EventKind.DISPUTE)


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
    reference = thing["id"] if kind in _INTENTS else thing.get("payment_intent")
    metadata = thing.get("metadata") or {}
    return Event(
        id=event_id(str(body["id"])),
        provider="stripe",
        kind=kind,
        order_id=order_id_in(metadata),
        reference=str(reference or ""),
        amount=_amount(thing.get(amount_field), currency),
        currency=currency,
        created=_seconds(body.get("created")),
        subject=event_id(str(thing["id"])) if kind in _LATER else "",
        state=str(thing.get("status") or ""),
        key=str(metadata.get("key") or ""),
        reason=str(thing.get("failure_reason") or thing.get("reason") or ""),
    )


def order_id_in(metadata: Mapping[str, Any]) -> int | None:
    """The id of our order in an object's metadata; None where there is none."""
    text = str(metadata.get("order_id", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _seconds(moment: object) -> int:
    return moment if isinstance(moment, int) and not isinstance(moment, bool) else 0


def _amount(units: object, currency: str) -> Decimal | None:
    if isinstance(units, bool) or not isinstance(units, int) or units < 0:
        return None
    return from_minor(units, currency)
