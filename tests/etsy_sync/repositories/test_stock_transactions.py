"""Transactions of a SKU: they begin, end once, and go after thirty days."""

from datetime import timedelta

import pytest

from common.clock import epoch, iso
from common.dynamodb import AT_ONCE
from etsy_sync.repositories.stock_transactions import (
    TRANSACTIONS,
    TransactionStatus,
    new_transaction,
    transactions_of,
)
from tests.common.stock_builders import NOW

pytestmark = pytest.mark.usefixtures("table")


def keep(transaction_id: str, status: TransactionStatus = "completed", minutes: int = 0) -> None:
    moment = NOW + timedelta(minutes=minutes)
    TRANSACTIONS.put(AT_ONCE, new_transaction(transaction_id, "A", "sync", status, moment))


def test_a_transaction_is_kept_as_it_ended() -> None:
    keep("tx-1", "failed")
    found = TRANSACTIONS.get("tx-1")
    assert found is not None
    assert (found.status, found.created_at, found.error) == ("failed", iso(NOW), None)
    assert found.expires_at == epoch(NOW + timedelta(days=30))


def test_the_newest_transactions_of_a_sku_come_first() -> None:
    keep("tx-1", minutes=1)
    keep("tx-3", "failed", minutes=3)
    keep("tx-2", minutes=2)
    assert [(each.id, each.status) for each in transactions_of("A", 2)] == [
        ("tx-3", "failed"),
        ("tx-2", "completed"),
    ]
    assert transactions_of("B", 9) == []


def test_a_transaction_is_gone_after_thirty_days() -> None:
    keep("tx-1", minutes=-60 * 24 * 31)
    assert TRANSACTIONS.get("tx-1") is None
    assert transactions_of("A", 9) == []
