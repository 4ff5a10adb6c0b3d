"""Stripe's HTTP API on loopback, as far as the shop uses it.

Form-encoded bodies, the Authorization header, idempotency keys that replay the first answer and refuse
other parameters, payment intents, refunds that never exceed what was paid and may fail later, disputes,
and signed webhooks.
https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/webhooks#verify-manually
"""

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from threading import Lock
from typing import Any

from tools.fakes.serving import Answered, Asked, listening
from tools.fakes.stripe_objects import GONE, charge_of, dispute_of, event_of, refund_of

API_KEY = "sk_test_of_the_fake"
WEBHOOK_SECRET = "whsec_of_the_fake"

FORM = "application/x-www-form-urlencoded"

GOOD_CARD, DECLINED_CARD, CAREFUL_CARD = "pm_card_visa", "pm_card_declined", "pm_card_authentication"

Fields = dict[str, str]
Outcome = tuple[int, dict[str, Any]]


@dataclass
class Fake:
    """What the account holds, and what was asked of it.

    `lose` makes the answers to that many next POSTs get lost after the work was done, `fail` that many
    next POSTs meet a broken server before any work; `before` runs once, before the next request is
    carried out. `refund_status` is what new refunds begin with, `clock` the seconds that Stripe's own clock
    shows, which goes on by one with everything that happens.
    """

    url: str = ""
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str, Fields]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    charges: list[str] = field(default_factory=list)
    lose: int = 0
    fail: int = 0
    refund_status: str = "succeeded"
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    clock: int = 1_750_000_000
    before: Callable[[], object] | None = None
    _remembered: dict[str, tuple[tuple[str, Fields], Outcome]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: Lock = field(default_factory=Lock)

    def over_http(self, asked: Asked) -> Answered | None:
        """The answer to one request as it is sent; None when it gets lost."""
        fields = asked.form if asked.body else {name: values[-1] for name, values in asked.query.items()}
        status, answer = self.answer(asked.method, asked.path, fields, asked.headers)
        if asked.method == "POST" and status == 200 and self.lose:
            self.lose -= 1
            return None
        return Answered(status, answer, {"request-id": f"req_{len(self.requests)}"})

    def answer(self, method: str, path: str, fields: Fields, headers: dict[str, str]) -> Outcome:
        """The answer to one request."""
        self.requests.append((method, path, fields))
        self.headers.append(headers)
        if headers.get("authorization") != f"Bearer {API_KEY}":
            return _error(401, "invalid_request_error", "Invalid API Key provided")
        if method == "POST" and headers.get("content-type") != FORM:
            return _error(400, "invalid_request_error", "The body must be form-encoded")
        callback, self.before = self.before, None
        if callback:
            callback()
        with self._lock:
            if self.fail and method == "POST":
                self.fail -= 1
                return _error(500, "api_error", "Something went wrong")
            return self._once(method, path, fields, headers.get("idempotency-key", ""))

    def _once(self, method: str, path: str, fields: Fields, key: str) -> Outcome:
        if method != "POST" or not key:
            return self._carry_out(method, path, fields)
        if key in self._remembered:
            asked, outcome = self._remembered[key]
            if asked != (path, fields):
                return _error(
                    400, "idempotency_error", f"Keys can only be used with the same parameters: {key}"
                )
            return outcome
        outcome = self._carry_out(method, path, fields)
        # What was refused before anything was carried out is not kept under its key.
        if outcome[0] in (200, 402):
            self._remembered[key] = ((path, fields), outcome)
        return outcome

    def _carry_out(self, method: str, path: str, fields: Fields) -> Outcome:
        parts = path.strip("/").split("/")
        match method, *parts:
            case "POST", "v1", "payment_intents":
                return self._create_intent(fields)
            case "GET", "v1", "payment_intents", name if name in self.intents:
                return 200, dict(self.intents[name])
            case "POST", "v1", "payment_intents", name, ("confirm" | "cancel") as step if (
                name in self.intents
            ):
                carry_out = self._confirm if step == "confirm" else self._cancel
                return carry_out(self.intents[name], fields)
            case "GET", "v1", "refunds":
                return self._refunds_of(fields.get("payment_intent", ""))
            case "POST", "v1", "refunds":
                return self._refund(fields)
        return _error(404, "invalid_request_error", f"No such resource: {path}", code="resource_missing")

    def _create_intent(self, fields: Fields) -> Outcome:
        amount = fields.get("amount", "")
        if not amount.isdigit() or int(amount) < 1:
            return _error(400, "invalid_request_error", "Invalid integer", param="amount")
        name = f"pi_{next(self._numbers)}"
        self.intents[name] = {
            "id": name,
            "object": "payment_intent",
            "amount": int(amount),
            "amount_received": 0,
            "client_secret": f"{name}_secret",
            "currency": fields["currency"],
            "metadata": _nested(fields, "metadata"),
            "status": "requires_payment_method",
        }
        return 200, dict(self.intents[name])

    def _cancel(self, intent: dict[str, Any], _fields: Fields) -> Outcome:
        """https://docs.stripe.com/api/payment_intents/cancel: not once the money is or is being taken."""
        if intent["status"] in ("succeeded", "processing", "canceled"):
            message = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
            return _error(400, "invalid_request_error", message, code="payment_intent_unexpected_state")
        intent["status"] = "canceled"
        return 200, dict(intent)

    def _confirm(self, intent: dict[str, Any], fields: Fields) -> Outcome:
        card = fields.get("payment_method", "")
        if intent["status"] in ("succeeded", "canceled"):
            message = f"This PaymentIntent has a status of {intent['status']}"
            return _error(400, "invalid_request_error", message, code="payment_intent_unexpected_state")
        if card == DECLINED_CARD:
            intent["status"] = "requires_payment_method"
            return _error(402, "card_error", "Your card was declined.", code="card_declined")
        if card == CAREFUL_CARD:
            intent["status"] = "requires_action"
            return 200, dict(intent)
        if card != GOOD_CARD:
            return _error(
                400, "invalid_request_error", f"No such PaymentMethod: '{card}'", param="payment_method"
            )
        self.pay(intent["id"])
        return 200, dict(intent)

    def pay(self, name: str) -> None:
        """The customer's money for an intent arrives, as after an authentication in the browser."""
        intent = self.intents[name]
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        self.charges.append(name)

    def new_intent(self, amount: int, currency: str, metadata: dict[str, str]) -> str:
        """An intent that somebody else made in the same account."""
        named = {f"metadata[{name}]": value for name, value in metadata.items()}
        return str(self._create_intent({"amount": str(amount), "currency": currency, **named})[1]["id"])

    def refunded(self, name: str) -> int:
        """How much of an intent was given back, or is on its way, in the smallest unit."""
        return sum(
            refund["amount"]
            for refund in self.refunds
            if refund["payment_intent"] == name and refund["status"] not in GONE
        )

    def _refunds_of(self, name: str) -> Outcome:
        if name not in self.intents:
            return _error(404, "invalid_request_error", f"No such payment_intent: '{name}'")
        found = [refund for refund in reversed(self.refunds) if refund["payment_intent"] == name]
        return 200, {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}

    def forget_keys(self) -> None:
        """A day goes by."""
        self._remembered.clear()

    def refund_elsewhere(self, name: str, amount: int) -> None:
        """Somebody refunds a part of an intent in Stripe's dashboard."""
        self._refund({"payment_intent": name, "amount": str(amount)})

    def _refund(self, fields: Fields) -> Outcome:
        intent = self.intents.get(fields.get("payment_intent", ""))
        if intent is None or intent["status"] != "succeeded":
            return _error(400, "invalid_request_error", "This PaymentIntent has no charge to refund")
        amount = int(fields.get("amount", intent["amount_received"]))
        left = intent["amount_received"] - self.refunded(intent["id"])
        held = sum(
            it["amount"]
            for it in self.disputes.values()
            if it["payment_intent"] == intent["id"] and self._holds(it)
        )
        if held and amount > left - held:
            return _error(
                400, "invalid_request_error", "The charge has been charged back", code="charge_disputed"
            )
        if amount > left:
            message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            return _error(400, "invalid_request_error", message, param="amount")
        name = f"re_{next(self._numbers)}"
        labels = _nested(fields, "metadata")
        refund = refund_of(intent, name, amount, self.refund_status, labels, self._tick())
        self.refunds.append(refund)
        return 200, dict(refund)

    def turn(self, refund: dict[str, Any], status: str, failure_reason: str | None = None) -> None:
        """The bank says what becomes of a refund; what failed is back in the account."""
        self._tick()
        refund["status"] = status
        if failure_reason:
            refund["failure_reason"] = failure_reason

    def refund_event(self, kind: str, refund: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """The event of a type about a refund as it is now."""
        return event_of(f"evt_{next(self._numbers)}", kind, refund | changes, self.clock)

    def dispute(self, name: str, amount: int, status: str = "needs_response") -> dict[str, Any]:
        """The buyer's bank wants a part of an intent back."""
        number = f"du_{next(self._numbers)}"
        made = dispute_of(self.intents[name], number, amount, status, "fraudulent", self._tick())
        self.disputes[number] = made
        return made

    def close(self, dispute: dict[str, Any], status: str) -> None:
        """The bank decides."""
        self._tick()
        dispute["status"] = status

    def dispute_event(self, kind: str, dispute: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """The event of a type about a dispute as it is now."""
        return event_of(f"evt_{next(self._numbers)}", kind, dispute | changes, self.clock)

    @staticmethod
    def _holds(dispute: dict[str, Any]) -> bool:
        return dispute["status"] != "won" and not dispute["status"].startswith("warning_")

    def _tick(self) -> int:
        self.clock += 1
        return self.clock

    def event(self, kind: str, name: str, **changes: Any) -> dict[str, Any]:
        """The event of a type about an intent, as its webhook would carry it now."""
        intent = self.intents[name]
        thing = dict(intent)
        if kind == "charge.refunded":
            thing = charge_of(intent, self.refunded(name))
        return event_of(f"evt_{next(self._numbers)}", kind, thing | changes, self.clock)


def signed(payload: bytes, timestamp: int, secret: str = WEBHOOK_SECRET) -> str:
    """The Stripe-Signature header of a webhook sent at `timestamp` (epoch seconds)."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


@contextmanager
def running_stripe() -> Iterator[Fake]:
    """A fresh account behind a server on a free port of loopback."""
    fake = Fake()
    with listening(fake.over_http) as fake.url:
        yield fake


def _nested(fields: Fields, name: str) -> Fields:
    return {key[len(name) + 1 : -1]: value for key, value in fields.items() if key.startswith(f"{name}[")}


def _error(status: int, kind: str, message: str, **more: str) -> Outcome:
    return status, {"error": {"type": kind, "message": message, **more}}
