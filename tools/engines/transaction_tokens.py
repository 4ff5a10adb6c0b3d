"""The tokens of the transactions of the last ten minutes: a repeated request is answered, not carried out."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

from tools.engines.row_store import Key

# How long DynamoDB itself knows a ClientRequestToken.
KNOWN_FOR_S = 600
MISMATCH = "Request token already in use for another request with a different payload"

Scope = tuple[str, str]


class TokenMismatch(Exception):
    """The token came before, with another transaction."""


class TransactionTokens:
    """Answers by account, region and token; `changes` gathers the rows that they are kept in.

    MiniStack's own memory of tokens compares the request with what its validation made of it: a number
    such as 10.50, repeated, differs from the 10.5 that was stored.
    """

    KIND = "token"

    def __init__(self, changes: dict[Key, Any], clock: Callable[[], float] = time.time) -> None:
        self._changes = changes
        self._clock = clock
        self._known: dict[Key, dict[str, Any]] = {}

    def load(self, rows: Iterator[tuple[Key, Any]]) -> None:
        """Take up the rows of an earlier process."""
        self._known.update(rows)

    def answer_to(self, scope: Scope, request: dict[str, Any]) -> str | None:
        """The body of the answer that this request got, None when it is new; raises TokenMismatch."""
        self._forget_old()
        known = self._known.get(self._key(scope, request))
        if known is None:
            return None
        if known["request"] != _digest(request):
            raise TokenMismatch(MISMATCH)
        return str(known["answer"])

    def remember(self, scope: Scope, request: dict[str, Any], answer: str) -> None:
        """Keep the answer to a request that was carried out."""
        row = {"request": _digest(request), "answer": answer, "at": self._clock()}
        key = self._key(scope, request)
        self._known[key] = self._changes[key] = row

    def _forget_old(self) -> None:
        earliest = self._clock() - KNOWN_FOR_S
        old = list(takewhile(lambda key: self._known[key]["at"] < earliest, self._known))
        for key in old:
            del self._known[key]
            self._changes[key] = None

    def _key(self, scope: Scope, request: dict[str, Any]) -> Key:
        return (self.KIND, *scope, str(request["ClientRequestToken"]))


def _digest(request: dict[str, Any]) -> str:
    """What tells one transaction from another, whatever token it has."""
    payload = {name: value for name, value in request.items() if name != "ClientRequestToken"}
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
