"""Carts: one row each, with their items in it; both keep their ids."""

from collections.abc import Sequence

from common.clock import epoch
from common.dynamodb import Item
from migration.mapping.entity import Entity
from migration.mapping.reading import attributes, expires_at, row_of
from migration.mapping.records import Child, Context, Record, Row
from migration.schema.columns import (
    CREATED,
    ELSEWHERE,
    UPDATED,
    Column,
    Table,
    moment,
    money,
    text,
    whole,
)
from migration.schema.conversions import FOREIGN_ID, as_utc
from orders.repositories.carts import LIFETIME, Cart, CartItem, cart_item, cart_key

_KEPT_ID = Column("id", "serial", becomes="kept_id")
TABLE = Table(
    "carts",
    (
        _KEPT_ID,
        text("session_token", 255, unique=True, becomes="session_id"),
        whole("user_id", null=True, convert=FOREIGN_ID),
        text("discount_code", 50, null=True),
        money("discount_amount", default="0"),
        CREATED,
        UPDATED,
    ),
    "CART#{session} / METADATA",
    given_up=(moment("expires_at", null=True),),
)
ITEMS = Table(
    "cart_items",
    (
        _KEPT_ID,
        whole("cart_id", references="carts", becomes=ELSEWHERE),
        whole("product_id"),
        whole("variant_id", null=True),
        whole("quantity", default="1"),
        CREATED,
        UPDATED,
    ),
    "in the row of the cart",
)

_PREFIX = "CART#"


def _items(record: Record, context: Context) -> list[Item]:
    row = record.row(TABLE.name)
    values = attributes(TABLE, row, context)
    code = values["discount_code"]
    cart = Cart(
        **values,
        key=cart_key(str(values["session_id"])),
        expires_at=_expires_at(row, context),
        items=tuple(CartItem(**attributes(ITEMS, each, context)) for each in record.all(ITEMS.name)),
        discount_id=context.discounts.get(code.upper()) if code else None,
        version=1,
    )
    return [cart_item(cart)]


def _expires_at(row: Row, context: Context) -> int:
    """30 days after the last change, or what the source says itself; nothing expires on arrival."""
    own = row.get("expires_at")
    if own is not None and as_utc(own) > context.as_of:
        return epoch(as_utc(own))
    return expires_at(row, ("updated_at", "created_at"), LIFETIME, context)


def _record_of(item: Item) -> int | None:
    return int(item["id"]) if item["PK"].startswith(_PREFIX) else None


def _rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The rows of PostgreSQL behind carts: the key has the session, the ids are as PostgreSQL gave them."""
    carts = [item for item in stored if _record_of(item) is not None]
    return {
        TABLE.name: [
            row_of(TABLE, cart, id=cart["id"], session_token=cart["PK"].removeprefix(_PREFIX))
            for cart in carts
        ],
        ITEMS.name: [
            row_of(ITEMS, entry, id=int(number), cart_id=cart["id"])
            for cart in carts
            for number, entry in cart["items"].items()
        ],
    }


CARTS = Entity(
    name=TABLE.name,
    table=TABLE.name,
    items=_items,
    rows=_rows,
    record_of=_record_of,
    children=(Child(ITEMS.name, "cart_id"),),
)
