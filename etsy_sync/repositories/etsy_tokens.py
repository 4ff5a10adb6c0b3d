"""Etsy's tokens of each connected shop, sealed at rest; `etsy_token_leases` refreshes them.

`token_expires_at` is text on purpose: `expires_at` in epoch seconds would let DynamoDB delete the row.
"""

from dataclasses import dataclass, field
from typing import Any

from common import prefixes
from common.clock import iso
from common.dynamodb import Index, Item, Update, delete_item, get_item, update_item
from common.dynamodb.rows import Rows
from common.encryption import Unsealable, seal, unseal
from common.leases import Lease

SEALED = ("access_token", "refresh_token")

# One worker at a time refreshes the tokens.
REFRESH = Lease(stamp="lease_until", written=iso, owner="lease_owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsyConnection:
    """What is known of a shop's tokens without opening them; times in ISO 8601 UTC.

    `needs_consent` says why the owner has to connect the shop again, `lease_until` until when a worker
    refreshes it, `legacy_id` which row of the old database it was.
    """

    shop_id: str
    token_expires_at: str
    created_at: str
    updated_at: str
    token_type: str = "Bearer"  # noqa: S105 - a kind of token, not one
    scope: str | None = None
    needs_consent: str | None = None
    lease_owner: str | None = None
    lease_until: str | None = None
    legacy_id: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsyToken(EtsyConnection):
    """A shop's tokens, open; they are left out where it is printed."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


_ALL = Index[EtsyConnection]("GSI2", prefixes.ETSY_TOKEN, "{shop_id}")

# The sealed tokens stand beside what is known of them.
CONNECTIONS = Rows(EtsyConnection, "Etsy connection", key=prefixes.ETSY_TOKEN + "#{shop_id}", indexes=(_ALL,))


def token_item(token: EtsyToken) -> Item:
    """The row of a shop's tokens, which are sealed anew each time. Raises as `encryption.seal` does."""
    sealed = sealed_tokens(token.shop_id, token.access_token, token.refresh_token)
    return CONNECTIONS.item(token) | sealed


def token_from_item(item: Item) -> EtsyToken:
    """The tokens that a row holds, opened. Raises as `encryption.unseal` does."""
    shop_id = item["shop_id"]
    opened: dict[str, Any] = {name: unseal(item[name], _context(shop_id, name)) for name in SEALED}
    return EtsyToken(**_known(item), **opened)


def etsy_token(shop_id: str) -> EtsyToken | None:
    """The tokens of a shop, by one consistent read; None when it is not connected."""
    item = get_item(CONNECTIONS.key(shop_id), consistent=True)
    return token_from_item(item) if item else None


def etsy_connections() -> list[EtsyConnection]:
    """Every connected shop, by one query of GSI2 (eventually consistent); nothing is opened."""
    return CONNECTIONS.all(_ALL.query(select=CONNECTIONS.shape.names))


def save_consent(token: EtsyToken) -> EtsyToken:
    """Stores what the owner's consent gave, over whatever there is, and ends any lease.

    A worker who is refreshing the old tokens at the moment then fails to save. `updated_at` is the time
    of the consent; the answer has the version that is stored.
    """
    row = token_item(token)
    fresh = Update().add("version", 1).set_default("created_at", token.updated_at)
    REFRESH.ended(fresh).remove("needs_consent")
    if token.scope is None:
        fresh.remove("scope")
    for name in sorted(
        row.keys() - {"PK", "SK", "version", "needs_consent", "created_at", *REFRESH.attributes}
    ):
        fresh.set(name, row[name])
    return with_connection(token, update_item(CONNECTIONS.key_of(token), fresh))


def forget_token(shop_id: str) -> bool:
    """Deletes a shop's tokens; False when there were none."""
    return delete_item(CONNECTIONS.key(shop_id)) is not None


def same_row(one: Item, other: Item) -> bool:
    """Whether two rows hold the same tokens and all else; two sealings of one text differ.

    A row whose tokens cannot be opened is no other's equal.
    """
    plain, others = [{name: row[name] for name in row.keys() - set(SEALED)} for row in (one, other)]
    try:
        return plain == others and _opened(one) == _opened(other)
    except Unsealable:
        return False


def sealed_tokens(shop_id: str, access_token: str, refresh_token: str) -> Item:
    """The two attributes that hold a shop's tokens, sealed. Raises as `encryption.seal` does."""
    texts = {"access_token": access_token, "refresh_token": refresh_token}
    return {name: seal(text, _context(shop_id, name)) for name, text in texts.items()}


def _opened(row: Item) -> list[str]:
    return [unseal(row[name], _context(row["shop_id"], name)) for name in SEALED]


def _context(shop_id: str, name: str) -> dict[str, str]:
    return {"channel": "etsy", "shop": shop_id, "field": name}


def _known(item: Item) -> dict[str, Any]:
    return {name: item[name] for name in CONNECTIONS.shape.names if name in item}


def with_connection(token: EtsyToken, row: Item) -> EtsyToken:
    """The open tokens of `token` with all else as its row is stored now."""
    return EtsyToken(access_token=token.access_token, refresh_token=token.refresh_token, **_known(row))
