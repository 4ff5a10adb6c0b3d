"""Read, decide, write under a version: the retry that makes such a step safe against another writer."""

import time
from collections.abc import Callable
from typing import TypeVar

from common.dynamodb.backoff import delay
from common.errors import Conflict

ATTEMPTS = 6

# Up to 400 ms.
_LONGEST_PAUSE = 3

T = TypeVar("T")


def unchecked(_: object) -> None:
    """What is done before a change whose caller does not say what it has seen: nothing."""


class StaleVersion(Conflict):
    """Somebody else changed the row between the read and the write."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was changed by somebody else at the same moment, please try again")


def retry_when_stale(step: Callable[[], T], attempts: int = ATTEMPTS) -> T:
    """Runs `step` (which reads afresh, decides and writes) again while it raises StaleVersion.

    Where more than `ATTEMPTS` are allowed, because many writers are expected to meet or what was done
    outside has to be written down, those pause before. Raises StaleVersion (409) when every one of
    `attempts` runs met another writer.
    """
    for attempt in range(1, attempts):
        try:
            return step()
        except StaleVersion:
            if attempt >= ATTEMPTS:
                time.sleep(delay(min(attempt - ATTEMPTS, _LONGEST_PAUSE)))
    return step()
