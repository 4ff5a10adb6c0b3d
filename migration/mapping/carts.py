"""Carts: one row each, with their items in it; both keep their ids."""

from collections.abc import Sequence
from typing import Any

from common.clock import epoch
from common.dynamodb import Item
from migration.mapping import restoring
from migration.mapping.entity import Entity
from migration.mapping.reading import Columns, as_utc
from migration.mapping.records import Child, Context, Record, Row
from orders.repositories.carts import LIFETIME, Cart, CartItem, cart_item, cart_key

TABLE, ITEMS = "carts", "cart_items"
_PREFIX = "CART#"
_TIMES = ("created_at", "updated_at")


def items(record: Record, context: Context) -> list[Item]:
    """The row of a cart."""
    columns = Columns(TABLE, record.row(TABLE), context)
    user_id = columns.get("user_id")
    code = columns.get("discount_code")
    cart = Cart(
        key=cart_key(str(columns.required("session_token"))),
        session_id=columns.required("session_token"),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        expires_at=_expires_at(columns),
        user_id=None if user_id is None else str(user_id),
        items=tuple(_item(Columns(ITEMS, row, context)) for row in record.all(ITEMS)),
        discount_code=code,
        discount_id=context.discounts.get(code.upper()) if code else None,
        version=1,
        kept_id=columns.required("id"),
        discount_amount=columns.amount("discount_amount"),
    )
    return [cart_item(cart)]


def _item(columns: Columns) -> CartItem:
    return CartItem(
        product_id=columns.required("product_id"),
        variant_id=columns.get("variant_id"),
        quantity=columns.required("quantity", 1),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        kept_id=columns.required("id"),
    )


def _expires_at(columns: Columns) -> int:
    """30 days after the last change, or what the source says itself; nothing expires on arrival."""
    own: Any = columns.get("expires_at")
    if own is not None and as_utc(own) > columns.context.as_of:
        return epoch(as_utc(own))
    has_changes = columns.get("updated_at") is not None
    return columns.expires_at("updated_at" if has_changes else "created_at", LIFETIME)


def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The rows of PostgreSQL behind the item of a cart."""
    carts = [item for item in stored if record_of(item) is not None]
    return {
        TABLE: [_cart_row(cart) for cart in carts],
        ITEMS: [_item_row(cart, *entry) for cart in carts for entry in cart["items"].items()],
    }


def _cart_row(cart: Item) -> Row:
    return {
        "id": cart["id"],
        "session_token": cart["PK"].removeprefix(_PREFIX),
        "user_id": restoring.number(cart.get("user_id")),
        "discount_code": cart.get("discount_code"),
        "discount_amount": restoring.amount(cart.get("discount_amount", 0)),
        **restoring.times(cart, *_TIMES),
    }


def _item_row(cart: Item, number: str, entry: Item) -> Row:
    return {
        "id": int(number),
        "cart_id": cart["id"],
        **restoring.plain(entry, ("product_id", "variant_id", "quantity")),
        **restoring.times(entry, *_TIMES),
    }


def record_of(item: Item) -> int | None:
    """The id of the cart that an item is the row of."""
    return int(item["id"]) if item["PK"].startswith(_PREFIX) else None


CARTS = Entity(
    name=TABLE,
    table=TABLE,
    items=items,
    rows=rows,
    record_of=record_of,
    children=(Child(ITEMS, "cart_id"),),
)
