"""Calls of Etsy's Open API v3 for one shop: keys, tokens, limits, and the errors they end in.

https://developers.etsy.com/documentation/reference
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from etsy_sync.adapters.definition import Purpose
from etsy_sync.adapters.etsy.answers import json_of, refusal
from etsy_sync.adapters.etsy.limits import SALE, Budget
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.etsy.tokens import REFRESH_BEFORE, Tokens, is_good
from etsy_sync.adapters.http import ApiCall, Caller, Headers, Terms
from etsy_sync.adapters.interface import RateLimited, Transient
from etsy_sync.repositories.etsy_tokens import EtsyToken

if TYPE_CHECKING:
    import requests

# The most that Etsy gives at once.
PAGE = 100


class EtsyClient:
    """The API as one shop's owner may use it; what it is for decides whether the reserve is touched.

    Every call raises NotConfigured, AuthExpired, RateLimited, Transient, and Rejected with the code
    `invalid` (400), `forbidden` (403), `not_found` (404) or `conflict` (409) and Etsy's text.
    """

    def __init__(
        self,
        settings: EtsySettings,
        caller: Caller,
        clock: Callable[[], datetime],
        shop_id: str,
        *,
        purpose: Purpose = SALE,
    ) -> None:
        self.settings = settings
        self.shop_id = shop_id
        self.purpose = purpose
        self.budget = Budget(shop_id, settings.daily_reserve)
        self._caller = caller
        self._clock = clock
        self._tokens = Tokens(settings, caller)
        self._token: EtsyToken | None = None

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What is at a path below `/application`, such as `/users/me`."""
        return self._answer("GET", path, params=query)

    def page(self, what: str, offset: int, query: Mapping[str, Any]) -> list[Any]:
        """At most PAGE of the shop's `listings` or `receipts`, in rising order from `offset` on.

        Raises Transient besides when the answer has no list.
        """
        asked = {"limit": PAGE, "offset": offset, "sort_order": "asc", **query}
        results = self.get(f"/shops/{self.shop_id}/{what}", asked).get("results")
        if not isinstance(results, list):
            raise Transient(f"Etsy's answer has no list of {what}")
        return results

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Replaces what is at a path by a JSON body, whose Decimals are sent as exact numbers."""
        import simplejson

        data = simplejson.dumps(body, use_decimal=True).encode()
        return self._answer("PUT", path, data=data, headers={"content-type": "application/json"})

    def patch(self, path: str, form: Mapping[str, str], *, is_repeatable: bool = True) -> dict[str, Any]:
        """Changes the fields of a form at a path."""
        return self._answer("PATCH", path, is_repeatable=is_repeatable, data=dict(form))

    def _answer(
        self, method: str, path: str, *, is_repeatable: bool = True, **options: Any
    ) -> dict[str, Any]:
        self.settings.require()
        what = f"Etsy {method} {path}"
        url = f"{self.settings.api_base}/application{path}"
        terms = Terms(authorize=self._authorized, pace=self._pace, note=self._note)
        try:
            return self._caller.ask(
                ApiCall(method, url, what, is_repeatable, terms, options), lambda answer: _read(answer, what)
            )
        except RateLimited as limited:
            if self.budget.is_used_up:
                raise RateLimited(str(limited), limited.retry_after, is_daily=True) from None
            raise

    def _authorized(self, refused: Headers | None) -> Headers:
        token = self._current()
        if refused and refused["authorization"] == f"Bearer {token.access_token}":
            token = self._tokens.replacing(token.access_token, self.shop_id, self._clock())
            self._token = token
        return {"x-api-key": self.settings.api_key, "authorization": f"Bearer {token.access_token}"}

    def _pace(self) -> float:
        self.budget.check(self.purpose, self._clock())
        return 1.0 if self.budget.is_second_used_up else 0.0

    def _note(self, response: "requests.Response") -> None:
        self.budget.note(response.status_code, response.headers, self._clock())

    def _current(self) -> EtsyToken:
        if self._token is None or not is_good(self._token, self._clock(), REFRESH_BEFORE):
            self._token = self._tokens.live(self.shop_id, self._clock())
        return self._token


def _read(response: "requests.Response", what: str) -> dict[str, Any]:
    if not response.ok or 300 <= response.status_code < 400:
        raise refusal(response, what)
    return json_of(response, what)
