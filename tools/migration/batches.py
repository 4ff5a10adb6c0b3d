"""Batch reads and writes that go on until all is done, with the patience of a long move."""

import time
from collections.abc import Callable, Sequence

from common.dynamodb import BatchIncomplete, Item, Key, batch_get, batch_write, key_of
from tools.errors import ToolError

ROUNDS = 8
LONGEST_WAIT_S = 30.0

# A moment before every expiry: what has expired but is still stored is there, as far as moving goes.
BEFORE_ALL_TIME = 0

Sleep = Callable[[float], None]


def read_all(keys: Sequence[Key], sleep: Sleep = time.sleep) -> dict[Key, Item]:
    """What is stored under these keys, expired or not, read consistently. Raises ToolError."""
    found: dict[Key, Item] = {}
    left = list(keys)
    for attempt in range(ROUNDS):
        try:
            return found | batch_get(left, consistent=True, now=BEFORE_ALL_TIME)
        except BatchIncomplete as error:
            found |= error.found
            left = error.keys
            sleep(_pause(attempt))
    raise ToolError("The database is too busy to be read. Run the command again: it goes on from here.")


def write_all(items: Sequence[Item], sleep: Sleep = time.sleep) -> None:
    """Write items until all are written. Raises ToolError naming one that the database refuses."""
    left = {key_of(item): item for item in items}
    reason = ""
    for attempt in range(ROUNDS):
        if not left:
            return
        if attempt:
            sleep(_pause(attempt))
        failed = batch_write(left.values(), sleep=sleep).failed
        left = {key: left[key] for key, _ in failed}
        reason = failed[0][1] if failed else ""
    if left:
        key = next(iter(left))
        raise ToolError(
            f"{len(left)} rows were not written, {key[0]} / {key[1]} among them: {reason}. "
            "Run the command again: it goes on from here."
        )


def _pause(attempt: int) -> float:
    return float(min(LONGEST_WAIT_S, 0.5 * 2**attempt))
