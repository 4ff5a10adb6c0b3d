"""One HTTP call to a channel: its time limits, what is repeated, and which error it ends in."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from etsy_sync.adapters.interface import RateLimited, Transient

if TYPE_CHECKING:
    import requests
    from tenacity import Retrying

# Seconds to connect, and between two bytes of the answer.
TIMEOUT = (3.05, 10.0)
ATTEMPTS = 4
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
# A worker waits so long for a channel itself; for longer the work goes back to the queue.
PATIENCE = 5

Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Caller:
    """How calls are made: over which session, and how waiting is done (`sleep` takes seconds)."""

    session: "requests.Session"
    sleep: Sleep
    jitter: Callable[[], float] = field(default=random.random)

    def send(
        self, method: str, url: str, *, is_repeatable: bool, what: str, **options: Any
    ) -> "requests.Response":
        """The answer of the channel, whatever its status is, other than 429 and 5xx.

        `is_repeatable` says that the call may be carried out twice: then it is sent up to four times when
        the network or the server fails. 429 was not carried out, so any call waits up to five seconds and
        is sent again. A write of which an attempt got lost and another one is refused ends in Transient:
        nobody knows whether the lost one was carried out. `what` names the call in errors. Raises
        RateLimited, Transient.
        """
        from tenacity import RetryError

        lost: list[Transient] = []

        def attempt() -> "requests.Response":
            try:
                return self._sent(method, url, what, options)
            except Transient as failed:
                lost.append(failed)
                raise (_Again(failed) if is_repeatable else failed) from None

        try:
            response = self._retrying()(attempt)
        except RetryError as spent:
            final: RateLimited | Transient = spent.last_attempt.exception().error  # type: ignore[union-attr]
            raise (final if method == "GET" or not lost else lost[-1]) from None
        if lost and method != "GET" and not response.ok:
            raise lost[-1]
        return response

    def _sent(self, method: str, url: str, what: str, options: Mapping[str, Any]) -> "requests.Response":
        """The answer to one attempt; Transient when it got lost, or met a broken server."""
        import requests

        try:
            response = self.session.request(method, url, timeout=TIMEOUT, allow_redirects=False, **options)
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            raise Transient(f"{what}: {type(error).__name__}") from None
        if response.status_code >= 500:
            raise Transient(f"{what}: status {response.status_code}")
        return _allowed(response, what)

    def _retrying(self) -> "Retrying":
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        return Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=lambda state: self._wait(state.attempt_number, state.outcome),
            retry=retry_if_exception_type(_Again),
            sleep=self.sleep,
        )

    def _wait(self, attempt: int, outcome: Any) -> float:
        error: RateLimited | Transient = outcome.exception().error
        if isinstance(error, RateLimited):
            return float(error.retry_after)
        longest: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1))
        return longest * (0.5 + self.jitter() / 2)


@cache
def process_caller() -> Caller:
    """How this process calls channels: one session, so that connections are kept from call to call."""
    import requests

    session = requests.Session()
    # What a machine has in .netrc would replace the Authorization header, so nothing of it is read.
    session.trust_env = False
    return Caller(session, time.sleep)


class _Again(Exception):
    """A call that failed in a way that allows another attempt."""

    def __init__(self, error: RateLimited | Transient) -> None:
        super().__init__()
        self.error = error


def retry_after(headers: Mapping[str, str]) -> int:
    """How many seconds the channel asks to wait; one where it does not say.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    try:
        return max(1, int(float(headers.get("retry-after", "1"))))
    except ValueError:
        return 1


def _allowed(response: "requests.Response", what: str) -> "requests.Response":
    if response.status_code == 429:
        seconds = retry_after(response.headers)
        limited = RateLimited(f"{what}: too many calls", seconds)
        raise _Again(limited) if seconds <= PATIENCE else limited
    return response
