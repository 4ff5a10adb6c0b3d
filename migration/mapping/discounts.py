"""Discount codes: a row for each, and the marker of its text, in capitals, while it is live."""

from collections.abc import Iterable

from common.dynamodb import Item
from migration.mapping.entity import Entity
from migration.mapping.reading import attributes, one_row_each, own_id
from migration.mapping.records import Context, Record, Row
from migration.schema.columns import (
    CREATED,
    DELETED,
    ID,
    UPDATED,
    Table,
    flag,
    moment,
    money,
    text,
    whole,
)
from migration.schema.vocabularies import Vocabulary
from orders.repositories.discounts import (
    DISCOUNTS,
    FIXED,
    PERCENTAGE,
    TYPES,
    DiscountCode,
)

_TYPES = Vocabulary(TYPES, {"percent": PERCENTAGE, "%": PERCENTAGE, "fixed_amount": FIXED})
TABLE = Table(
    "discount_codes",
    (
        ID,
        text("code", 50, unique=True),
        text("type", 20, words=_TYPES, becomes="discount_type"),
        money("value", becomes="discount_value"),
        money("min_order_value", null=True, earlier="min_purchase", becomes="min_purchase_amount"),
        whole("max_uses", null=True),
        whole("times_used", default="0", earlier="used_count"),
        # A code without a first day is valid from its creation.
        moment("valid_from", null=True, earlier="starts_at", stands_in="created_at"),
        moment("valid_until", null=True, earlier="expires_at"),
        flag("is_active", default="true", earlier="active"),
        CREATED,
        UPDATED,
        DELETED,
    ),
    "DISCOUNT#{id} / METADATA; marker of the code in capitals",
)


def _items(record: Record, context: Context) -> list[Item]:
    code = DiscountCode(**attributes(TABLE, record.row(TABLE.name), context))
    return [DISCOUNTS.item(code), *DISCOUNTS.markers(code)]


def live_codes(codes: Iterable[Row]) -> dict[str, int]:
    """The ids of the live codes among these rows by their text in capitals, the oldest of equal ones."""
    found: dict[str, int] = {}
    for row in codes:
        if row.get("deleted_at") is None and row.get("code"):
            found.setdefault(str(row["code"]).upper(), int(row["id"]))
    return found


_record_of = own_id("DISCOUNT#")

DISCOUNT_CODES = Entity(
    name=TABLE.name,
    table=TABLE.name,
    items=_items,
    rows=one_row_each(TABLE, _record_of),
    record_of=_record_of,
    counters={TABLE.name: "DISCOUNT_ID"},
)
