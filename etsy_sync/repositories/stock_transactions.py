"""Transactions: what a channel was asked to take over, whether it did, kept for thirty days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from common.clock import epoch, iso
from common.dynamodb import (
    ConditionFailed,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    attr,
    fetch_all,
    get_item,
    index_keys,
    update_item,
)

TransactionStatus = Literal["pending", "completed", "failed"]

RETENTION = timedelta(days=30)

FIELDS = ("id", "sku", "action", "status", "created_at", "expires_at", "error", "updated_at")


@dataclass(frozen=True, slots=True)
class StockTransaction:
    """`action` such as `sync` or `return` on a SKU; times in ISO 8601 UTC, `expires_at` in epoch seconds."""

    id: str
    sku: str
    action: str
    status: str
    created_at: str
    expires_at: int
    error: str | None = None
    updated_at: str | None = None


def transaction_key(transaction_id: str) -> Key:
    """The key of a transaction."""
    return f"STOCK_TRANSACTION#{transaction_id}", "METADATA"


def new_transaction(
    transaction_id: str, sku: str, action: str, status: TransactionStatus, now: datetime
) -> StockTransaction:
    """A transaction that begins now and is kept for thirty days."""
    return StockTransaction(transaction_id, sku, action, status, iso(now), epoch(now + RETENTION))


def transaction_item(transaction: StockTransaction) -> Item:
    """The row of a transaction."""
    pk, sk = transaction_key(transaction.id)
    values = {name: getattr(transaction, name) for name in FIELDS}
    position = f"{transaction.created_at}#{transaction.id}"
    return {
        "PK": pk,
        "SK": sk,
        **index_keys("GSI1", f"STOCK_TRANSACTION#{transaction.sku}", position),
        **{name: value for name, value in values.items() if value is not None},
    }


def transaction_from_item(item: Item) -> StockTransaction:
    """The transaction that a row holds."""
    return StockTransaction(**{name: item[name] for name in FIELDS if name in item})


def add_transaction(work: UnitOfWork, transaction: StockTransaction) -> None:
    """Adds a transaction to what it stands for."""
    work.put(transaction_item(transaction))


def close_transaction(
    transaction_id: str, status: TransactionStatus, now: datetime, error: str | None = None
) -> bool:
    """Says how a pending transaction ended; False when it ended before or there is none."""
    update = Update().set("status", status).set("updated_at", iso(now))
    if error is not None:
        update.set("error", error)
    try:
        # Stops a worker that comes late from turning a completed transaction into a failed one.
        update_item(transaction_key(transaction_id), update, condition=attr("status").eq("pending"))
    except ConditionFailed:
        return False
    return True


def find_transaction(transaction_id: str) -> StockTransaction | None:
    """The transaction with this id, by one consistent read; None when there is none or it has expired."""
    item = get_item(transaction_key(transaction_id), consistent=True)
    return transaction_from_item(item) if item else None


def transactions_of(sku: str, limit: int) -> list[StockTransaction]:
    """The newest transactions of a SKU."""
    query = Query(f"STOCK_TRANSACTION#{sku}", index="GSI1", descending=True)
    return [transaction_from_item(item) for item in fetch_all(query, limit=limit)]
