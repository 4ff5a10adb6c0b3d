"""How often anybody places orders, fails to pay, and guesses whose an order is: counted by who does it.

Never by the order alone, which would let a stranger use up what its buyer has. A family behind one address
meets none of these.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from common import config
from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.dynamodb.transaction import MAX_ACTIONS
from common.errors import TooManyRequests
from common.networks import network_of
from common.repositories.orders import Order
from common.repositories.rate_limits import (
    Attempt,
    Limit,
    LimitReachedError,
    give_back,
    reserve,
    reserve_all,
    reserve_with,
)

HOUR = 3600
CHECKOUTS_PER_HOUR = 100
CART_CHECKOUTS = Limit("CHECKOUT_CART", attempts=20, seconds=HOUR)
FAILED_PAYMENTS = Limit("PAYMENT_ADDRESS", attempts=30, seconds=HOUR)
FAILED_CART_PAYMENTS = Limit("PAYMENT_CART", attempts=30, seconds=HOUR)
STRANGERS_FAILED_PAYMENTS = Limit("PAYMENT_STRANGER", attempts=10, seconds=HOUR)
WRONG_EMAILS = Limit("ORDER_EMAIL", attempts=20, seconds=HOUR)
WRONG_EMAILS_OF_ORDER = Limit("ORDER_EMAIL_OF_ORDER", attempts=5, seconds=HOUR)

WITHDRAWALS = Limit("WITHDRAWAL_ADDRESS", attempts=20, seconds=HOUR)
WITHDRAWALS_OF_ORDER = Limit("WITHDRAWAL_OF_ORDER", attempts=5, seconds=HOUR)
WITHDRAWAL_FORMS = Limit("WITHDRAWAL_FORM", attempts=100, seconds=HOUR)

Counted = list[tuple[Limit, str]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the IP address, and the session of the cart where one came with the request."""

    address: str
    session: str = ""


def checkouts_of_address() -> Limit | None:
    """`CHECKOUTS_PER_HOUR`: how many orders one address may place in an hour; default 100, 0 for no limit.

    ConfigurationError for anything but a whole number.
    """
    return _limit_of(config.setting("CHECKOUTS_PER_HOUR", str(CHECKOUTS_PER_HOUR)))


def _limit_of(text: str) -> Limit | None:
    if not (text.isascii() and text.isdigit()):
        raise config.ConfigurationError(f"CHECKOUTS_PER_HOUR must be a whole number, not {text!r}")
    return Limit("CHECKOUT_ADDRESS", int(text), HOUR) if int(text) else None


def count_checkout(work: UnitOfWork, caller: Caller, now: datetime) -> None:
    """Counts an order that is placed, in the transaction that places it; see `too_many`.

    Add it last: the largest orders leave room for the address alone.
    """
    of_address = checkouts_of_address()
    if of_address is not None:
        reserve_with(work, of_address, network_of(caller.address), epoch(now))
    if caller.session and len(work) < MAX_ACTIONS:
        reserve_with(work, CART_CHECKOUTS, caller.session, epoch(now))


def count_withdrawal(work: UnitOfWork, caller: Caller, order: Order, now: datetime) -> None:
    """Counts a withdrawal in the transaction that writes it, by its caller and by caller and order."""
    network = network_of(caller.address)
    reserve_with(work, WITHDRAWALS, network, epoch(now))
    reserve_with(work, WITHDRAWALS_OF_ORDER, f"{order.id}:{network}", epoch(now))


def count_form(caller: Caller, now: datetime) -> None:
    """Counts a form of a page that was sent, whatever becomes of it. TooManyRequests."""
    with too_many("forms"):
        reserve(WITHDRAWAL_FORMS, network_of(caller.address), epoch(now))


def count_unknown_number(caller: Caller, now: datetime) -> None:
    """Counts a number that no order has as a wrong e-mail address of one. TooManyRequests."""
    with too_many("wrong e-mail addresses"):
        reserve(WRONG_EMAILS, network_of(caller.address), epoch(now))


@contextmanager
def too_many(what: str) -> Iterator[None]:
    """Answers a limit that is reached within the block with 429: `Too many {what}, try again later`."""
    try:
        yield
    except LimitReachedError as error:
        raise TooManyRequests(f"Too many {what}, try again later", error.retry_after) from error


class CountedAttempt:
    """Something that is counted before it is tried, and not counted any more unless it `failed`."""

    def __init__(self) -> None:
        self.failed = False


@contextmanager
def payment_by(caller: Caller, now: datetime, *, is_holder: bool) -> Iterator[CountedAttempt]:
    """Counts a payment that fails: a stranger's under a smaller limit of the stranger's own."""
    network = network_of(caller.address)
    counted: Counted = [(FAILED_PAYMENTS if is_holder else STRANGERS_FAILED_PAYMENTS, network)]
    if is_holder and caller.session:
        counted.append((FAILED_CART_PAYMENTS, caller.session))
    with _counted_attempt(counted, "failed payments", now) as attempt:
        yield attempt


@contextmanager
def guess_of_email(caller: Caller, order: Order, now: datetime) -> Iterator[CountedAttempt]:
    """Counts an e-mail address that turns out wrong, by its caller and by caller and order."""
    network = network_of(caller.address)
    counted: Counted = [(WRONG_EMAILS, network), (WRONG_EMAILS_OF_ORDER, f"{order.id}:{network}")]
    with _counted_attempt(counted, "wrong e-mail addresses", now) as attempt:
        yield attempt


@contextmanager
def _counted_attempt(counted: Counted, what: str, now: datetime) -> Iterator[CountedAttempt]:
    # Counted first: however many come at once, no more than the limit are tried.
    with too_many(what):
        attempts = reserve_all(counted, epoch(now))
    attempt = CountedAttempt()
    try:
        yield attempt
    finally:
        if not attempt.failed:
            _give_all_back(attempts)


def _give_all_back(attempts: list[Attempt]) -> None:
    with UnitOfWork() as work:
        for attempt in attempts:
            give_back(work, attempt)
