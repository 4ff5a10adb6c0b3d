"""Refunds: one row each under their order, written before the provider is asked and closed afterwards."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from common import prefixes
from common.clock import iso
from common.dynamodb.rows import Rows
from common.leases import Lease
from common.repositories.orders import Pieces, TaxAmount

PENDING, SUCCEEDED, FAILED = "pending", "succeeded", "failed"

# Who began a pending refund, or took it up, is at it. No request lives that long: Lambda ends it before.
CLAIM = Lease(stamp="claimed_until", written=iso, lasts=timedelta(seconds=60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money of an order given back; `number` counts an order's refunds from 1.

    `amount` in the order's currency, times ISO 8601 UTC, `actor` the id of who asked for it, `fingerprint`
    of what was asked. `pieces`, and the `shipping`, is what the money is for; `restock` puts `returns` (None:
    all that is not there yet) on sale and `cancels` cancels the order once the provider has accepted the
    refund, which it has when a pending one has a `provider_reference`. `is_elsewhere` is money that no
    provider gives back. Until `claimed_until` whoever began or took up a pending refund is at it. `failed_at`
    (epoch seconds) is when the provider took one back that it had accepted. `taxes` are what of the order's
    goes back with it, `withdrawal` is the number of the order's withdrawal that it is for.
    """

    order_id: int
    number: int
    amount: Decimal
    restock: bool
    cancels: bool
    actor: str
    created_at: str
    status: str = PENDING
    reason: str | None = None
    provider_reference: str | None = None
    pieces: Pieces = field(default_factory=dict)
    shipping: bool = False
    returns: Pieces | None = None
    is_elsewhere: bool = False
    fingerprint: str | None = None
    claimed_until: str | None = None
    closed_at: str | None = None
    failed_at: int | None = None
    failure_reason: str | None = None
    credit_note: str | None = None
    taxes: tuple[TaxAmount, ...] = ()
    withdrawal: int | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the provider has it: nothing is left to be asked, only to be told."""
        return self.status == PENDING and self.provider_reference is not None

    @property
    def is_unanswered(self) -> bool:
        """Whether nobody knows yet what the provider makes of it."""
        return self.status == PENDING and self.provider_reference is None

    @property
    def is_foreign(self) -> bool:
        """Whether the provider told of it and nobody here had asked for it."""
        return self.status == SUCCEEDED and self.provider_reference is None and not self.is_elsewhere


# Stops two callers who both bring one refund to its end from putting stock and money back twice, and one
# that was taken up by somebody else from being dropped by who began it.
REFUNDS = Rows(
    Refund,
    "Refund",
    key=prefixes.ORDER + "#{order_id}",
    sort="REFUND#{number:04d}",
    guard=("status", CLAIM.stamp),
    rereads=True,
    unstored=("taxes", "shipping"),
)


def refunds_of(order_id: int) -> list[Refund]:
    """The refunds of an order, oldest first, by one consistent query."""
    return REFUNDS.all(REFUNDS.under(order_id))
