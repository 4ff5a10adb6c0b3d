"""A new work that is asked for twice under one Idempotency-Key is added once."""

from collections.abc import Callable
from datetime import datetime

from catalog.products import Extra, live_product, nothing_more
from common import once
from common.dynamodb import Item, UnitOfWork
from common.errors import Conflict
from common.idempotency import Token, require_same
from common.repositories.products import Product


class _Made(Conflict):
    """The same key was used a moment ago, for the request that `row` tells of."""

    def __init__(self, row: Item) -> None:
        super().__init__("This request is carried out at this moment")
        self.row = row


def added_once(token: Token | None, now: datetime, add: Callable[[Extra], Product]) -> Product:
    """The work that `add` makes, or the one that the same request made before, as it is now.

    `add` takes what belongs to the work's transaction. Raises KeyReused (422), and NotFound for one that was
    deleted since.
    """
    if token is None:
        return add(nothing_more)
    made = once.found(token.mark, now)
    if made is not None:
        return _behind(token, made)
    try:
        return add(_marking(token, now))
    except _Made as other:
        return _behind(token, other.row)


def _marking(token: Token, now: datetime) -> Extra:
    def mark(work: UnitOfWork, product: Product) -> None:
        result = {"fingerprint": token.fingerprint, "product_id": product.id}
        # Stops one request that arrives twice at the same moment from adding two works.
        once.add(work, token.mark, now, result, repeated=lambda row: _Made(row or {}))

    return mark


def _behind(token: Token, row: Item) -> Product:
    require_same(token, row)
    return live_product(int(row["product_id"]))
