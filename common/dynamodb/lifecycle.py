"""Expiry, soft deletion and versions: the conditions that every entity shares.

DynamoDB deletes an expired item days late, so reads and conditions treat it as absent themselves.
"""

from collections.abc import Mapping
from typing import Any

from common import clock

from .expressions import Condition, attr

EXPIRES_AT = "expires_at"


def epoch_now() -> int:
    """The current time as epoch seconds."""
    return clock.epoch(clock.utc_now())


def is_live(item: Mapping[str, Any], now: int) -> bool:
    """Whether an item has not expired at `now` (epoch seconds)."""
    expires_at = item.get(EXPIRES_AT)
    return expires_at is None or bool(expires_at > now)


def live(now: int) -> Condition:
    """Not expired at `now` (epoch seconds); also true when there is no item, see `present`."""
    return attr(EXPIRES_AT).missing() | attr(EXPIRES_AT).eq(None) | attr(EXPIRES_AT).gt(now)


def present(now: int) -> Condition:
    """There is an item and it has not expired at `now`; for conditions of writes, not for queries."""
    return attr("PK").exists() & live(now)


def absent(now: int) -> Condition:
    """There is no item, or only one that expired by `now`; for conditions of writes, not for queries."""
    return attr("PK").missing() | attr(EXPIRES_AT).le(now)


def not_deleted() -> Condition:
    """Not soft-deleted; also true when there is no item."""
    return attr("deleted_at").missing() | attr("deleted_at").eq(None)


def expected_version(version: int) -> Condition:
    """The item still has the version that was read: stops the loss of another writer's change."""
    return attr("version").eq(version)
