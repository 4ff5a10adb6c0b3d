"""The access token: fetched with the seller's consent, kept until shortly before its end.

https://developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from etsy_sync.adapters.amazon.settings import AmazonSettings
from etsy_sync.adapters.http import ApiCall, Caller
from etsy_sync.adapters.interface import AuthExpired, Rejected, Transient

if TYPE_CHECKING:
    import requests

# A token that ends while a call is under way is of no use.
MARGIN = timedelta(minutes=5)
# https://www.rfc-editor.org/rfc/rfc6749#section-5.2: what only the owner can put right.
CONSENT_ERRORS = frozenset({"invalid_client", "invalid_grant", "unauthorized_client"})


class AccessToken:
    """The access token of a process; threads that need it at once fetch it once."""

    def __init__(self, settings: AmazonSettings, caller: Caller, clock: Callable[[], datetime]) -> None:
        self._settings, self._caller, self._clock = settings, caller, clock
        self._value = ""
        self._until: datetime | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Token(until={self._until})"

    def value(self, *, refused: str = "") -> str:
        """The token to send; a new one when the last is nearly over or is the one that was `refused`.

        Raises AuthExpired, Rejected, RateLimited, Transient.
        """
        with self._lock:
            is_fresh = self._until is not None and self._clock() < self._until - MARGIN
            if not is_fresh or self._value == refused:
                self._fetch()
            return self._value

    def _fetch(self) -> None:
        settings = self._settings
        data = {
            "grant_type": "refresh_token",
            "refresh_token": settings.refresh_token,
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
        }
        # Amazon's refresh tokens are not used up: a lost answer is asked for again.
        call = ApiCall("POST", settings.token_url, "Amazon token", options={"data": data})
        self._value, lasts = self._caller.ask(call, _read)
        self._until = self._clock() + lasts


def _read(response: "requests.Response") -> tuple[str, timedelta]:
    """The token that an answer gives, and for how long."""
    answer = _fields(response)
    if response.status_code != 200:
        raise _refusal(response.status_code, str(answer.get("error", "")))
    try:
        return str(answer["access_token"]), timedelta(seconds=int(answer["expires_in"]))
    except (KeyError, TypeError, ValueError):
        raise Transient("Amazon token: the answer holds none") from None


def _fields(response: "requests.Response") -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(status: int, error: str) -> AuthExpired | Rejected:
    if error in CONSENT_ERRORS or status in {401, 403}:
        return AuthExpired(f"Amazon token: {error or status}")
    return Rejected(error or str(status), "Amazon gives no token")
