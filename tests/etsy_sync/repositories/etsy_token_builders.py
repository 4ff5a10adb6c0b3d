"""Tokens for tests, and a platform that gives each refresh token out once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from common.clock import iso
from etsy_sync.repositories.etsy_token_leases import LeaseLost, acquire_refresh_lease, save_refreshed
from etsy_sync.repositories.etsy_tokens import EtsyToken, etsy_token

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
LEASE_S = 60


def a_token(shop_id: str = "12345", **changes: str | int | None) -> EtsyToken:
    values: dict[str, str | int | None] = {
        "shop_id": shop_id,
        "access_token": f"{shop_id}.access-0",
        "refresh_token": f"{shop_id}.refresh-0",
        "token_expires_at": iso(NOW),
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "scope": "listings_r listings_w shops_r transactions_r",
    }
    return EtsyToken(**values | changes)  # type: ignore[arg-type] # each value has its field's type


def stored(shop_id: str = "12345") -> EtsyToken:
    token = etsy_token(shop_id)
    assert token is not None
    return token


class InvalidGrant(Exception):
    """The refresh token was used before."""


@dataclass
class RotatingPlatform:
    """Takes only the newest refresh token and answers with the next pair."""

    newest: int = 0
    calls: list[str] = field(default_factory=list)

    def exchange(self, token: EtsyToken) -> tuple[str, str]:
        self.calls.append(token.refresh_token)
        if token.refresh_token != f"{token.shop_id}.refresh-{self.newest}":
            raise InvalidGrant
        self.newest += 1
        return f"{token.shop_id}.access-{self.newest}", f"{token.shop_id}.refresh-{self.newest}"


def save_answer(token: EtsyToken, owner: str, answer: tuple[str, str], now: datetime = NOW) -> EtsyToken:
    return save_refreshed(token, owner, *answer, iso(now + timedelta(hours=1)), now)


def refresh(
    platform: RotatingPlatform, token: EtsyToken, owner: str, now: datetime = NOW
) -> EtsyToken | None:
    """What a worker does with tokens that it read; None when another one is doing it, or has done it."""
    if not acquire_refresh_lease(token, owner, now, LEASE_S):
        return None
    try:
        return save_answer(token, owner, platform.exchange(token), now)
    except LeaseLost:
        return None
