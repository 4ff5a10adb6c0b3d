"""What an order took and gives back: its pieces to the stock, its use to the discount code."""

from collections import Counter, defaultdict

from common.dynamodb import UnitOfWork, Update, attr, batch_get
from common.optimistic import StaleVersion
from common.repositories.discounts import discount_by_id, give_back_use
from common.repositories.orders import Order, OrderLine, details_of
from common.repositories.products import listing_key


def put_back_stock(work: UnitOfWork, order: Order) -> None:
    """Puts every piece of an order back on sale; pieces of variants that are gone are left out."""
    details = details_of(order.id)
    pieces = _pieces(details.lines if details else ())
    listings = batch_get([listing_key(product_id) for product_id in pieces], consistent=True)
    for product_id, quantities in pieces.items():
        known = listings.get(listing_key(product_id), {}).get("stock", {})
        _add(work, product_id, {name: count for name, count in quantities.items() if name in known})


def give_back_discount(work: UnitOfWork, order: Order) -> None:
    """Takes the order's use of its discount code back, where there is such a code."""
    code = discount_by_id(order.discount_id) if order.discount_id is not None else None
    if code is not None and code.times_used > 0:
        give_back_use(work, code.id)


def _pieces(lines: tuple[OrderLine, ...]) -> dict[int, Counter[str]]:
    pieces: dict[int, Counter[str]] = defaultdict(Counter)
    for line in lines:
        pieces[line.product_id][str(line.variant_id)] += line.quantity
    return pieces


def _add(work: UnitOfWork, product_id: int, quantities: dict[str, int]) -> None:
    if not quantities:
        return
    update = Update()
    conditions = [attr("stock", variant_id).exists() for variant_id in quantities]
    for variant_id, quantity in quantities.items():
        update.increment(("stock", variant_id), quantity)
    condition = conditions[0]
    for further in conditions[1:]:
        condition &= further
    # Stops a number from being left behind for a variant that was removed a moment ago.
    work.update(listing_key(product_id), update, condition=condition, failed=StaleVersion("Stock"))
