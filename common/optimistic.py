"""Read, decide, write under a version: the retry that makes such a step safe against another writer."""

from collections.abc import Callable
from typing import TypeVar

from common.errors import Conflict

ATTEMPTS = 6

T = TypeVar("T")


class StaleVersion(Conflict):
    """Somebody else changed the row between the read and the write."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was changed by somebody else at the same moment, please try again")


def retry_when_stale(step: Callable[[], T]) -> T:
    """Runs `step` (which reads afresh, decides and writes) again while it raises StaleVersion.

    Raises StaleVersion (409) when every one of `ATTEMPTS` runs met another writer.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return step()
        except StaleVersion:
            continue
    return step()
