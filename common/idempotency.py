"""Idempotency keys: a request that is sent again gets what it made the first time.

The mark of the key is written in the transaction of what the request makes, so that there is never one
without its key or a key without it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from common import prefixes
from common.dynamodb import Item
from common.errors import InvalidInput, ShopError
from common.once import Mark, Marks

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
    what was made by guessing its key. InvalidInput unless the key has 1 to 255 printable characters.
    """
    if header is None:
        return None
    request = json.dumps([session, body], sort_keys=True, default=str)
    return Token(mark_for(header), _hashed(request))


def mark_for(header: str) -> Mark:
    """The mark of a key. InvalidInput unless it has 1 to 255 printable characters."""
    name = header.strip()
    if not (1 <= len(name) <= LONGEST_KEY and name.isascii() and name.isprintable()):
        raise InvalidInput(f"Idempotency-Key must have 1 to {LONGEST_KEY} printable characters")
    return REQUESTS.of(_hashed(name))


def require_same(token: Token, row: Item) -> None:
    """KeyReused when the key's `row` is of another request."""
    if row["fingerprint"] != token.fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request")


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()
