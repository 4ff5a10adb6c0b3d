"""Counted attempts: how many of something were made in a window of time, by whom is not readable.

A row per scope, subject and window; the subject (an account, an address) is stored as a keyed hash.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from common import config, prefixes
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Key,
    OutcomeUnknown,
    UnitOfWork,
    Update,
    attr,
    update_item,
)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `attempts` in each window of `seconds`; `scope` tells kinds of attempts apart."""

    scope: str
    attempts: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was counted in the row `key`, which expires at `expires_at` (epoch seconds)."""

    key: Key
    expires_at: int


class LimitReachedError(Exception):
    """There are no attempts left in this window; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"no attempts left for {retry_after} s")
        self.retry_after = retry_after


def reserve(limit: Limit, subject: str, now: int) -> Attempt:
    """Counts an attempt before it is made, or raises LimitReachedError; `now` in epoch seconds."""
    attempt = _attempt(limit, subject, now)
    try:
        update_item(attempt.key, _counted(attempt), condition=_free(limit))
    except (ConditionFailed, OutcomeUnknown) as error:
        # Also where an answer was lost: by now, there are no attempts left.
        raise LimitReachedError(attempt.expires_at - now) from error
    return attempt


def reserve_all(counted: Iterable[tuple[Limit, str]], now: int) -> list[Attempt]:
    """Counts an attempt under several limits, each with its subject, or under none of them.

    Raises LimitReachedError, TransactionBusy.
    """
    with UnitOfWork() as work:
        return [reserve_with(work, limit, subject, now) for limit, subject in counted]


def reserve_with(work: UnitOfWork, limit: Limit, subject: str, now: int) -> Attempt:
    """Counts an attempt only if the rest of `work` happens; LimitReachedError at the commit."""
    attempt = _attempt(limit, subject, now)
    failed = LimitReachedError(attempt.expires_at - now)
    work.update(attempt.key, _counted(attempt), condition=_free(limit), failed=failed, tag=limit.scope)
    return attempt


def forget(work: UnitOfWork, attempt: Attempt) -> None:
    """Clears the count that an attempt is part of."""
    work.delete(attempt.key)


def give_back(work: UnitOfWork, attempt: Attempt) -> None:
    """Takes back one attempt."""
    # The expiry is written again, so that a row that DynamoDB has just deleted does not come back for good.
    work.update(attempt.key, Update().add("attempts", -1).set("expires_at", attempt.expires_at))


def _attempt(limit: Limit, subject: str, now: int) -> Attempt:
    start = now - now % limit.seconds
    key = (f"{prefixes.RATE_LIMIT}#{limit.scope}#{hashed(limit.scope, subject)}", str(start))
    return Attempt(key, start + limit.seconds)


def _counted(attempt: Attempt) -> Update:
    return Update().add("attempts", 1).set("expires_at", attempt.expires_at)


def _free(limit: Limit) -> Condition:
    """Stops attempts at the same moment from all taking the last free count: each one takes its own."""
    return attr("attempts").missing() | attr("attempts").lt(limit.attempts)


def hashed(scope: str, subject: str) -> str:
    """A keyed hash by which a subject is found again and not read."""
    key = config.secret("JWT_SECRET").encode()
    return hmac.new(key, f"{scope}:{subject}".encode(), sha256).hexdigest()
