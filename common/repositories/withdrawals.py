"""Withdrawals: one row each under their order, from the buyer's statement until it is refunded or refused."""

from dataclasses import dataclass

from common import prefixes
from common.dynamodb import Query, attr, sort_key
from common.dynamodb.entries import Index
from common.dynamodb.rows import Rows
from common.errors import NotFound
from common.repositories.orders import Pieces

REQUESTED, RECEIVED, REFUNDED, REFUSED = "requested", "received", "refunded", "refused"
STATUSES = (REQUESTED, RECEIVED, REFUNDED, REFUSED)
OPEN = (REQUESTED, RECEIVED)

# What the four digits of a key have no room for.
_BEYOND = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A statement of withdrawal; `number` counts an order's from 1. Times in ISO 8601 UTC.

    `pieces` is what the buyer withdraws from, `statement` what was declared, word by word, in the `language`
    in which it was read. `refund` is the number of the order's refund that gives its money back or is to do
    so. By `refund_due_at` the law wants that done; `reminded_at` is when the shop was told that this is near.
    """

    order_id: int
    number: int
    order_number: str
    customer_name: str
    pieces: Pieces
    statement: str
    language: str
    requested_at: str
    refund_due_at: str
    updated_at: str
    status: str = REQUESTED
    received_at: str | None = None
    refunded_at: str | None = None
    refused_at: str | None = None
    refusal_reason: str | None = None
    refund: int | None = None
    reminded_at: str | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether its money is neither back nor refused."""
        return self.status in OPEN


_ALL: Index[Withdrawal] = Index("GSI1", prefixes.WITHDRAWAL, "{requested_at}#{order_id:010d}#{number:04d}")
_OPEN: Index[Withdrawal] = Index(
    "GSI2",
    prefixes.WITHDRAWAL_OPEN,
    "{refund_due_at}#{order_id:010d}#{number:04d}",
    when=lambda withdrawal: withdrawal.is_open,
)

# Who finds a number taken was overtaken by another confirmation, and has to look at what that one says.
WITHDRAWALS = Rows(
    Withdrawal,
    "Withdrawal",
    key=prefixes.ORDER + "#{order_id}",
    sort="WITHDRAWAL#{number:04d}",
    indexes=(_ALL, _OPEN),
    rereads=True,
)


def withdrawals_of(order_id: int) -> list[Withdrawal]:
    """The withdrawals from an order, oldest first, by one consistent query."""
    return WITHDRAWALS.all(WITHDRAWALS.under(order_id))


def withdrawal_of(order_id: int, number: int) -> Withdrawal:
    """One withdrawal from an order, by a consistent read; NotFound."""
    withdrawal = WITHDRAWALS.get(order_id, number) if number < _BEYOND else None
    if withdrawal is None:
        raise NotFound("Withdrawal not found")
    return withdrawal


def newest_withdrawals(status: str = "") -> Query:
    """The query of withdrawals, newest first, by GSI1; those of a status cost what all of them cost."""
    return _ALL.query(descending=True, where=attr("status").eq(status) if status else None)


def open_withdrawals() -> Query:
    """The query of those whose money is due, the newest first, by GSI2."""
    return _OPEN.query(descending=True)


def due_withdrawals(before: str) -> list[Withdrawal]:
    """Those whose money is due before a time (ISO 8601 UTC), the most urgent first, by GSI2."""
    return WITHDRAWALS.all(_OPEN.query(sort=sort_key().lt(before)))


def status_of(withdrawals: list[Withdrawal]) -> str | None:
    """What an order says of all its withdrawals: how the oldest open one stands, else the last of them."""
    standing = [it.status for it in withdrawals]
    return next((status for status in standing if status in OPEN), standing[-1] if standing else None)
