"""One call to the Selling Partner API: its token, its rate, and which error a refusal is."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from etsy_sync.adapters.amazon.limits import Bucket, Operation
from etsy_sync.adapters.amazon.settings import AmazonSettings
from etsy_sync.adapters.amazon.token import AccessToken
from etsy_sync.adapters.http import PATIENCE, TOO_MANY, ApiCall, Caller, Headers, Terms
from etsy_sync.adapters.interface import AuthExpired, RateLimited, Rejected, Transient

if TYPE_CHECKING:
    import requests

USER_AGENT = "artshop/1.0 (Language=Python)"
TOKEN_HEADER = "x-amz-access-token"  # noqa: S105 - a header's name
TOKEN_REFUSED = frozenset({401, 403})


class Missing(Rejected):
    """Amazon knows no such thing."""


class AmazonClient:
    """The account of one seller; keep it for the life of the process, for it knows what it may still call."""

    def __init__(self, settings: AmazonSettings, caller: Caller, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.clock = clock
        self._caller = caller
        self._token = AccessToken(settings, caller, clock)
        now = clock()
        self._buckets = {operation: Bucket(operation.plan, now) for operation in Operation}

    def __repr__(self) -> str:
        return f"AmazonClient({self.settings.seller_id!r}, {self.settings.marketplace_id!r})"

    def call(
        self,
        operation: Operation,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
        is_repeatable: bool = True,
    ) -> dict[str, Any]:
        """The JSON object that Amazon answers; `path` is percent-encoded, decimals are exact.

        Waits up to five seconds when the operation was called too often, else RateLimited. Raises
        AuthExpired, Missing (404), Rejected (what else Amazon refuses), Transient.
        """
        bucket, what = self._buckets[operation], f"Amazon {operation.title}"
        terms = Terms(
            unauthorized=TOKEN_REFUSED,
            authorize=self._authorized,
            pace=lambda: self._due(bucket, what),
            note=lambda response: self._note(bucket, response),
        )
        options = {"params": params, "json": json}
        call = ApiCall(method, f"{self.settings.api_base}{path}", what, is_repeatable, terms, options)
        return self._caller.ask(call, lambda response: _answer(response, operation))

    def download(self, url: str) -> bytes:
        """A document from where Amazon put it; the address holds its own permission, so no token is sent.

        Raises Rejected, RateLimited, Transient.
        """
        return self._caller.ask(ApiCall("GET", url, "Amazon document"), _content)

    def _authorized(self, refused: Headers | None) -> Headers:
        return {
            TOKEN_HEADER: self._token.value(refused=refused[TOKEN_HEADER] if refused else ""),
            "x-amz-date": self.clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"),
            "user-agent": USER_AGENT,
        }

    def _due(self, bucket: Bucket, what: str) -> float:
        wait = bucket.take(self.clock(), PATIENCE)
        if wait > PATIENCE:
            raise RateLimited(f"{what}: too many calls", int(wait) + 1)
        return wait

    def _note(self, bucket: Bucket, response: "requests.Response") -> None:
        if response.status_code == TOO_MANY:
            # 429 names no time; other processes share the rate.
            bucket.drain(self.clock())
        bucket.learn(response.headers.get("x-amzn-RateLimit-Limit"))


def _content(response: "requests.Response") -> bytes:
    if response.status_code != 200:
        raise Rejected(str(response.status_code), "the document cannot be read")
    return response.content


def _answer(response: "requests.Response", operation: Operation) -> dict[str, Any]:
    what, status = f"Amazon {operation.title}", response.status_code
    body = _object(response)
    if 200 <= status < 300:
        if body is None:
            raise Transient(f"{what}: an answer that is no JSON object")
        return body
    code, text = _reason(body or {}, status)
    if status in TOKEN_REFUSED:
        raise AuthExpired(f"{what}: {code}: {text}")
    raise (Missing if status == 404 else Rejected)(code, f"{what}: {text}")


def _object(response: "requests.Response") -> dict[str, Any] | None:
    try:
        body = response.json(parse_float=Decimal)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _reason(body: Mapping[str, Any], status: int) -> tuple[str, str]:
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else {}
    if not isinstance(first, dict):
        return str(status), "refused"
    return str(first.get("code") or status), str(first.get("message") or "refused")
