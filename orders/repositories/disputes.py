"""Disputes of payments with the buyer's bank: one row each under their order, as last reported."""

from dataclasses import dataclass
from decimal import Decimal

from common import prefixes
from common.dynamodb.rows import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Money that the buyer's bank wants back; `status` is the provider's word.

    `amount` in the order's currency; `reported_at` is when the provider wrote what is known of it (epoch
    seconds).
    """

    order_id: int
    id: str
    amount: Decimal
    status: str
    reported_at: int
    reason: str | None = None


# Stops two reports of one dispute that come at once from being written in the wrong order. The rows stand
# behind the two of the order itself, which are read as one stretch.
DISPUTES = Rows(
    Dispute,
    "Dispute",
    key=prefixes.ORDER + "#{order_id}",
    sort="PAYMENT_DISPUTE#{id}",
    guard=("status", "reported_at"),
    rereads=True,
)


def disputes_of(order_id: int) -> list[Dispute]:
    """The disputes of an order, by one consistent query."""
    return DISPUTES.all(DISPUTES.under(order_id))
