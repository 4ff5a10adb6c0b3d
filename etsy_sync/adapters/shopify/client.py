"""GraphQL calls to one shop: the token, the version, the cost limit, and what errors become.

https://shopify.dev/docs/api/usage/limits, https://shopify.dev/docs/api/usage/response-codes
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from common.logging import logger
from etsy_sync.adapters.http import ApiCall, Caller, Headers, Terms
from etsy_sync.adapters.interface import AuthExpired, RateLimited, Rejected, Transient
from etsy_sync.adapters.shopify.settings import ShopifySettings
from etsy_sync.adapters.shopify.token import TokenSource

if TYPE_CHECKING:
    import requests

Json = dict[str, Any]

VERSION_HEADER, TOKEN_HEADER = "X-Shopify-API-Version", "x-shopify-access-token"

THROTTLED, INTERNAL = "THROTTLED", "INTERNAL_SERVER_ERROR"

# How Shopify says that an app may not see a field: by the code where a scope is missing, and for protected
# customer data at times by the text alone.
# https://shopify.dev/docs/apps/launch/protected-customer-data#using-protected-customer-data
ACCESS_DENIED, NOT_APPROVED = "ACCESS_DENIED", "This app is not approved to "

# What a refusal says is kept to so many characters.
_LONGEST_REASON = 300


class QueryRefused(Rejected):
    """An answer holds errors; `denied` are the names of the fields on the way to what the app may not see."""

    def __init__(self, code: str, reason: str, denied: frozenset[str]) -> None:
        super().__init__(code, reason)
        self.denied = denied


class ShopifyClient:
    """Calls the Admin API of the shop that the settings name; the first call fetches a token.

    `withheld` are the fields that the app was found not to be allowed to see, and need not ask for again.
    """

    def __init__(self, settings: ShopifySettings, caller: Caller, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self._caller = caller
        self._tokens = TokenSource(settings, caller, clock)
        self._has_warned = False
        self.withheld: frozenset[str] = frozenset()

    def graphql(self, query: str, variables: Mapping[str, Any], is_repeatable: bool) -> Json:
        """The `data` of a query's or mutation's answer; its userErrors are the caller's.

        `is_repeatable` says that Shopify may carry it out twice: true of queries, and of mutations with an
        idempotency key; then it is sent up to four times when its answer gets lost. A call whose cost is
        not available was not carried out: it waits until it is, at most five seconds, and is sent again.
        Raises NotConfigured, AuthExpired, RateLimited, Rejected (QueryRefused for errors in the answer),
        and Transient, which alone leaves open whether the call was carried out.
        """
        self.settings.require()
        settings = self.settings
        call = ApiCall(
            "POST",
            f"{settings.api_base}/admin/api/{settings.api_version}/graphql.json",
            what="Shopify's API",
            is_repeatable=is_repeatable,
            terms=Terms(authorize=self._authorized, note=self._compare_version),
            options={
                "data": json.dumps({"query": query, "variables": dict(variables)}).encode(),
                "headers": {"content-type": "application/json", "accept": "application/json"},
            },
        )
        return self._caller.ask(call, _read)

    def _authorized(self, refused: Headers | None) -> Headers:
        if refused:
            self._tokens.forget(refused[TOKEN_HEADER])
        return {TOKEN_HEADER: self._tokens.token()}

    def _compare_version(self, response: "requests.Response") -> None:
        """Shopify answers by its oldest version when it no longer has the one that was asked for."""
        served = response.headers.get(VERSION_HEADER, "")
        pinned = self.settings.api_version
        if self._has_warned or served in {"", pinned}:
            return
        self._has_warned = True
        logger().warning(
            "shopify answers by another version of its API", extra={"pinned": pinned, "served": served}
        )


def _read(response: "requests.Response") -> Json:
    if response.status_code == 401:
        raise AuthExpired("Shopify refuses a new access token: is the app still installed?")
    if response.status_code != 200:
        raise Rejected(f"HTTP_{response.status_code}", "Shopify refuses the call")
    try:
        answer = json.loads(response.content, parse_float=Decimal)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Transient("Shopify's API: the answer is no JSON object")
    return _data_of(answer)


def _data_of(answer: Json) -> Json:
    errors = _errors_of(answer)
    codes = [_code_of(error) for error in errors]
    if THROTTLED in codes:
        raise RateLimited("Shopify's API: the cost limit is used up", _seconds_until_affordable(answer))
    if INTERNAL in codes:
        raise Transient(f"Shopify's API: {INTERNAL}")
    if errors:
        reason = "; ".join(str(error.get("message", "")) for error in errors)
        raise QueryRefused(codes[0], reason[:_LONGEST_REASON], _denied(errors))
    data = answer.get("data")
    if not isinstance(data, dict):
        raise Transient("Shopify's API: the answer holds no data")
    return data


def _errors_of(answer: Json) -> list[Json]:
    errors = answer.get("errors") or []
    if isinstance(errors, list):
        return [error if isinstance(error, dict) else {"message": error} for error in errors]
    return [{"message": errors}]


def _code_of(error: Json) -> str:
    return str((error.get("extensions") or {}).get("code", "GRAPHQL_ERROR"))


def _denied(errors: list[Json]) -> frozenset[str]:
    refusals = [
        error
        for error in errors
        if _code_of(error) == ACCESS_DENIED or str(error.get("message", "")).startswith(NOT_APPROVED)
    ]
    return frozenset(step for error in refusals for step in error.get("path") or () if isinstance(step, str))


def _seconds_until_affordable(answer: Json) -> int:
    """How long the bucket takes to hold what the call costs; one second where Shopify does not say."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    requested = Decimal(cost.get("requestedQueryCost") or 0)
    if status and requested > Decimal(status.get("maximumAvailable") or 0):
        raise Rejected("COST_EXCEEDED", "the call costs more than Shopify's bucket ever holds")
    missing = requested - Decimal(status.get("currentlyAvailable") or 0)
    rate = Decimal(status.get("restoreRate") or 0)
    return max(1, ceil(missing / rate)) if rate > 0 else 1
