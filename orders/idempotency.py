"""Idempotency keys: a request that is sent again gets the order or refund that it made the first time.

The mark of the key is written in the transaction of the order or refund itself, so that there is never one
without its key or a key without it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from common import once, prefixes
from common.dynamodb import Item, UnitOfWork
from common.errors import InvalidInput, ShopError
from common.once import Mark, Marks
from common.optimistic import StaleVersion

REQUESTS = Marks(prefixes.IDEMPOTENCY, timedelta(days=7))
LONGEST_KEY = 255
HEADER = "Idempotency-Key"


class KeyReused(ShopError):
    """The key was used for another request before."""

    status = 422


@dataclass(frozen=True, slots=True)
class Token:
    """One request that asks to be carried out once: the mark of its key, and what the request was."""

    mark: Mark
    fingerprint: str


def token_for(header: str | None, body: Mapping[str, Any], session: str) -> Token | None:
    """The token of a request with this Idempotency-Key header; None without one.

    The fingerprint is that of the body as sent and of the caller's session, so that nobody else reads
    an order by guessing its key. InvalidInput unless the key has 1 to 255 printable characters.
    """
    if header is None:
        return None
    request = json.dumps([session, body], sort_keys=True, default=str)
    return Token(_mark(header), _hashed(request))


def id_of_order_with(header: str, now: datetime) -> int | None:
    """The id of the order that was placed with this Idempotency-Key in the last days, by one read."""
    try:
        row = once.found(_mark(header), now)
    except InvalidInput:
        return None
    return int(row["order_id"]) if row else None


def order_behind(token: Token, row: Item) -> int:
    """The id of the order that the request made before, as `row` says.

    Raises KeyReused when that was another request.
    """
    if row["fingerprint"] != token.fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request")
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


def _mark(header: str) -> Mark:
    name = header.strip()
    if not (1 <= len(name) <= LONGEST_KEY and name.isascii() and name.isprintable()):
        raise InvalidInput(f"Idempotency-Key must have 1 to {LONGEST_KEY} printable characters")
    return REQUESTS.of(_hashed(name))


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()
