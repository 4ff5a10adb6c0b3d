"""Disputes of payments with the buyer's bank: one row each under their order, as last reported."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.dynamodb import Condition, Item, Key, Query, UnitOfWork, attr, fetch_all, sort_key
from common.optimistic import StaleVersion
from common.repositories.orders import partition


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


_FIELDS = tuple(Dispute.__dataclass_fields__)
# Behind the two rows of the order itself, which are read as one stretch.
_PREFIX = "PAYMENT_DISPUTE#"


def dispute_key(order_id: int, dispute_id: str) -> Key:
    """The key of an order's dispute."""
    return partition(order_id), f"{_PREFIX}{dispute_id}"


def dispute_item(dispute: Dispute) -> Item:
    """The row of a dispute."""
    pk, sk = dispute_key(dispute.order_id, dispute.id)
    values = {name: getattr(dispute, name) for name in _FIELDS}
    return {"PK": pk, "SK": sk, **{name: value for name, value in values.items() if value is not None}}


def dispute_from_item(item: Item) -> Dispute:
    """The dispute that a row holds."""
    values: dict[str, Any] = {name: item[name] for name in _FIELDS if name in item}
    return Dispute(**values | {"amount": Decimal(values["amount"])})


def disputes_of(order_id: int) -> list[Dispute]:
    """The disputes of an order, by one consistent query."""
    rows = Query(partition(order_id), sort=sort_key().begins_with(_PREFIX), consistent=True)
    return [dispute_from_item(item) for item in fetch_all(rows)]


def put_dispute(work: UnitOfWork, before: Dispute | None, after: Dispute) -> None:
    """Writes a dispute as it is reported; StaleVersion at the commit when it is not as in `before`."""
    work.put(dispute_item(after), condition=_unchanged(before), failed=StaleVersion("Order"))


def _unchanged(before: Dispute | None) -> Condition:
    # Stops two reports of one dispute that come at once from being written in the wrong order.
    if before is None:
        return attr("PK").missing()
    return attr("status").eq(before.status) & attr("reported_at").eq(before.reported_at)
