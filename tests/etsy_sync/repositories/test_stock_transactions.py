"""Transactions of a SKU: they begin, end once, and go after thirty days."""

from datetime import timedelta

import pytest

from common.clock import epoch, iso
from common.dynamodb import UnitOfWork
from etsy_sync.repositories.stock_transactions import (
    TRANSACTIONS,
    close_transaction,
    new_transaction,
    transactions_of,
)
from tests.common.stock_builders import NOW

pytestmark = pytest.mark.usefixtures("table")


def begin(transaction_id: str, minutes: int = 0) -> None:
    with UnitOfWork() as work:
        moment = NOW + timedelta(minutes=minutes)
        TRANSACTIONS.put(work, new_transaction(transaction_id, "A", "sync", "pending", moment))


def test_a_transaction_ends_once() -> None:
    begin("tx-1")
    assert close_transaction("tx-1", "completed", NOW + timedelta(seconds=2))
    assert not close_transaction("tx-1", "failed", NOW, "late")
    found = TRANSACTIONS.get("tx-1")
    assert found is not None
    assert (found.status, found.error, found.updated_at) == (
        "completed",
        None,
        iso(NOW + timedelta(seconds=2)),
    )
    assert found.expires_at == epoch(NOW + timedelta(days=30))


def test_the_newest_transactions_of_a_sku_come_first() -> None:
    for number in (1, 3, 2):
        begin(f"tx-{number}", number)
    assert close_transaction("tx-3", "failed", NOW, "INVALID")
    assert [(each.id, each.status) for each in transactions_of("A", 2)] == [
        ("tx-3", "failed"),
        ("tx-2", "pending"),
    ]
    assert transactions_of("B", 9) == []


def test_a_transaction_that_was_never_begun_cannot_end() -> None:
    assert not close_transaction("nobodys", "completed", NOW)
    assert TRANSACTIONS.get("nobodys") is None


def test_a_transaction_is_gone_after_thirty_days() -> None:
    begin("tx-1", minutes=-60 * 24 * 31)
    assert TRANSACTIONS.get("tx-1") is None
    assert transactions_of("A", 9) == []
