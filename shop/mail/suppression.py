"""Addresses that are not written to any more, because mail to them came back for good or was called spam.

A row holds no address, but a keyed hash of it: whoever has the address finds the row, and nobody reads one
out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from common import prefixes
from common.clock import iso
from common.dynamodb import Index, UnitOfWork
from common.dynamodb.at_once import AT_ONCE
from common.dynamodb.rows import Rows
from common.emails import address_key
from common.repositories.rate_limits import hashed

Reason = Literal["bounce", "complaint"]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An address that is not written to, by its hash, since `since` (ISO 8601 UTC), and why."""

    id: str
    reason: str
    since: str


_NEWEST: Index[Suppressed] = Index("GSI1", prefixes.MAIL_SUPPRESSED, "{since}#{id}")
SUPPRESSED = Rows(
    Suppressed, "Suppressed address", key=prefixes.MAIL_SUPPRESSED + "#{id}", indexes=(_NEWEST,)
)


def suppress(address: str, reason: Reason, now: datetime) -> None:
    """Keeps the shop from writing to an address; a repetition writes the same again."""
    SUPPRESSED.put(AT_ONCE, Suppressed(hash_of(address), reason, iso(now)))


def suppression_of(address: str) -> Suppressed | None:
    """Why an address is not written to, by one consistent read; None when it is."""
    return SUPPRESSED.get(hash_of(address))


def newest_suppressed(limit: int) -> Sequence[Suppressed]:
    """The newest `limit` addresses that are not written to, by one query of GSI1."""
    return SUPPRESSED.all(_NEWEST.query(descending=True), limit=limit)


def lift(work: UnitOfWork, suppressed: Suppressed) -> None:
    """Lets the shop write to an address again; that it does already is no error."""
    work.delete(SUPPRESSED.key_of(suppressed))


def hash_of(address: str) -> str:
    """By what an address is found; all its forms have the same."""
    return hashed(prefixes.MAIL_SUPPRESSED, address_key(address))
