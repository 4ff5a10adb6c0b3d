"""How often signing in may be tried: attempts count against whoever makes them.

What an account has in all is counted only for networks from which it never signed in, so that strangers use
up each other's attempts and not those of the artist at home.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common import once, prefixes
from common.clock import epoch
from common.dynamodb import Item, Key, UnitOfWork, batch_get
from common.errors import TooManyRequests
from common.networks import network_of
from common.once import Mark, Marks
from common.repositories.rate_limits import (
    Attempt,
    Limit,
    LimitReachedError,
    forget,
    give_back,
    hashed,
    reserve,
)

# Of one network, whatever accounts it tries.
ADDRESS_LIMIT = Limit("SIGN_IN_ADDRESS", attempts=10, seconds=900)
# Of one account, by all networks together from which it never signed in.
ACCOUNT_LIMIT = Limit("SIGN_IN_ACCOUNT", attempts=30, seconds=900)
# Of one account in one network from which it has signed in.
KNOWN_LIMIT = Limit("SIGN_IN_KNOWN", attempts=10, seconds=900)
# Of one account, by those who know its password: wrong codes of its second factor.
CODE_LIMIT = Limit("SIGN_IN_CODE", attempts=10, seconds=3600)

KEPT = timedelta(days=90)
# From which networks an account has signed in: whose and which is not readable.
KNOWN_NETWORKS = Marks(prefixes.KNOWN_NETWORK, KEPT)
# Signing in again makes a network known for longer, once a day at most.
RENEWED_BELOW = KEPT - timedelta(days=1)

TOO_MANY = "Too many sign-in attempts, try again later"


@dataclass(frozen=True)
class Caller:
    """From which network which account is tried, and until when (epoch seconds, or 0) it is known there."""

    account: str
    network: str
    known_until: int


@dataclass(frozen=True)
class Attempts:
    """What was counted of one attempt: what a success takes back, and what it clears altogether."""

    given_back: tuple[Attempt, ...] = ()
    cleared: tuple[Attempt, ...] = ()


def look_up(account: str, address: str, row: Key | None, now: datetime) -> tuple[Caller, Item | None]:
    """Whether `account` is known where the caller is, and the row `row`, by one consistent read of both."""
    network = network_of(address)
    mark = _known(account, network)
    found = batch_get([mark.key, *([row] if row else [])], consistent=True, now=epoch(now))
    known = found.get(mark.key)
    caller = Caller(account, network, int(known["expires_at"]) if known else 0)
    return caller, found.get(row) if row else None


def reserve_attempts(caller: Caller, now: datetime) -> Attempts:
    """Counts an attempt before the password is looked at; TooManyRequests where none is left.

    However many requests come at once, no more than the limit are tried.
    """
    moment = epoch(now)
    try:
        if caller.known_until:
            return Attempts(cleared=(reserve(KNOWN_LIMIT, f"{caller.account}|{caller.network}", moment),))
        # The network comes first and has fewer, so that it cannot use up the account's attempts alone.
        by_network = reserve(ADDRESS_LIMIT, caller.network, moment)
        return Attempts((by_network,), (reserve(ACCOUNT_LIMIT, caller.account, moment),))
    except LimitReachedError as error:
        raise TooManyRequests(TOO_MANY, error.retry_after) from error


def reserve_code(attempts: Attempts, account_id: str, now: datetime) -> Attempts:
    """Counts a code besides, before it is looked at; TooManyRequests where no attempt is left."""
    try:
        attempt = reserve(CODE_LIMIT, account_id, epoch(now))
    except LimitReachedError as error:
        raise TooManyRequests(TOO_MANY, error.retry_after) from error
    return Attempts(attempts.given_back, (*attempts.cleared, attempt))


def succeed(work: UnitOfWork, caller: Caller, attempts: Attempts, now: datetime) -> None:
    """Adds to `work` that the attempt succeeded: it does not count, and the network is known."""
    for attempt in attempts.given_back:
        give_back(work, attempt)
    for attempt in attempts.cleared:
        forget(work, attempt)
    if caller.known_until < epoch(now + RENEWED_BELOW):
        once.renew(work, _known(caller.account, caller.network), now)


def take_back(attempts: Attempts) -> None:
    """Counts an attempt for none, and clears nothing that was counted before it."""
    with UnitOfWork() as work:
        for attempt in (*attempts.given_back, *attempts.cleared):
            give_back(work, attempt)


def _known(account: str, network: str) -> Mark:
    return KNOWN_NETWORKS.of(hashed(KNOWN_LIMIT.scope, f"{account}|{network}"))
