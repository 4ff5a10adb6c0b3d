"""What becomes of the numbers that an order's pieces of editions have when the order is undone.

A piece that never left the shop was never anybody's: its number is free again with its piece. Any other
number is back but not on sale, even where its piece is to be restocked: the artist alone sells it again.
"""

from collections.abc import Iterable, Sequence

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import InvalidInput
from common.repositories.editions import NUMBERS, RETURNED, SOLD, EditionNumber, numbers_at
from common.repositories.orders import Order, OrderLine, Pieces, details_of
from common.stock_ledger import Event
from orders import states
from orders.repositories.refunds import Refund

# A transaction has 100 actions: a record for each line, a stock for each product, and what an order writes
# besides. Its refund has as many.
MOST_ACTIONS = 78

Freed = dict[int, tuple[int, ...]]
"""Numbers that nobody has any more, by their variants."""


def refuse_too_many(lines: int, products: int, pieces: int) -> None:
    """InvalidInput for an order with more `pieces` of editions than one step can number."""
    most = MOST_ACTIONS - lines - products
    if pieces > most:
        raise InvalidInput(
            f"An order of {lines} different items holds at most {most} pieces of numbered editions"
        )


def never_left(order: Order) -> bool:
    """Whether an order was neither paid nor sent, so that its pieces never left the shop."""
    is_unpaid = order.payment_status in (states.PENDING, states.FAILED)
    return is_unpaid and order.fulfillment_status == states.UNFULFILLED


def free_numbers(
    work: UnitOfWork, lines: Sequence[OrderLine], pieces: Pieces, event: Event, order_id: int
) -> Freed:
    """Makes the numbers of these pieces nobody's, because their order was not paid; answers them.

    A number that was withheld meanwhile stays so, and its piece with it.
    """
    freed: Freed = {}
    for line, number in _held(order_id, lines, pieces):
        reason = f"Order {order_id} was not paid"
        NUMBERS.change(work, number, number.unsold(iso(event.now), reason))
        variant = line.variant_id or 0
        freed[variant] = (*freed.get(variant, ()), number.number)
    return freed


def take_back(
    work: UnitOfWork, order: Order, pieces: Pieces | None, reason: str, at: str, refund: int | None = None
) -> None:
    """Says of the numbers of these pieces (None: of all) that their sale was undone, by which refund.

    Of a line, the last ones that its buyer still has. Reads nothing for an order without numbers.
    """
    if not order.numbered:
        return
    details = details_of(order.id)
    lines = details.lines if details else ()
    wanted = {str(line.id): line.quantity for line in lines} if pieces is None else pieces
    for _, number in _held(order.id, lines, wanted):
        NUMBERS.change(work, number, number.become(RETURNED, at, reason, refund=refund))


def give_back(work: UnitOfWork, order: Order, refund: Refund, at: str) -> None:
    """Says of the numbers that a refund took back that they are their buyer's again, because it failed.

    Not of those whose pieces came back, or whose order is cancelled.
    """
    if not order.numbered or refund.restock or refund.cancels:
        return
    details = details_of(order.id)
    for line, number in _rows(details.lines if details else ()):
        if number.state == RETURNED and number.refund == refund.number and _is_of(number, order.id, line):
            reason = f"Refund {refund.number} came back"
            NUMBERS.change(work, number, number.become(SOLD, at, reason))


def undone(refund: Refund) -> Pieces | None:
    """The pieces whose sale a refund undoes, as far as it names any; None for all of its order."""
    if refund.cancels:
        return None
    returns = refund.returns or {}
    names = {*refund.pieces, *returns}
    return {name: max(refund.pieces.get(name, 0), returns.get(name, 0)) for name in names}


def _held(order_id: int, lines: Iterable[OrderLine], pieces: Pieces) -> list[tuple[OrderLine, EditionNumber]]:
    """The last numbers of each line that the order still has, as many as `pieces` says of it."""
    named = [line for line in lines if pieces.get(str(line.id))]
    left = {line.id: pieces[str(line.id)] for line in named}
    held = []
    for line, number in reversed(_rows(named)):
        if number.state == SOLD and _is_of(number, order_id, line) and left[line.id]:
            left[line.id] -= 1
            held.append((line, number))
    return held


def _is_of(number: EditionNumber, order_id: int, line: OrderLine) -> bool:
    owner = number.owner
    return owner is not None and (owner.source, owner.event_id, owner.line) == (
        "order",
        str(order_id),
        line.id,
    )


def _rows(lines: Iterable[OrderLine]) -> list[tuple[OrderLine, EditionNumber]]:
    """The rows of the numbers of these lines, each beside its line, in their order."""
    of = {(line.variant_id or 0, number): line for line in lines for number in line.numbers or ()}
    return [(of[row.variant_id, row.number], row) for row in numbers_at(of)]
