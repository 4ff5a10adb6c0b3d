"""The objects of Stripe's API as it writes them, as far as the shop reads them.

https://docs.stripe.com/api/refunds/object, /disputes/object, /charges/object, /events/object
"""

from typing import Any

GONE = ("failed", "canceled")


def charge_of(intent: dict[str, Any], refunded: int) -> dict[str, Any]:
    """The charge that paid an intent."""
    return {
        "id": charge_id(intent),
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": refunded,
        "currency": intent["currency"],
        "metadata": intent["metadata"],
        "payment_intent": intent["id"],
    }


def charge_id(intent: dict[str, Any]) -> str:
    """The name of the charge that paid an intent."""
    return f"ch_{intent['id']}"


def refund_of(
    intent: dict[str, Any], name: str, amount: int, status: str, metadata: dict[str, str], created: int
) -> dict[str, Any]:
    """A refund; only one that failed has a `failure_reason`."""
    return {
        "id": name,
        "object": "refund",
        "amount": amount,
        "charge": charge_id(intent),
        "created": created,
        "currency": intent["currency"],
        "metadata": metadata,
        "payment_intent": intent["id"],
        "reason": None,
        "status": status,
    }


def dispute_of(
    intent: dict[str, Any], name: str, amount: int, status: str, reason: str, created: int
) -> dict[str, Any]:
    """A dispute; the shop's metadata is not in it."""
    return {
        "id": name,
        "object": "dispute",
        "amount": amount,
        "charge": charge_id(intent),
        "created": created,
        "currency": intent["currency"],
        "metadata": {},
        "payment_intent": intent["id"],
        "reason": reason,
        "status": status,
    }


def event_of(name: str, kind: str, thing: dict[str, Any], created: int) -> dict[str, Any]:
    """An event about an object as it is now."""
    return {
        "id": name,
        "object": "event",
        "api_version": "2025-03-31.basil",
        "created": created,
        "data": {"object": thing},
        "livemode": False,
        "type": kind,
    }
