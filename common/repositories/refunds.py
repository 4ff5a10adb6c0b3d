"""Refunds: one row each under their order, written before the provider is asked and closed afterwards."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.dynamodb import Item, Key, Query, UnitOfWork, Update, attr, fetch_all, sort_key
from common.optimistic import StaleVersion
from common.repositories.orders import partition

PENDING, SUCCEEDED, FAILED = "pending", "succeeded", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money of an order given back; `number` counts an order's refunds from 1.

    `amount` in the order's currency, `created_at` ISO 8601 UTC, `actor` the id of who asked for it.
    `restock` puts the pieces back on sale and `cancels` cancels the order once the money is back.
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


def close_refund(work: UnitOfWork, refund: Refund, status: str, reference: str | None) -> None:
    """Writes how a pending refund ended."""
    update = Update().set("status", status)
    if reference:
        update.set("provider_reference", reference)
    work.update(
        refund_key(refund.order_id, refund.number),
        update,
        # Stops two callers who both finish one refund from putting stock and money back twice.
        condition=attr("status").eq(PENDING),
        failed=StaleVersion("Order"),
    )
