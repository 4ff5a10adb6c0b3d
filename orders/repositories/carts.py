"""Carts: one row each, written whole under its version.

A guest's cart is found by the session id, a signed-in buyer's by the user id. The ids of a cart and of
its items are numbers made from what they stand for, so that reading a cart that is not there writes
nothing and adding the same thing twice meets the same item. Those that were imported keep the ids
that they came with.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

from common import prefixes
from common.clock import epoch, iso
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Item,
    Key,
    OutcomeUnknown,
    UnitOfWork,
    Update,
    absent,
    attr,
    batch_get,
    expected_version,
    put_item,
    update_item,
)
from common.dynamodb.shapes import Shape
from common.optimistic import StaleVersion

LIFETIME = timedelta(days=30)
# Longer than a client goes on repeating a write, so that each writer finds its own among the recent ones.
RECENT = timedelta(minutes=1)

_ID_BYTES = 6


def _number(text: str) -> int:
    # 48 bits: a number that JavaScript holds exactly.
    return int.from_bytes(sha256(text.encode()).digest()[:_ID_BYTES])


@dataclass(frozen=True, slots=True)
class CartItem:
    """So many pieces of a variant; times in ISO 8601 UTC.

    What was imported keeps its id as `kept_id`, and may name no variant.
    """

    product_id: int
    variant_id: int | None
    quantity: int
    created_at: str
    updated_at: str
    kept_id: int | None = None

    @property
    def id(self) -> int:
        """The id that it came with, else the same number for the same variant, whenever it is put in."""
        return item_id(self.product_id, self.variant_id) if self.kept_id is None else self.kept_id


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart and the code that was typed for it; `version` 0 means that it is not stored.

    Times in ISO 8601 UTC, `expires_at` in epoch seconds. A cart that was imported keeps its id as
    `kept_id`, and what its code was said to take off as `discount_amount`, until it has another code.
    `recent_writes` says which writes made it what it is, each with its time in epoch seconds.
    """

    key: Key
    session_id: str
    created_at: str
    updated_at: str
    expires_at: int
    user_id: str | None = None
    items: tuple[CartItem, ...] = ()
    discount_code: str | None = None
    discount_id: int | None = None
    version: int = 0
    kept_id: int | None = None
    discount_amount: Decimal | None = None
    recent_writes: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> int:
        """The id that it came with, else a number made from the key."""
        return _number(self.key[0]) if self.kept_id is None else self.kept_id

    @property
    def is_stored(self) -> bool:
        """Whether there was a row when it was read."""
        return self.version > 0

    def item(self, wanted: int) -> CartItem | None:
        """The item with this id."""
        return next((item for item in self.items if item.id == wanted), None)

    def item_of(self, product_id: int, variant_id: int | None) -> CartItem | None:
        """The first item with this variant."""
        wanted = (product_id, variant_id)
        return next((item for item in self.items if (item.product_id, item.variant_id) == wanted), None)


# Of an id, only one that was imported is kept: the others are made again.
_ITEM = Shape(CartItem, apart=("kept_id",))
_CART = Shape(Cart, ("recent_writes",), apart=("key", "items", "kept_id"))


def item_id(product_id: int, variant_id: int | None) -> int:
    """The id of the item that holds this variant, in any cart."""
    return _number(f"{product_id}:{variant_id}")


def cart_key(session_id: str) -> Key:
    """The key of a guest's cart."""
    return f"{prefixes.CART}#{session_id}", "METADATA"


def user_cart_key(user_id: str) -> Key:
    """The key of a signed-in buyer's cart; no session id holds a `#`, so no guest can name it."""
    return f"{prefixes.CART}#USER#{user_id}", "METADATA"


def new_cart(key: Key, session_id: str, user_id: str | None, now: datetime) -> Cart:
    """An empty cart that is not stored."""
    return Cart(key, session_id, iso(now), iso(now), epoch(now + LIFETIME), user_id)


def cart_item(cart: Cart) -> Item:
    """The row of a cart."""
    pk, sk = cart.key
    items = {str(item.id): _ITEM.store(item) for item in cart.items}
    return {"PK": pk, "SK": sk, "id": cart.id, "items": items, **_CART.store(cart)}


def cart_from_item(item: Item) -> Cart:
    """The cart that a row holds, its items in the order in which they were put in."""
    items = (_item(int(number), entry) for number, entry in item["items"].items())
    return _CART.read(
        item,
        key=(item["PK"], item["SK"]),
        items=tuple(sorted(items, key=lambda entry: (entry.created_at, entry.id))),
        kept_id=_unless(item["id"], _number(item["PK"])),
    )


def _item(number: int, entry: Item) -> CartItem:
    derived = item_id(entry["product_id"], entry.get("variant_id"))
    return _ITEM.read(entry, kept_id=_unless(number, derived))


def _unless(number: int, derived: int) -> int | None:
    return None if number == derived else number


def load(key: Key, now: datetime) -> Cart | None:
    """The cart under a key, by one consistent read; None when there is none or it has expired."""
    return load_all([key], now).get(key)


def load_all(keys: Iterable[Key], now: datetime) -> dict[Key, Cart]:
    """The carts under these keys that are there and have not expired, by one consistent read."""
    found = batch_get(keys, consistent=True, now=epoch(now))
    return {key: cart_from_item(item) for key, item in found.items()}


def save(before: Cart, after: Cart, now: datetime) -> Cart:
    """Writes a cart by itself, good for another 30 days, and returns it as stored.

    Raises StaleVersion when it is no longer as it was read, as `before` says.
    """
    write_id = uuid4().hex[:12]
    stored = _next(before, after, now)
    stored = replace(stored, recent_writes=_recent(before, now) | {write_id: epoch(now)})
    try:
        _alone(lambda: put_item(cart_item(stored), condition=_as_read(before, now)))
    except OutcomeUnknown as unknown:
        # Others went on from this very write, or it was never made and has to be decided anew.
        if write_id not in (unknown.item or {}).get("recent_writes", {}):
            raise StaleVersion("Cart") from unknown
    return stored


def add_saved(work: UnitOfWork, before: Cart, after: Cart, now: datetime) -> Cart:
    """Adds the same write to a unit of work, and returns the cart as it will be stored."""
    stored = _next(before, after, now)
    work.put(cart_item(stored), condition=_as_read(before, now), failed=StaleVersion("Cart"))
    return stored


def add_deleted(work: UnitOfWork, cart: Cart, now: datetime) -> None:
    """Adds the deletion of a cart as it was read; StaleVersion when it has changed since."""
    work.delete(cart.key, condition=_as_read(cart, now), failed=StaleVersion("Cart"))


def empty(work: UnitOfWork, cart: Cart, now: datetime) -> None:
    """Adds the emptying of a stored cart, its discount code included, to the unit of work of a checkout.

    StaleVersion when the cart is no longer the one that the order was made from.
    """
    update = (
        Update()
        .set("items", {})
        .set("updated_at", iso(now))
        .set("expires_at", epoch(now + LIFETIME))
        .increment("version", 1)
        .remove("discount_code", "discount_id", "discount_amount")
    )
    work.update(cart.key, update, condition=_as_read(cart, now), failed=StaleVersion("Cart"))


def renew(cart: Cart, now: datetime) -> Cart:
    """Lets a stored cart live for another 30 days; one that was changed meanwhile is left as it is."""
    expires_at = epoch(now + LIFETIME)
    # The version stays, so that a reader makes no writer start again.
    update = Update().set("expires_at", expires_at)
    try:
        _alone(lambda: update_item(cart.key, update, condition=_as_read(cart, now)))
    except (StaleVersion, OutcomeUnknown):
        # Whoever changed it has renewed it too.
        return cart
    return replace(cart, expires_at=expires_at)


def _next(before: Cart, after: Cart, now: datetime) -> Cart:
    same_code = after.discount_code == before.discount_code
    return replace(
        after,
        version=before.version + 1,
        updated_at=iso(now),
        expires_at=epoch(now + LIFETIME),
        discount_amount=after.discount_amount if same_code else None,
    )


def _recent(cart: Cart, now: datetime) -> dict[str, int]:
    since = epoch(now - RECENT)
    return {write_id: at for write_id, at in cart.recent_writes.items() if at > since}


def _as_read(cart: Cart, now: datetime) -> Condition:
    """Stops a change that was decided on an older reading from undoing another one.

    The time of creation tells a cart from one that took its place after it was merged or had expired.
    """
    if not cart.is_stored:
        return absent(epoch(now))
    return expected_version(cart.version) & attr("created_at").eq(cart.created_at)


def _alone(write: Callable[[], object]) -> None:
    """A write outside of any transaction, whose refusal is a StaleVersion like that of one inside."""
    try:
        write()
    except ConditionFailed as error:
        raise StaleVersion("Cart") from error
