"""Counting several variants in one step: all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from catalog.variants import StockOperation, record_count, variant_title
from common.audit import Actor
from common.dynamodb import UnitOfWork, batch_get
from common.low_stock import Fall, notify_low_stock
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.product_writes import variant_pointer_key
from common.repositories.products import Product, Variant, document_key, listing_key, product_of_rows
from common.repositories.stock import InsufficientStock, Move, shelf_of
from common.stock_ledger import Event, move
from common.stock_queue import announce

# Each has its audit entry, its record in the ledger, perhaps an alert, and its part of the update of its
# product, and one notification tells of all; a transaction has 100 actions.
MAX_ADJUSTMENTS = 20


def adjust_stock(changes: Mapping[int, int], actor: Actor, now: datetime) -> None:
    """Adds to or takes from the stock of variants, by their ids; ids that are not on sale change nothing.

    Raises InsufficientStock (400), and changes nothing, when more of one is taken than is there.
    """
    event = Event("admin", str(uuid4()), "correction", now)
    announce(retry_when_stale(lambda: _adjust(changes, event, actor)))


def _adjust(changes: Mapping[int, int], event: Event, actor: Actor) -> list[str]:
    """Makes the changes; the SKUs of which another number is there now."""
    skus: list[str] = []
    changed: list[Fall] = []
    with UnitOfWork() as work:
        for product in _products_of(changes):
            wanted = [variant for variant in product.live_variants if changes.get(variant.id)]
            moves = [_move(variant, changes[variant.id]) for variant in wanted]
            if moves:
                _change(work, moves, event)
                for variant in wanted:
                    change = changes[variant.id]
                    operation: StockOperation = "add" if change > 0 else "subtract"
                    record_count(work, variant, operation, abs(change), actor, event.now)
                skus += [variant.sku for variant in wanted]
                names = [variant_title(product, variant) for variant in wanted]
                changed += [(*move, name) for move, name in zip(moves, names, strict=True)]
        notify_low_stock(work, changed, event.now)
    return skus


def _products_of(variant_ids: Iterable[int]) -> list[Product]:
    """The live products that these variants belong to, by two batch reads."""
    pointers = batch_get([variant_pointer_key(variant_id) for variant_id in variant_ids], consistent=True)
    product_ids = sorted({int(pointer["product_id"]) for pointer in pointers.values()})
    keys = [key for each in product_ids for key in (document_key(each), listing_key(each))]
    rows = batch_get(keys, consistent=True)
    found = (
        product_of_rows(rows[document_key(each)], rows.get(listing_key(each), {}))
        for each in product_ids
        if document_key(each) in rows
    )
    return [product for product in found if product.deleted_at is None]


def _move(variant: Variant, change: int) -> Move:
    if variant.stock + change < 0:
        raise InsufficientStock(-change, variant.stock)
    return shelf_of(variant), change


def _change(work: UnitOfWork, moves: Sequence[Move], event: Event) -> None:
    move(work, moves, event, failed=StaleVersion("The stock"))
