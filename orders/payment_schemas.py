"""The bodies of payments, refunds and cancellations."""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load

from common.http.fields import LARGEST_ID, Flag, Id, Money, Text, WholeNumber
from common.http.validation import Schema
from common.sparse import without_none
from orders.order_schemas import Undoing

MOST_PIECES = 10**6

_LONGEST_LIST = 200


class PaymentDetails(Schema):
    """What a provider needs; each reads its own part."""

    payment_method_id = Text(255, allow_none=True)
    payment_method = Text(255, allow_none=True, data_key="paymentMethodId")
    simulate_failure = Flag()
    simulateFailure = Flag()  # noqa: N815 - the name that clients send


class Payment(Schema):
    """A payment of an order."""

    payment_details = fields.Nested(PaymentDetails, allow_none=True)


class Cancellation(Undoing):
    """The end of an order; `elsewhere` is money that goes back by hand."""

    elsewhere = Flag(allow_none=True)


class RefundedPiecesSchema(Schema):
    """So many pieces of a line, which is named by its id or by its variant's."""

    line = WholeNumber(minimum=0, maximum=LARGEST_ID)
    variant = Id()
    quantity = WholeNumber(minimum=1, maximum=MOST_PIECES, required=True)

    @pre_load
    def _one_name(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            return data
        named = {name.removesuffix("_id"): value for name, value in data.items()}
        if (named.get("line") is None) == (named.get("variant") is None):
            raise ValidationError("must name a line or a variant")
        return without_none(named)


class RefundRequest(Cancellation):
    """Money back: of the items and the shipping, or an amount, or without these all that is left.

    `withdrawal` is the number of the one that it is for: without items, its pieces are meant.
    """

    amount = Money(minimum=Decimal("0.01"), allow_none=True)
    items = fields.List(fields.Nested(RefundedPiecesSchema), allow_none=True)
    # Null is the usual choice: it goes back with the last of the items.
    shipping = Flag(allow_none=True)
    withdrawal = WholeNumber(minimum=1, maximum=9999, allow_none=True)

    @post_load
    def _some_items(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        items = data.get("items")
        if items is not None and not 1 <= len(items) <= _LONGEST_LIST:
            raise ValidationError(f"items must have 1 to {_LONGEST_LIST} entries")
        return data
