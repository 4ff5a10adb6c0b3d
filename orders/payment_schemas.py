"""The bodies of payments, refunds and cancellations."""

from decimal import Decimal

from marshmallow import fields

from common.http.validation import Flag, Money, Schema, Text


class PaymentDetails(Schema):
    """What a provider needs; each reads its own part."""

    payment_method_id = Text(255, allow_none=True)
    payment_method = Text(255, allow_none=True, data_key="paymentMethodId")
    simulate_failure = Flag()
    simulateFailure = Flag()  # noqa: N815 - the name that clients send


class Payment(Schema):
    """A payment of an order."""

    payment_details = fields.Nested(PaymentDetails, allow_none=True)


class Cancellation(Schema):
    """The end of an order; `restock` null is the usual choice."""

    restock = Flag(allow_none=True)
    reason = Text(500, allow_none=True)


class RefundRequest(Cancellation):
    """Money back; without an amount all that is left."""

    amount = Money(minimum=Decimal("0.01"), allow_none=True)
