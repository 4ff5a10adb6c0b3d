"""Stripe through its official library, which is imported when it is first used."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from common import config
from common.errors import InvalidInput
from common.logging import describe_exception, logger
from common.repositories.orders import Order
from orders.providers.base import (
    Charge,
    ChargeStatus,
    Event,
    GivenBack,
    Intent,
    ProviderNotSetUp,
    ProviderUnavailable,
    RefundRefused,
    Sale,
    idempotency_key,
)
from orders.providers.minor_units import to_minor
from orders.providers.stripe_events import order_id_in, read_event

if TYPE_CHECKING:
    from stripe import PaymentIntent, Refund, StripeClient
    from stripe.params import PaymentIntentCancelParams

# Seconds to connect and to wait for an answer. A step that has to ask something first waits 9 s for that
# and twice 9 s at most for itself, which stays below API Gateway's 29 s.
TIMEOUT = (2, 7)
NETWORK_RETRIES = 1

API_BASE = "https://api.stripe.com"

# Neither paid nor failed: the customer or the bank still has something to do.
_UNDER_WAY = frozenset({"requires_action", "processing", "requires_capture"})

# The money of such a refund stayed with the shop, or came back to it.
_GONE = frozenset({"failed", "canceled"})

T = TypeVar("T")


class StripeProvider:
    """One payment intent an order, so that Stripe itself cannot charge an order twice."""

    name = "stripe"
    moves_money = True
    charges = True

    def refusal(self, sale: Sale) -> str | None:
        """Refused below Stripe's minimum and above its maximum."""
        from orders.providers.stripe_amounts import amount_refusal

        return amount_refusal(sale.total, sale.currency)

    def begin(self, order: Order) -> Intent | None:
        """The intent of the order: the one that it has, else a new one."""
        intent = _intent_of(order)
        return Intent(intent.id, intent.client_secret)

    def charge(self, order: Order, details: Mapping[str, Any], key: str) -> Charge:
        """Confirms the intent with `payment_method_id`; without one, looks how the intent stands."""
        intent = _intent_of(order)
        method = _payment_method(details)
        if not method and intent.status in ("requires_payment_method", "requires_confirmation"):
            raise InvalidInput.of_field("payment_details.payment_method_id", "is required")
        if not method:
            return _judged(intent)
        return _confirm(intent.id, method, key)

    def refund(self, order: Order, amount: Decimal, key: str) -> GivenBack:
        """A refund of the order's intent, or the one that was made under this key before."""
        import stripe

        if not order.payment_intent_id:
            raise RefundRefused("The order has no payment at Stripe")
        reference = order.payment_intent_id
        try:
            made = _refund_made_before(reference, key)
            return _accepted(made or _new_refund(order, reference, amount, key))
        except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
            # Also of a payment that this account does not know, as of an order that was imported.
            raise RefundRefused(f"Stripe refused the refund: {error.user_message or error.code}") from error

    def order_paid_by(self, reference: str) -> int | None:
        """The id of the order that an intent was made for; None where it names none or there is none.

        Raises ProviderUnavailable.
        """
        import stripe

        try:
            intent = _asked(lambda: _client().v1.payment_intents.retrieve(reference))
        except stripe.InvalidRequestError:
            return None
        return order_id_in(intent.metadata.to_dict())

    def cancel_payment(self, order: Order) -> Charge | None:
        """Cancels the order's intent, also one of which the shop has not heard."""
        import stripe

        try:
            intent = _cancelled(order.payment_intent_id or _asked(lambda: _new_intent(order)).id)
        except stripe.InvalidRequestError as error:
            if error.code != "resource_missing" and order.payment_intent_id:
                logger().error("Stripe cancels no intent", extra={"order": order.order_number})
                raise ProviderUnavailable from error
            # There is no such intent, or none of this amount can be.
            return None
        return None if intent.status == "canceled" else _judged(intent)

    def parse_event(self, raw_body: bytes, headers: Mapping[str, str]) -> Event | None:
        """The report in a webhook's body; see stripe_events.read_event."""
        return read_event(raw_body, headers)


def _new_refund(order: Order, reference: str, amount: Decimal, key: str) -> "Refund":
    units = to_minor(amount, order.currency)
    metadata = {"order_id": str(order.id), "order_number": order.order_number, "key": key}
    return _asked(
        lambda: _client().v1.refunds.create(
            {"payment_intent": reference, "amount": units, "metadata": metadata}, {"idempotency_key": key}
        )
    )


def _accepted(refund: "Refund") -> GivenBack:
    """The refund, as far as the money has got; RefundRefused once it has come back."""
    if refund.status in _GONE:
        raise RefundRefused("Stripe could not carry the refund out", refund.id)
    return GivenBack(refund.id, is_pending=refund.status != "succeeded")


def _refund_made_before(reference: str, key: str) -> "Refund | None":
    """The refund that carries this key, because Stripe itself forgets a key after a day."""
    made = _asked(
        lambda: _client().v1.refunds.list(
            {"payment_intent": reference, "limit": 100}, {"max_network_retries": 0}
        )
    )
    for refund in made.data:
        labels = refund.metadata.to_dict() if refund.metadata else {}
        if labels.get("key") == key:
            return refund
    return None


def _intent_of(order: Order) -> "PaymentIntent":
    """The intent that the order has at Stripe, or a new one; asking twice at once gives the same one."""
    import stripe

    known = order.payment_intent_id
    try:
        if known:
            return _asked(lambda: _client().v1.payment_intents.retrieve(known))
        return _asked(lambda: _new_intent(order))
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
        # Nothing that the customer sent is in these requests, so the settings or the amount are wrong.
        logger().error("Stripe refused an intent", extra={"order": order.order_number})
        raise ProviderUnavailable from error


def _new_intent(order: Order) -> "PaymentIntent":
    return _client().v1.payment_intents.create(
        {
            "amount": to_minor(order.total, order.currency),
            "currency": order.currency.lower(),
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "metadata": {"order_id": str(order.id), "order_number": order.order_number},
        },
        {"idempotency_key": idempotency_key(order, "intent"), "max_network_retries": 0},
    )


def _cancelled(reference: str) -> "PaymentIntent":
    """The intent once it is cancelled, or as it stands where it cannot be any more."""
    import stripe

    reason: PaymentIntentCancelParams = {"cancellation_reason": "abandoned"}
    try:
        return _asked(lambda: _client().v1.payment_intents.cancel(reference, reason))
    except stripe.InvalidRequestError as error:
        if error.code != "payment_intent_unexpected_state":
            raise
        return _asked(lambda: _client().v1.payment_intents.retrieve(reference))


def _confirm(reference: str, method: str, key: str) -> Charge:
    import stripe

    try:
        intent = _asked(
            lambda: _client().v1.payment_intents.confirm(
                reference, {"payment_method": method}, {"idempotency_key": key}
            )
        )
    except stripe.CardError as error:
        return Charge(ChargeStatus.FAILED, reference, error.user_message or "The card was declined")
    except (stripe.InvalidRequestError, stripe.IdempotencyError):
        # The intent may have been paid by another request, or by this one before its answer was lost.
        standing = _judged(_asked(lambda: _client().v1.payment_intents.retrieve(reference)))
        if standing.status is not ChargeStatus.FAILED:
            return standing
        return Charge(ChargeStatus.FAILED, reference, "The payment details were refused")
    return _judged(intent)


def _judged(intent: "PaymentIntent") -> Charge:
    if intent.status == "succeeded":
        return Charge(ChargeStatus.SUCCEEDED, intent.id)
    if intent.status in _UNDER_WAY:
        return Charge(ChargeStatus.PENDING, intent.id, client_secret=intent.client_secret)
    return Charge(ChargeStatus.FAILED, intent.id, "The payment was not completed")


def _payment_method(details: Mapping[str, Any]) -> str:
    for name in ("payment_method_id", "paymentMethodId", "payment_method"):
        value = details.get(name)
        if value:
            return str(value)
    return ""


def _asked(request: Callable[[], T]) -> T:
    """The answer of Stripe; ProviderUnavailable when there is none that says what happened."""
    import stripe

    try:
        return request()
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError):
        raise
    except stripe.StripeError as error:
        logger().error("Stripe gave no answer", extra=describe_exception(error))
        raise ProviderUnavailable from error


def _client() -> "StripeClient":
    key = config.secret("STRIPE_API_KEY", "")
    if not key:
        raise ProviderNotSetUp(StripeProvider.name, "STRIPE_API_KEY is not set")
    return _client_for(key, config.setting("STRIPE_API_BASE", API_BASE))


@cache
def _client_for(key: str, api_base: str) -> "StripeClient":
    import stripe

    # Sends nothing about other requests, and writes no file with an id of this installation.
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        key,
        base_addresses={"api": api_base},
        max_network_retries=NETWORK_RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT),
    )
