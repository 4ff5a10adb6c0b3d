"""Transactions: what a channel was asked to take over, whether it did, kept for thirty days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from common import prefixes
from common.clock import epoch, iso
from common.dynamodb import Index
from common.dynamodb.rows import Rows

# Those that were imported may be `pending` too.
TransactionStatus = Literal["completed", "failed"]

RETENTION = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StockTransaction:
    """`action` such as `sync` on a SKU; `created_at` in ISO 8601 UTC, `expires_at` in epoch seconds."""

    id: str
    sku: str
    action: str
    status: str
    created_at: str
    expires_at: int
    error: str | None = None


_OF_SKU = Index[StockTransaction]("GSI1", prefixes.STOCK_TRANSACTION + "#{sku}", "{created_at}#{id}")

TRANSACTIONS = Rows(
    StockTransaction, "Transaction", key=prefixes.STOCK_TRANSACTION + "#{id}", indexes=(_OF_SKU,)
)


def new_transaction(
    transaction_id: str, sku: str, action: str, status: TransactionStatus, now: datetime
) -> StockTransaction:
    """A transaction that ends now, as `status` says, and is kept for thirty days."""
    return StockTransaction(transaction_id, sku, action, status, iso(now), epoch(now + RETENTION))


def transactions_of(sku: str, limit: int) -> list[StockTransaction]:
    """The newest transactions of a SKU."""
    return TRANSACTIONS.all(_OF_SKU.query(sku=sku, descending=True), limit=limit)
