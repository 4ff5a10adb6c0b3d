"""One worker at a time refreshes a shop's Etsy tokens.

Every refresh gives a new refresh token and ends the old one, so two workers who refresh at once can lose
the connection. A worker takes a lease on the row before it asks the platform, and saves what it was
given before it uses it. A worker who dies between the two leaves tokens that the platform may refuse:
the access token lasts until it expires, then the owner has to consent again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from common.clock import iso
from common.dynamodb import Item, Update, expected_version, get_item
from common.errors import Conflict
from common.leases import change, give_up, take
from etsy_sync.repositories.etsy_tokens import (
    CONNECTIONS,
    REFRESH,
    SEALED,
    EtsyConnection,
    EtsyToken,
    sealed_tokens,
    with_connection,
)


class LeaseLost(Conflict):
    """Somebody else has saved other tokens: what is stored is newer."""

    def __init__(self) -> None:
        super().__init__("The Etsy connection was renewed by somebody else; read it again")


def acquire_refresh_lease(token: EtsyConnection, owner: str, now: datetime, seconds: int) -> bool:
    """Whether `owner` (a text that no other attempt has) may refresh the tokens as they were read.

    False when another worker refreshes them, or somebody has replaced them since: read them again. The
    lease ends by itself after so many seconds, so that a worker who died holds nobody up.
    """
    lease = replace(REFRESH, lasts=timedelta(seconds=seconds))
    # The version stops a worker who read the tokens before another refreshed them from refreshing them
    # again; the lease stops two workers who read the same tokens from both asking the platform.
    as_read = expected_version(token.version)
    return take(CONNECTIONS.key_of(token), lease, now, owner=owner, only_if=as_read)


def save_refreshed(
    token: EtsyToken, owner: str, access_token: str, refresh_token: str, token_expires_at: str, now: datetime
) -> EtsyToken:
    """Stores what the platform gave `owner` for `token` (as it was read), and ends the lease.

    A lease that ran out meanwhile is no obstacle as long as the tokens are still those that were read:
    what the platform gave replaces them there too, and a lease that another worker has then stays his.
    Raises LeaseLost when the stored tokens are newer.
    """
    key, sealed = CONNECTIONS.key_of(token), sealed_tokens(token.shop_id, access_token, refresh_token)
    update = REFRESH.ended(_refreshing(sealed, token_expires_at, now))
    # Stops a worker whose lease another has taken from ending that lease.
    row = change(key, update, REFRESH.held_by(owner))
    if row is None:
        update = _refreshing(sealed, token_expires_at, now)
        # Stops a late answer from replacing tokens that were given after it. `_own` recognises the own
        # write of which only the answer was lost.
        row = change(key, update, expected_version(token.version)) or _own(token, sealed)
    if row is None:
        raise LeaseLost
    stored = with_connection(token, row)
    return replace(stored, access_token=access_token, refresh_token=refresh_token)


def release_refresh_lease(shop_id: str, owner: str) -> None:
    """Ends the lease of `owner` without new tokens; nothing happens when it has ended already."""
    give_up(CONNECTIONS.key(shop_id), REFRESH, owner)


def require_consent(token: EtsyConnection, reason: str, now: datetime) -> bool:
    """Records that the platform refuses the tokens as they were read, and why; ends any lease.

    False when they were replaced meanwhile, so that the refusal says nothing about the new ones.
    """
    update = REFRESH.ended(Update().set("needs_consent", reason).set("updated_at", iso(now)))
    # Stops the refusal of an old refresh token from switching off a connection that was just renewed.
    return change(CONNECTIONS.key_of(token), update, expected_version(token.version)) is not None


def _refreshing(sealed: Item, token_expires_at: str, now: datetime) -> Update:
    update = Update().increment("version", 1).remove("needs_consent").set("updated_at", iso(now))
    for name, value in {**sealed, "token_expires_at": token_expires_at}.items():
        update.set(name, value)
    return update


def _own(token: EtsyToken, sealed: Item) -> Item | None:
    row = get_item(CONNECTIONS.key_of(token), consistent=True)
    return row if row and all(row[name] == sealed[name] for name in SEALED) else None
