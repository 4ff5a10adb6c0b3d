"""One HTTP call to a platform: its time limits, what is repeated, and which error it ends in.

This is the only loop that sends anything again. What differs between the platforms is data (`Terms`).
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from etsy_sync.adapters.interface import ChannelError, RateLimited, Transient

if TYPE_CHECKING:
    import requests

T = TypeVar("T")

# Seconds to connect, and between two bytes of the answer.
TIMEOUT = (3.05, 10.0)
ATTEMPTS = 4
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
# A worker waits so long for a channel itself; for longer the work goes back to the queue.
PATIENCE = 5
# By what a platform says that it carried nothing out, because there were too many calls.
TOO_MANY = 429

Sleep = Callable[[float], None]
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a platform is called.

    `unauthorized` are the statuses by which it refuses a token. `authorize` gives the headers that say who
    calls: others than the refused ones where it is told those. `pace` gives the seconds until the next call
    may be sent, `note` is told of every answer, whatever its status is. Each may raise ChannelErrors.
    """

    unauthorized: frozenset[int] = frozenset({401})
    authorize: Callable[[Headers | None], Headers] = lambda _refused: {}
    pace: Callable[[], float] = lambda: 0.0
    note: Callable[["requests.Response"], object] = lambda _response: None


# For who has no token, such as whoever asks for one.
ANYBODY = Terms(unauthorized=frozenset())


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call; `is_repeatable` when it may be carried out twice, `what` names it in errors.

    `options` are those of `requests`.
    """

    method: str
    url: str
    what: str
    is_repeatable: bool = True
    terms: Terms = ANYBODY
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_write(self) -> bool:
        """Whether it may change anything there."""
        return self.method != "GET"


@dataclass(frozen=True)
class Caller:
    """How calls are made: over which session, and how waiting is done (`sleep` takes seconds)."""

    session: "requests.Session"
    sleep: Sleep
    jitter: Callable[[], float] = field(default=random.random)

    def ask(self, call: ApiCall, read: Callable[["requests.Response"], T]) -> T:
        """What `read` makes of the platform's answer; it raises a ChannelError for one that is a refusal.

        A call that may be repeated is sent up to four times when the network or the server fails, or `read`
        raises Transient. One that was limited was not carried out, so any call waits up to five seconds and
        is sent again. A refused token is replaced once. A write of which an attempt got lost and another one
        is refused ends in Transient: nobody knows whether the lost one was carried out. Raises RateLimited,
        Transient, and what `read` and the terms raise.
        """
        headers = call.terms.authorize(None)
        try:
            return self._repeated(call, read, headers)
        except _TokenRefused:
            last = replace(call, terms=replace(call.terms, unauthorized=frozenset()))
            return self._repeated(last, read, call.terms.authorize(headers))

    def _repeated(self, call: ApiCall, read: Callable[["requests.Response"], T], headers: Headers) -> T:
        lost: Transient | None = None
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._sent(call, headers)
                if lost and call.is_write and not response.ok:
                    raise lost
                if response.status_code in call.terms.unauthorized:
                    raise _TokenRefused
                return read(response)
            except Transient as failed:
                if attempt == ATTEMPTS or not call.is_repeatable or failed is lost:
                    raise
                lost, wait = failed, self._backoff(attempt)
            except ChannelError as refused:
                if attempt == ATTEMPTS or not isinstance(refused, RateLimited) or not _is_short(refused):
                    # What is refused now may have been carried out by the attempt whose answer got lost.
                    raise (lost if lost and call.is_write else refused) from None
                wait = float(refused.retry_after)
            self.sleep(wait)

    def _sent(self, call: ApiCall, headers: Headers) -> "requests.Response":
        """The answer to one attempt; Transient when it got lost, or met a broken server."""
        import requests

        if wait := call.terms.pace():
            self.sleep(wait)
        options = {**call.options, "headers": {**call.options.get("headers", {}), **headers}}
        try:
            response = self.session.request(
                call.method, call.url, timeout=TIMEOUT, allow_redirects=False, **options
            )
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            raise Transient(f"{call.what}: {type(error).__name__}") from None
        call.terms.note(response)
        if response.status_code >= 500:
            raise Transient(f"{call.what}: status {response.status_code}")
        if response.status_code == TOO_MANY:
            raise RateLimited(f"{call.what}: too many calls", retry_after(response.headers))
        return response

    def _backoff(self, attempt: int) -> float:
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


def retry_after(headers: Mapping[str, str]) -> int:
    """How many seconds the channel asks to wait; one where it does not say.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    try:
        return max(1, int(float(headers.get("retry-after", "1"))))
    except ValueError:
        return 1


class _TokenRefused(Exception):
    """The platform does not accept the token that was sent."""


def _is_short(limited: RateLimited) -> bool:
    return limited.retry_after <= PATIENCE and not limited.is_daily
