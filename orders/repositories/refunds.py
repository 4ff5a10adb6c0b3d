"""Refunds: one row each under their order, written before the provider is asked and closed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from common.clock import iso
from common.dynamodb import Item, Key, Query, UnitOfWork, Update, attr, fetch_all, sort_key
from common.leases import Lease
from common.optimistic import StaleVersion
from common.repositories.orders import Pieces, partition

PENDING, SUCCEEDED, FAILED = "pending", "succeeded", "failed"

# Who began a pending refund, or took it up, is at it. No request lives that long: Lambda ends it before.
CLAIM = Lease(stamp="claimed_until", written=iso, lasts=timedelta(seconds=60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money of an order given back; `number` counts an order's refunds from 1.

    `amount` in the order's currency, times ISO 8601 UTC, `actor` the id of who asked for it, `fingerprint`
    of what was asked. `pieces` is what the money is for; `restock` puts `returns` (None: all that is not
    there yet) on sale and `cancels` cancels the order once the provider has accepted the refund, which it
    has when a pending one has a `provider_reference`. `is_elsewhere` is money that no provider gives back.
    Until `claimed_until` whoever began or took up a pending refund is at it. `failed_at` (epoch seconds) is
    when the provider took one back that it had accepted.
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
    returns: Pieces | None = None
    is_elsewhere: bool = False
    fingerprint: str | None = None
    claimed_until: str | None = None
    closed_at: str | None = None
    failed_at: int | None = None
    failure_reason: str | None = None

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


_FIELDS = tuple(Refund.__dataclass_fields__)


def refund_key(order_id: int, number: int) -> Key:
    """The key of an order's refund."""
    return partition(order_id), f"REFUND#{number:04d}"


def refund_item(refund: Refund) -> Item:
    """The row of a refund."""
    pk, sk = refund_key(refund.order_id, refund.number)
    values = {name: getattr(refund, name) for name in _FIELDS}
    return {"PK": pk, "SK": sk, **{name: value for name, value in values.items() if value is not None}}


def refund_from_item(item: Item) -> Refund:
    """The refund that a row holds."""
    values: dict[str, Any] = {name: item[name] for name in _FIELDS if name in item}
    return Refund(**values | {"amount": Decimal(values["amount"])})


def refunds_of(order_id: int) -> list[Refund]:
    """The refunds of an order, oldest first, by one consistent query."""
    rows = Query(partition(order_id), sort=sort_key().begins_with("REFUND#"), consistent=True)
    return [refund_from_item(item) for item in fetch_all(rows)]


def add_refund(work: UnitOfWork, refund: Refund) -> None:
    """Writes a new refund."""
    # Stops two refunds that were given the same number at once from becoming one row.
    work.put(refund_item(refund), condition=attr("PK").missing(), failed=StaleVersion("Order"))


def change_refund(work: UnitOfWork, before: Refund, **changes: Any) -> Refund:
    """Writes these fields of a refund, None removing one; returns it as it is then.

    Raises StaleVersion at the commit when its status or claim is no longer that of `before`.
    """
    work.update(
        refund_key(before.order_id, before.number),
        _update(changes),
        # Stops two callers who both bring one refund to its end from putting stock and money back twice,
        # and one that was taken up by somebody else from being dropped by who began it.
        condition=attr("status").eq(before.status) & CLAIM.held_by(before.claimed_until),
        failed=StaleVersion("Order"),
    )
    return replace(before, **changes)


def _update(changes: Mapping[str, Any]) -> Update:
    update = Update()
    for name, value in changes.items():
        if value is None:
            update.remove(name)
        else:
            update.set(name, value)
    return update
