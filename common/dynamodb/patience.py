"""How long a call that is refused, lost or left undone is tried again.

A request of the shop has to answer within API Gateway's 29 s, so it gives up after a few attempts. A program
that moves a whole table waits for minutes: a table that takes fewer calls than it is sent is no failure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from .backoff import CAP_S, Sleep, delay

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# What one call may wait in all, and at once: partitions are split within minutes.
LONGEST_S = 180.0
LONGEST_PAUSE_S = 10.0

BUSY = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
    }
)

# Where the seconds that a call has waited stand among botocore's notes on it.
_WAITED = "PatienceWaited"


@dataclass(slots=True)
class _Patience:
    """What is left of it; `has_answered` once the service has said anything at all."""

    longest_s: float
    has_answered: bool = False

    def end(self) -> None:
        """Let nobody wait any longer: the service had its time."""
        self.longest_s = 0.0


_current: _Patience | None = None
_pauses = 0


@contextmanager
def patience(longest_s: float | None = None) -> Iterator[None]:
    """Within the block every call of this process, in all of its threads, may wait so many seconds.

    Without a number it is LONGEST_S.

    It begins with the first answer, so that a wrong endpoint is told at once, and is over for all calls when
    one of them has used it up.
    """
    global _current  # noqa: PLW0603 - the threads of a pool do not inherit a context
    before, _current = _current, _Patience(LONGEST_S if longest_s is None else longest_s)
    try:
        yield
    finally:
        _current = before


def attempts(ordinary: int, sleep: Sleep) -> Iterator[int]:
    """Number attempts from 0, with a pause before each but the first: `ordinary` ones, more with patience."""
    waited = 0.0
    for attempt in count():
        if attempt:
            if attempt >= ordinary and not _may_wait(waited):
                return
            pause = delay(attempt - 1, LONGEST_PAUSE_S if _current else CAP_S)
            _note()
            sleep(pause)
            waited += pause
        yield attempt


def is_patient() -> bool:
    """Whether calls wait for minutes at present."""
    return _current is not None


def pauses_so_far() -> int:
    """How often this process was refused or left undone a call; who sends less often is refused less."""
    return _pauses


def is_passing(error: Exception) -> bool:
    """Whether what the service or the connection refused may be taken later."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return error.response["Error"]["Code"] in BUSY or status >= 500
    return isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError)


def wait_with_patience(client: "DynamoDBClient") -> None:
    """Let the client's calls be as patient as the process is.

    The waiting is a part of the call, so that it still knows of answers that were lost before.
    """
    # The stubs have no event whose handlers answer.
    client.meta.events.register_first("needs-retry.dynamodb", _pause)  # type: ignore[arg-type]


def _pause(
    request_dict: dict[str, Any],
    response: tuple[Any, dict[str, Any]] | None,
    caught_exception: Exception | None,
    attempts: int,
    **_: object,
) -> float | None:
    """The seconds to wait before the next attempt; None leaves it to botocore."""
    if _is_refused(response, caught_exception):
        _note()
    if _current is None:
        return None
    _current.has_answered = _current.has_answered or response is not None
    waited: float = request_dict["context"].get(_WAITED, 0.0)
    if not _is_refused(response, caught_exception) or not _may_wait(waited):
        return None
    pause = delay(attempts - 1, LONGEST_PAUSE_S)
    request_dict["context"][_WAITED] = waited + pause
    return pause


def _note() -> None:
    global _pauses  # noqa: PLW0603 - a number for all threads; one that is lost between two does no harm
    _pauses += 1


def _is_refused(response: tuple[Any, dict[str, Any]] | None, error: Exception | None) -> bool:
    if response is None:
        return error is not None and is_passing(error)
    http, parsed = response
    return http.status_code >= 500 or parsed.get("Error", {}).get("Code") in BUSY


def _may_wait(waited: float) -> bool:
    if _current is None or not _current.has_answered:
        return False
    if waited >= _current.longest_s:
        _current.end()
        return False
    return True
