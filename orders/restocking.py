"""What an order took and gives back: its pieces to the stock, its use to the discount code."""

from collections import defaultdict
from collections.abc import Sequence

from common.dynamodb import UnitOfWork, batch_get
from common.optimistic import StaleVersion
from common.repositories.numbering import numbering_in
from common.repositories.orders import Order, OrderLine, Pieces
from common.repositories.products import listing_key
from common.repositories.stock import Move, Shelf
from common.stock_ledger import Event, move
from orders.numbers import Freed, free_numbers
from orders.repositories.discounts import DISCOUNTS, give_back_use


def restock(
    work: UnitOfWork, lines: Sequence[OrderLine], pieces: Pieces, event: Event, *, unpaid: int | None = None
) -> list[str | None]:
    """Puts these pieces of an order's lines back on sale; pieces of variants that are gone are left out.

    Numbered pieces go back only with their numbers, of an order that was not paid: `unpaid` is its id.
    Answers the SKUs, as the order names them, of what it puts back. StaleVersion at the commit when a variant
    was removed meanwhile.
    """
    freed = free_numbers(work, lines, pieces, event, unpaid) if unpaid is not None else {}
    moves = _moves(lines, pieces, freed)
    for product_moves in moves.values():
        left = {
            shelf.variant_id or 0: shelf.numbering.with_free(freed[shelf.variant_id or 0])
            for shelf, _ in product_moves
            if shelf.numbering is not None
        }
        failed, repeated = StaleVersion("Stock"), StaleVersion("Order")
        move(work, product_moves, event, failed=failed, repeated=repeated, left=left)
    return [shelf.sku for product_moves in moves.values() for shelf, _ in product_moves]


def release_discount(work: UnitOfWork, order: Order) -> None:
    """Takes the order's use of its discount code back, where there is such a code."""
    code = DISCOUNTS.get(order.discount_id) if order.discount_id is not None else None
    if code is not None and code.times_used > 0:
        give_back_use(work, code.id)


def _moves(lines: Sequence[OrderLine], pieces: Pieces, freed: Freed) -> dict[int, list[Move]]:
    """What comes back to the counts that there still are, product by product."""
    back: dict[tuple[int, int], int] = defaultdict(int)
    skus: dict[tuple[int, int], str | None] = {}
    for line in lines:
        if line.product_id is not None and line.variant_id is not None and pieces.get(str(line.id)):
            variant = line.product_id, line.variant_id
            back[variant] += len(freed.get(line.variant_id, ())) if line.numbers else pieces[str(line.id)]
            skus[variant] = line.sku
    listings = batch_get([listing_key(product_id) for product_id, _ in back], consistent=True)
    moves: dict[int, list[Move]] = defaultdict(list)
    for (product_id, variant_id), quantity in back.items():
        row = listings.get(listing_key(product_id), {})
        seen = row.get("stock", {}).get(str(variant_id))
        numbering = numbering_in(row, variant_id)
        # A piece that was sold before its variant became an edition has no number to come back with.
        if seen is not None and quantity and (numbering is None or variant_id in freed):
            shelf = Shelf(skus[product_id, variant_id], int(seen), product_id, variant_id, numbering)
            moves[product_id].append((shelf, quantity))
    return moves
