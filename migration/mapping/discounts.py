"""Discount codes: a row for each, and the marker of its text, in capitals, while it is live."""

from collections.abc import Iterable, Sequence

from common.dynamodb import Item
from migration.mapping import restoring
from migration.mapping.entity import Entity
from migration.mapping.reading import Columns
from migration.mapping.records import Context, Record, Row
from orders.repositories.discounts import DiscountCode, discount_item, discount_marker

TABLE = "discount_codes"
_PREFIX = "DISCOUNT#"
_TIMES = ("valid_from", "valid_until", "created_at", "updated_at", "deleted_at")


def items(record: Record, context: Context) -> list[Item]:
    """The row of a code and its marker; a code without a first day is valid from its creation."""
    columns = Columns(TABLE, record.row(TABLE), context)
    valid_from = columns.moment("valid_from")
    code = DiscountCode(
        id=columns.required("id"),
        code=columns.required("code"),
        discount_type=columns.required("type"),
        discount_value=columns.amount("value", None),
        min_purchase_amount=columns.optional_amount("min_order_value"),
        max_uses=columns.get("max_uses"),
        times_used=columns.required("times_used", 0),
        valid_from=columns.created_at() if valid_from is None else valid_from,
        valid_until=columns.moment("valid_until"),
        is_active=columns.required("is_active", default=True),
        created_at=columns.created_at(),
        updated_at=columns.updated_at(),
        deleted_at=columns.moment("deleted_at"),
    )
    return [discount_item(code), *([] if code.deleted_at else [discount_marker(code)])]


def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The row of PostgreSQL behind the items of a code."""
    return {TABLE: [_row(item) for item in stored if record_of(item) is not None]}


def _row(item: Item) -> Row:
    return {
        **restoring.plain(item, ("id", "code", "max_uses", "times_used", "is_active")),
        "type": item["discount_type"],
        "value": restoring.amount(item["discount_value"]),
        "min_order_value": restoring.amount(item.get("min_purchase_amount")),
        **restoring.times(item, *_TIMES),
    }


def live_codes(codes: Iterable[Row]) -> dict[str, int]:
    """The ids of the live codes among these rows by their text in capitals, the oldest of equal ones."""
    found: dict[str, int] = {}
    for row in codes:
        if row.get("deleted_at") is None and row.get("code"):
            found.setdefault(str(row["code"]).upper(), int(row["id"]))
    return found


def record_of(item: Item) -> int | None:
    """The id of the code that an item is the row of."""
    return int(item["PK"].removeprefix(_PREFIX)) if item["PK"].startswith(_PREFIX) else None


DISCOUNTS = Entity(
    name=TABLE,
    table=TABLE,
    items=items,
    rows=rows,
    record_of=record_of,
    counters={TABLE: "DISCOUNT_ID"},
)
