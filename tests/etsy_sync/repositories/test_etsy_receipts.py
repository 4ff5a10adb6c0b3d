"""Rows of Etsy receipts and the orders that they become."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.dynamodb import UnitOfWork
from common.optimistic import StaleVersion
from etsy_sync.repositories.etsy_receipts import RECEIPTS, EtsyReceipt, newest_receipts, receipts_of_order


def a_receipt(receipt_id: int = 1, created: str = "2026-01-31T10:00:00.000Z") -> EtsyReceipt:
    return EtsyReceipt(
        id=receipt_id,
        shop_id="12345",
        etsy_created_at=created,
        etsy_updated_at=created,
        created_at=created,
        updated_at=created,
        grand_total=Decimal("30.10"),
        is_paid=True,
        shipping_address="",
    )


def add(*receipts: EtsyReceipt) -> None:
    with UnitOfWork() as work:
        for receipt in receipts:
            RECEIPTS.add(work, receipt)


def link(before: EtsyReceipt, order_id: int | None) -> EtsyReceipt:
    with UnitOfWork() as work:
        return RECEIPTS.change(work, before, replace(before, order_id=order_id))


def test_a_receipt_is_read_as_it_was_written() -> None:
    assert RECEIPTS.of(RECEIPTS.item(a_receipt())) == a_receipt()


def test_receipts_come_newest_first_and_in_pages(table: str) -> None:
    add(*(a_receipt(number, f"2026-01-0{number}T00:00:00.000Z") for number in (1, 2, 3)))
    first, cursor = newest_receipts(2)
    rest, end = newest_receipts(2, cursor)
    assert [receipt.id for receipt in [*first, *rest]] == [3, 2, 1]
    assert end is None


def test_a_receipt_is_linked_to_an_order_and_parted_from_it(table: str) -> None:
    add(a_receipt())
    linked = link(a_receipt(), 12)
    assert receipts_of_order(12) == [linked] == [RECEIPTS.get(1)]
    link(linked, None)
    assert receipts_of_order(12) == []


def test_a_deleted_receipt_is_in_no_list(table: str) -> None:
    add(replace(a_receipt(), order_id=12, deleted_at="2026-02-01T00:00:00.000Z"))
    assert (newest_receipts(5), receipts_of_order(12)) == (([], None), [])
    assert RECEIPTS.get(1) is not None


def test_a_receipt_is_added_once_and_changed_by_one_of_two(table: str) -> None:
    add(a_receipt())
    with pytest.raises(StaleVersion, match="Receipt"):
        add(a_receipt())
    link(a_receipt(), 12)
    with pytest.raises(StaleVersion, match="Receipt"):
        link(a_receipt(), 13)
    assert [receipt.version for receipt in receipts_of_order(12)] == [2]
