"""The access token that the app exchanges its own id and secret for.

https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from etsy_sync.adapters.http import ApiCall, Caller
from etsy_sync.adapters.interface import AuthExpired, Rejected, Transient
from etsy_sync.adapters.shopify.settings import ShopifySettings

if TYPE_CHECKING:
    import requests

# A token lives about a day; it is replaced so long before its end that no call meets it expired.
EARLY = timedelta(minutes=5)

WHAT = "Shopify's access token"


class TokenSource:
    """Keeps one token in the process, which is never shown; several processes may each have their own."""

    def __init__(self, settings: ShopifySettings, caller: Caller, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._caller = caller
        self._clock = clock
        self._token = ""
        self._good_until: datetime | None = None

    def token(self) -> str:
        """A token that is good for the next minutes.

        Raises NotConfigured, AuthExpired when Shopify does not accept the app, RateLimited, Transient.
        """
        now = self._clock()
        if self._good_until is None or now >= self._good_until:
            self._token, lifetime = self._exchange()
            self._good_until = now + lifetime - EARLY
        return self._token

    def forget(self, refused: str) -> None:
        """Drops the token when it is the one that was refused, so that the next call gets another."""
        if self._token == refused:
            self._good_until = None

    def _exchange(self) -> tuple[str, timedelta]:
        settings = self._settings.require()
        data = {
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "grant_type": "client_credentials",
        }
        options = {"data": data, "headers": {"accept": "application/json"}}
        url = f"{settings.api_base}/admin/oauth/access_token"
        return self._caller.ask(ApiCall("POST", url, WHAT, options=options), _read)


def _read(response: "requests.Response") -> tuple[str, timedelta]:
    """The token that an answer gives, and for how long."""
    if response.status_code in {400, 401, 403}:
        raise AuthExpired(f"{WHAT}: refused with status {response.status_code}")
    if response.status_code != 200:
        raise Rejected(f"HTTP_{response.status_code}", f"{WHAT} was not given")
    try:
        answer = json.loads(response.content)
        return str(answer["access_token"]), timedelta(seconds=int(answer["expires_in"]))
    except (ValueError, KeyError, TypeError):
        raise Transient(f"{WHAT}: the answer cannot be read") from None
