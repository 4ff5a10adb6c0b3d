"""Access tokens of connected shops, refreshed by one worker at a time.

A refresh ends the refresh token that it was asked with, so it is sent once, and what it gives is stored
before it is used. When its answer is lost, the access token serves until its hour is over; if Etsy then
does not know the stored refresh token any more, the owner has to consent again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from common.clock import iso, parse_iso
from common.dynamodb import UnitOfWork
from common.stock_alerts import raise_alert
from etsy_sync.adapters.etsy.oauth import ask_for_tokens
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.http import Caller, process_caller
from etsy_sync.adapters.interface import AuthExpired, ChannelError, RateLimited, Rejected, Transient
from etsy_sync.repositories.etsy_token_leases import (
    LeaseLost,
    acquire_refresh_lease,
    release_refresh_lease,
    require_consent,
    save_refreshed,
)
from etsy_sync.repositories.etsy_tokens import EtsyToken, etsy_connections, etsy_token

REFRESH_BEFORE = timedelta(minutes=5)

# The scheduled job refreshes earlier, so that a call rarely has to.
DUE_BEFORE = timedelta(minutes=15)

# Longer than the token endpoint is waited for, 429 included.
LEASE_SECONDS = 60

# How long a worker without a usable token waits for the one who refreshes it.
LOOKS, BETWEEN_LOOKS = 30, 0.5

# What an alert is about that is about no SKU.
ALERT_SUBJECT = "ETSY"

TokenOutcome = Literal["refreshed", "fresh", "needs_consent", "failed"]


@dataclass(frozen=True, slots=True)
class TokenResult:
    """What the scheduled job found of a shop's tokens; `error` says why they are not fresh."""

    shop_id: str
    outcome: TokenOutcome
    error: str | None = None


@dataclass(frozen=True)
class Tokens:
    """How a shop's tokens are refreshed."""

    settings: EtsySettings
    caller: Caller

    def live(self, shop_id: str, now: datetime) -> EtsyToken:
        """Tokens that are good for five minutes at least, where they can be had.

        Raises AuthExpired, and when the stored access token is of no use meanwhile RateLimited, Transient.
        """
        token = connected(shop_id)
        if is_good(token, now, REFRESH_BEFORE):
            return token
        return self._refreshed(token, now, is_usable=is_good(token, now))

    def replacing(self, refused: str, shop_id: str, now: datetime) -> EtsyToken:
        """Other tokens than the access token that Etsy has refused. Raises as `live` does."""
        token = connected(shop_id)
        if token.access_token != refused and is_good(token, now):
            return token
        return self._refreshed(token, now, is_usable=False)

    def keep_fresh(self, shop_id: str, now: datetime) -> TokenResult:
        """Refreshes tokens that end soon, and says what came of it."""
        try:
            token = connected(shop_id)
            if is_good(token, now, DUE_BEFORE):
                return TokenResult(shop_id, "fresh")
            stored = self._refreshed(token, now, is_usable=False)
        except AuthExpired as error:
            return TokenResult(shop_id, "needs_consent", str(error))
        except ChannelError as error:
            return TokenResult(shop_id, "failed", str(error))
        return TokenResult(shop_id, "refreshed" if stored.version != token.version else "fresh")

    def _refreshed(self, token: EtsyToken, now: datetime, *, is_usable: bool) -> EtsyToken:
        owner = str(uuid4())
        if not acquire_refresh_lease(token, owner, now, LEASE_SECONDS):
            return token if is_usable else self._of_the_winner(token, now)
        try:
            return self._exchanged(token, owner, now)
        except (RateLimited, Rejected, Transient):
            if is_usable:
                return token
            raise

    def _exchanged(self, token: EtsyToken, owner: str, now: datetime) -> EtsyToken:
        form = {"grant_type": "refresh_token", "refresh_token": token.refresh_token}
        try:
            granted = ask_for_tokens(form, now, self.settings, self.caller)
        except ChannelError as failed:
            if isinstance(failed, Rejected) and failed.code == "invalid_grant":
                return _refused(token, now)
            release_refresh_lease(token.shop_id, owner)
            raise
        try:
            return save_refreshed(
                token, owner, granted.access_token, granted.refresh_token, iso(granted.expires_at), now
            )
        except LeaseLost:
            return connected(token.shop_id)

    def _of_the_winner(self, token: EtsyToken, now: datetime) -> EtsyToken:
        """Waits for the worker who refreshes the tokens; takes over when he ends without any."""
        for _ in range(LOOKS):
            self.caller.sleep(BETWEEN_LOOKS)
            now += timedelta(seconds=BETWEEN_LOOKS)
            stored = connected(token.shop_id)
            if stored.version != token.version:
                return stored
            owner = str(uuid4())
            if acquire_refresh_lease(stored, owner, now, LEASE_SECONDS):
                return self._exchanged(stored, owner, now)
        raise Transient("Etsy's tokens are being refreshed by another worker")


def access_token(
    shop_id: str, now: datetime, *, settings: EtsySettings | None = None, caller: Caller | None = None
) -> str:
    """An access token of a connected shop, refreshed when fewer than five minutes of it are left.

    Raises NotConfigured, AuthExpired when the owner has to consent (again), RateLimited, Transient.
    """
    return _tokens(settings, caller).live(shop_id, now).access_token


def refresh_due(
    now: datetime, *, settings: EtsySettings | None = None, caller: Caller | None = None
) -> list[TokenResult]:
    """Refreshes the tokens of every connected shop that end within a quarter of an hour.

    Run at least daily, it also keeps the refresh tokens alive, which end after 90 days without use. One
    shop's failure stops no other. Raises NotConfigured.
    """
    tokens = _tokens(settings, caller)
    return [tokens.keep_fresh(connection.shop_id, now) for connection in etsy_connections()]


def connected(shop_id: str) -> EtsyToken:
    """The stored tokens of a shop. Raises AuthExpired when there are none, or Etsy has refused them."""
    token = etsy_token(shop_id)
    if token is None:
        raise AuthExpired(f"Etsy shop {shop_id} is not connected")
    if token.needs_consent is not None:
        raise AuthExpired(f"Etsy shop {shop_id} has to be connected again: {token.needs_consent}")
    return token


def is_good(token: EtsyToken, now: datetime, margin: timedelta = timedelta()) -> bool:
    """Whether more than `margin` is left of the access token at `now`."""
    return parse_iso(token.token_expires_at) - now > margin


def _refused(token: EtsyToken, now: datetime) -> EtsyToken:
    reason = "Etsy no longer accepts the consent"
    if require_consent(token, reason, now):
        with UnitOfWork() as work:
            text = f"Etsy shop {token.shop_id} has to be connected again: {reason}"
            raise_alert(work, type="sync_failed", sku=ALERT_SUBJECT, message=text, now=now)
    # Raises what was just recorded, or answers the tokens that replaced the refused ones.
    return connected(token.shop_id)


def _tokens(settings: EtsySettings | None, caller: Caller | None) -> Tokens:
    chosen = (settings or EtsySettings.from_environment()).require()
    return Tokens(chosen, caller or process_caller())
