"""Rows of the channels' tables for tests, as PostgreSQL's driver gives them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from common.dynamodb import Item, from_wire, to_wire
from migration.mapping.entity import Entity
from migration.mapping.records import Context, Record, Row
from migration.schema.columns import Column
from migration.schema.tables import TABLES

AS_OF = datetime(2026, 1, 31, 10, tzinfo=UTC)
CONTEXT = Context(as_of=AS_OF)


def timestamp(text: str) -> datetime:
    """A time as the driver gives a `timestamp` column: in UTC, without a zone."""
    return datetime.fromisoformat(text)


THEN = timestamp("2025-11-21T08:30:15.123456")

_MOMENTS = st.datetimes(timestamp("1970-01-01"), timestamp("2100-01-01"))
_INTS = {"bigint": 2**63 - 1, "int": 2**31 - 1, "serial": 2**31 - 1}
# PostgreSQL's texts hold every character but NUL.
_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def _values(column: Column) -> st.SearchStrategy[Any]:
    if column.name in {"etsy_listing_id", "etsy_receipt_id", "shopify_product_id"}:
        return st.integers(1, _INTS["bigint"])
    if column.type in _INTS:
        return st.integers(1 if column.name == "id" else -(2**31), 2**31 - 1)
    if column.scale is not None:
        return st.decimals(Decimal("-99999999.99"), Decimal("99999999.99"), places=column.scale)
    if column.is_timestamp:
        return _MOMENTS
    if column.type == "boolean":
        return st.booleans()
    return _TEXTS.filter(bool) if column.unique or column.name == "shop_id" else _TEXTS


@st.composite
def rows_of(draw: st.DrawFn, table: str, *, missing: bool = False) -> Row:
    """Any row of a table; with `missing`, columns that nothing is found by may have no value at all."""
    row: Row = {}
    for column in TABLES[table].columns:
        value = draw(_values(column))
        is_key = column.unique or column.name in {"id", "local_product_id", "etsy_listing_id"}
        if column.null or (missing and not is_key):
            value = draw(st.none() | st.just(value))
        row[column.name] = value
    return row


def record_of(entity: Entity, row: Row) -> Record:
    return Record(entity.name, row["id"], {entity.table: [row]})


def moved(entity: Entity, row: Row, context: Context = CONTEXT) -> list[Item]:
    """The items of a row as DynamoDB gives them back."""
    return [from_wire(to_wire(item)) for item in entity.items(record_of(entity, row), context)]


def back(entity: Entity, items: Sequence[Item]) -> Row:
    """The one row that items stand for."""
    (row,) = entity.rows(items)[entity.table]
    return row


def to_the_millisecond(row: Row) -> Row:
    return {name: _cut(value) for name, value in row.items()}


def _cut(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
