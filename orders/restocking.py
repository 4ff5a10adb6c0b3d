"""What an order took and gives back: its pieces to the stock, its use to the discount code."""

from collections import defaultdict
from collections.abc import Sequence

from common.dynamodb import UnitOfWork, batch_get
from common.notifications import low_stock_threshold
from common.optimistic import StaleVersion
from common.repositories.orders import Order, OrderLine, Pieces
from common.repositories.products import listing_key
from common.repositories.stock import Move, Shelf, move_together
from common.stock_ledger import Event, book
from orders.repositories.discounts import DISCOUNTS, give_back_use


def restock(work: UnitOfWork, lines: Sequence[OrderLine], pieces: Pieces, event: Event) -> list[str | None]:
    """Puts these pieces of an order's lines back on sale; pieces of variants that are gone are left out.

    Answers the SKUs, as the order names them, of what it puts back. StaleVersion at the commit when a
    variant was removed meanwhile.
    """
    moves = _moves(lines, pieces)
    for product_moves in moves:
        move_together(work, product_moves, low_stock_threshold(), now=event.now, failed=StaleVersion("Stock"))
        for shelf, quantity in product_moves:
            book(work, shelf, quantity, event, repeated=StaleVersion("Order"))
    return [shelf.sku for product_moves in moves for shelf, _ in product_moves]


def release_discount(work: UnitOfWork, order: Order) -> None:
    """Takes the order's use of its discount code back, where there is such a code."""
    code = DISCOUNTS.get(order.discount_id) if order.discount_id is not None else None
    if code is not None and code.times_used > 0:
        give_back_use(work, code.id)


def _moves(lines: Sequence[OrderLine], returned: Pieces) -> list[list[Move]]:
    """What comes back to the counts that there still are, product by product."""
    pieces: dict[tuple[int, int], int] = defaultdict(int)
    skus: dict[tuple[int, int], str | None] = {}
    for line in lines:
        count = returned.get(str(line.id), 0)
        if count and line.product_id is not None and line.variant_id is not None:
            pieces[line.product_id, line.variant_id] += count
            skus[line.product_id, line.variant_id] = line.sku
    listings = batch_get([listing_key(product_id) for product_id, _ in pieces], consistent=True)
    moves: dict[int, list[Move]] = defaultdict(list)
    for (product_id, variant_id), quantity in pieces.items():
        seen = listings.get(listing_key(product_id), {}).get("stock", {}).get(str(variant_id))
        if seen is not None:
            shelf = Shelf(skus[product_id, variant_id], int(seen), product_id, variant_id)
            moves[product_id].append((shelf, quantity))
    return list(moves.values())
