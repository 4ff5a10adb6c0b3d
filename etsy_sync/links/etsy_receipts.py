"""Etsy's receipts page by page."""

from collections.abc import Iterator

from etsy_sync.repositories.etsy_receipts import EtsyReceipt, newest_receipts

READ_AT_ONCE = 500


def page_of_receipts(
    first: int, last: int, *, shop_id: str = "", status: str = ""
) -> tuple[list[EtsyReceipt], int]:
    """The receipts from place `first` to before `last`, newest first, and how many there are.

    Of one shop and of one status, whatever its capitals, where they are given. Reads all of them.
    """
    found = [
        receipt
        for receipt in _every_receipt()
        if (not shop_id or receipt.shop_id == shop_id)
        and (not status or (receipt.status or "").lower() == status.lower())
    ]
    return found[first:last], len(found)


def _every_receipt() -> Iterator[EtsyReceipt]:
    cursor = None
    while True:
        receipts, cursor = newest_receipts(READ_AT_ONCE, cursor)
        yield from receipts
        if cursor is None:
            return
