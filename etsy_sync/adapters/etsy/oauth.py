"""Connecting a shop: the owner's consent by OAuth 2 with PKCE.

https://developers.etsy.com/documentation/essentials/authentication, RFC 7636
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from common import prefixes
from common.clock import epoch, iso
from common.dynamodb import ConditionFailed, Key, attr, delete_item, get_item, put_item
from common.encryption import seal, unseal
from common.errors import InvalidInput
from etsy_sync.adapters.etsy.answers import error_code, json_of, refusal
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.http import ApiCall, Caller, process_caller
from etsy_sync.adapters.interface import Rejected
from etsy_sync.repositories.etsy_tokens import EtsyConnection, EtsyToken, save_consent

if TYPE_CHECKING:
    import requests

# What the shop does: reads and changes listings, reads the shop and its receipts.
SCOPES = ("listings_r", "listings_w", "shops_r", "transactions_r")

STATE_LIFE = timedelta(minutes=10)


class UnknownState(InvalidInput):
    """The owner comes back with a state that was not given out, was used, or is older than ten minutes."""

    def __init__(self) -> None:
        super().__init__("Unknown or expired state; start the connection again")


@dataclass(frozen=True, slots=True)
class Authorization:
    """Where the owner consents, and the state that they come back with within ten minutes."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Granted:
    """The tokens that Etsy gave, and when the access token ends."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime


def start(now: datetime, *, settings: EtsySettings | None = None) -> Authorization:
    """Begins a connection. Raises NotConfigured, and as `encryption.seal` does."""
    settings = (settings or EtsySettings.from_environment()).require()
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    pk, sk = state_key(state)
    put_item(
        {
            "PK": pk,
            "SK": sk,
            "verifier": seal(verifier, _context(state)),
            "expires_at": epoch(now + STATE_LIFE),
        },
        # Stops a second state of the same text from replacing the verifier of the first.
        condition=attr("PK").missing(),
    )
    query = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": settings.redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    return Authorization(f"{settings.authorize_url}?{urlencode(query)}", state)


def finish(
    code: str,
    state: str,
    now: datetime,
    *,
    settings: EtsySettings | None = None,
    caller: Caller | None = None,
) -> EtsyConnection:
    """Stores the tokens of the shop whose owner has consented, and answers what is known of it.

    The state is used up before Etsy is asked, so that one consent is exchanged at most once. Raises
    UnknownState, NotConfigured, Rejected (`invalid_grant` for a code that is unknown, used or old,
    `no_shop` for an account without one, `other_shop` for one that `ETSY_SHOP_IDS` does not name),
    RateLimited and Transient.
    """
    settings = (settings or EtsySettings.from_environment()).require()
    caller = caller or process_caller()
    verifier = _verifier(state, now)
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": settings.redirect_uri,
        "code": code,
        "code_verifier": verifier,
    }
    granted = ask_for_tokens(form, now, settings, caller)
    shop_id = _shop_of(granted.access_token, settings, caller)
    moment = iso(now)
    token = EtsyToken(
        shop_id=shop_id,
        access_token=granted.access_token,
        refresh_token=granted.refresh_token,
        token_expires_at=iso(granted.expires_at),
        scope=" ".join(SCOPES),
        created_at=moment,
        updated_at=moment,
    )
    return _without_tokens(save_consent(token))


def ask_for_tokens(form: dict[str, str], now: datetime, settings: EtsySettings, caller: Caller) -> Granted:
    """Tokens for a code or a refresh token. Raises Rejected (with Etsy's word), RateLimited, Transient.

    Sent once: what it is asked with is used up by it.
    """
    what = "Etsy's token endpoint"
    options = {"data": {**form, "client_id": settings.client_id}}
    call = ApiCall("POST", settings.token_url, what, is_repeatable=False, options=options)
    return caller.ask(call, lambda response: _granted(response, what, now))


def _granted(response: "requests.Response", what: str, now: datetime) -> Granted:
    if response.status_code != 200:
        raise Rejected(error_code(response) or f"status_{response.status_code}", f"{what} refuses")
    body = json_of(response, what)
    try:
        life = timedelta(seconds=int(body["expires_in"]))
        return Granted(str(body["access_token"]), str(body["refresh_token"]), now + life)
    except (KeyError, TypeError, ValueError):
        raise Rejected("unexpected_answer", f"{what} left something out") from None


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def state_key(state: str) -> Key:
    """The key of a state that was given out."""
    return f"{prefixes.ETSY_OAUTH_STATE}#{state}", "METADATA"


def _verifier(state: str, now: datetime) -> str:
    # Read before it is deleted: when the deletion's answer is lost, nobody else knows the verifier any more.
    row = get_item(state_key(state), consistent=True, now=epoch(now)) if state else None
    if row is None:
        raise UnknownState
    # Stops two returns with one state from both being exchanged, and an expired one that is still stored.
    usable = attr("PK").exists() & attr("expires_at").gt(epoch(now))
    try:
        delete_item(state_key(state), condition=usable)
    except ConditionFailed:
        raise UnknownState from None
    return unseal(row["verifier"], _context(state))


def _shop_of(access_token: str, settings: EtsySettings, caller: Caller) -> str:
    what = "Etsy's users/me"
    headers = {"x-api-key": settings.api_key, "authorization": f"Bearer {access_token}"}
    url = f"{settings.api_base}/application/users/me"

    def read(response: "requests.Response") -> dict[str, Any]:
        if response.status_code != 200:
            raise refusal(response, what)
        return json_of(response, what)

    body = caller.ask(ApiCall("GET", url, what, options={"headers": headers}), read)
    shop_id = str(body.get("shop_id") or "")
    if not shop_id:
        raise Rejected("no_shop", "the account that consented has no shop")
    if settings.shop_ids and shop_id not in settings.shop_ids:
        raise Rejected("other_shop", f"shop {shop_id} is not among ETSY_SHOP_IDS")
    return shop_id


def _without_tokens(token: EtsyToken) -> EtsyConnection:
    return EtsyConnection(**{name: getattr(token, name) for name in EtsyConnection.__dataclass_fields__})


def _context(state: str) -> dict[str, str]:
    return {"channel": "etsy", "state": state, "field": "verifier"}
