"""Which order or refund a request made that carried an Idempotency-Key (`common.idempotency`)."""

from datetime import datetime

from common import once
from common.dynamodb import Item, UnitOfWork
from common.errors import InvalidInput
from common.idempotency import (
    HEADER,
    LONGEST_KEY,
    REQUESTS,
    KeyReused,
    Token,
    mark_for,
    require_same,
    token_for,
)
from common.optimistic import StaleVersion

__all__ = ["HEADER", "LONGEST_KEY", "REQUESTS", "KeyReused", "Token", "token_for"]


def id_of_order_with(header: str, now: datetime) -> int | None:
    """The id of the order that was placed with this Idempotency-Key in the last days, by one read."""
    try:
        row = once.found(mark_for(header), now)
    except InvalidInput:
        return None
    return int(row["order_id"]) if row and "order_id" in row else None


def order_behind(token: Token, row: Item) -> int:
    """The id of the order that the request made before, as `row` says.

    Raises KeyReused when that was another request.
    """
    require_same(token, row)
    return int(row["order_id"])


def refund_behind(row: Item) -> int | None:
    """The number of the order's refund that the request made; None for a request that made none."""
    return int(row["refund"]) if "refund" in row else None


def remember(
    work: UnitOfWork, token: Token, order_id: int, now: datetime, *, refund: int | None = None
) -> None:
    """Adds the row that says which order the request made, or which `refund` of it.

    Raises StaleVersion at the commit when the same request was carried out meanwhile: read it again.
    """
    made = {"order_id": order_id} | ({} if refund is None else {"refund": refund})
    # Requests with one key that all found it unused do not make an order each.
    result = {"fingerprint": token.fingerprint, **made}
    once.add(work, token.mark, now, result, repeated=StaleVersion("Order"), tag="idempotency")
