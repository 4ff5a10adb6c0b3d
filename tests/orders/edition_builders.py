"""Editions to test with: a print of a few numbered pieces, and who has which of its numbers."""

from typing import Any

from common.clock import utc_now
from common.dynamodb import get_item, put_item
from common.http import Identity, Role
from common.repositories.editions import FREE, NUMBER, SOLD, all_of_edition
from common.repositories.numbering import Numbering, numbering_in
from common.repositories.orders import Order, details_of
from common.repositories.product_writes import variant_pointer_key
from common.repositories.products import Edition, listing_key
from orders.checkout import place_order
from orders.payments import pay
from tests.catalog.builders import store
from tests.orders.cart_builders import on_sale, variant
from tests.orders.order_builders import purchase, stock_of

ADMIN = Identity("1", "admin", Role.ADMIN)
PRINT = 10


def open_edition(size: int = 5, *, stock: int | None = None, proofs: int = 2, **fields: Any) -> None:
    """A published work whose one variant, PRINT, is an edition of so many pieces, all of them for sale.

    `fields` are the work's.
    """
    of = variant(
        1,
        stock=size if stock is None else stock,
        edition=Edition(size, proofs),
        numbering=Numbering(size, proofs=proofs),
    )
    store([on_sale(1, variants=(of,), **fields), on_sale(2)])
    for product_id in (1, 2):
        pk, sk = variant_pointer_key(product_id * 10)
        put_item({"PK": pk, "SK": sk, "product_id": product_id})


def bought(pieces: int = 1, *others: tuple[int, int]) -> Order:
    """An order of so many pieces of the edition, and of other works; nobody has paid it."""
    return place_order(purchase((1, pieces), *others), utc_now()).order


def paid(pieces: int = 1) -> Order:
    """The same, paid."""
    return pay(bought(pieces).id, {}, utc_now())[0]


def numbers_in(order: Order) -> list[int]:
    """The numbers that the lines of an order name."""
    details = details_of(order.id)
    assert details is not None
    return [number for line in details.lines for number in line.numbers or ()]


def states() -> dict[int, str]:
    """The state of every number that was ever given out."""
    return {it.number: it.state for it in all_of_edition(PRINT)[0] if it.kind == NUMBER}


def left() -> Numbering:
    """What is left of the edition."""
    numbering = numbering_in(get_item(listing_key(1), consistent=True) or {}, PRINT)
    assert numbering is not None
    return numbering


def check_edition() -> None:
    """Holds the rows of the edition against what its listing row says; see docs/editions.md."""
    numbering, rows = left(), [it for it in all_of_edition(PRINT)[0] if it.kind == NUMBER]
    given = {it.number for it in rows if it.state != FREE}
    # Each number below the next is given out or free, and no other one is given out.
    assert given | set(numbering.free) == set(range(1, numbering.next))
    assert not given & set(numbering.free)
    assert all(it.owner for it in rows if it.state == SOLD)
    assert all(it.reason for it in rows if it.state != SOLD)
    assert 0 <= stock_of(1) <= numbering.left == numbering.size - len(given)
