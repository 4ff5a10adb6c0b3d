"""NULL where the shop always has a value: the default is stored, and that there was none is kept.

An older database allows NULL in columns that have a default, and a discount code without a first day is
valid from its creation. Such a cell is NULL again on the way back, unless the shop has changed it since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from common.dynamodb import Item
from tools.migration.comparing import canonical
from tools.migration.entity import Entity
from tools.migration.records import Context, Record, Row
from tools.migration.schema import TABLES

ATTRIBUTE = "null_columns"

_ALWAYS_SET = {"discount_codes": frozenset({"valid_from"})}

_Rows = Mapping[str, Sequence[Row]]


def keeping_nulls(entity: Entity) -> Entity:
    """The same entity with this added to both ways; the first of its items carries the memory."""
    columns = {table: _never_null(table) for table in entity.tables}

    def items(record: Record, context: Context) -> list[Item]:
        found = entity.items(record, context)
        cells = list(_nulls(record.rows, columns))
        if not cells:
            return found
        stored = _cells(entity.rows(found))
        remembered = {cell: stored[cell] for cell in cells if stored.get(cell) is not None}
        return [found[0] | {ATTRIBUTE: remembered}, *found[1:]] if remembered else found

    def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
        found = entity.rows(stored)
        for item in stored:
            for cell, value in item.get(ATTRIBUTE, {}).items():
                _clear(found, cell, value)
        return found

    return replace(entity, items=items, rows=rows)


def _never_null(table: str) -> frozenset[str]:
    columns = {column.name for column in TABLES[table].columns if not column.null}
    return frozenset(columns) | _ALWAYS_SET.get(table, frozenset())


def _nulls(rows: _Rows, columns: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for table, found in rows.items():
        for row in found:
            for name in columns[table]:
                if name in row and row[name] is None:
                    yield _cell(table, row, name)


def _cell(table: str, row: Row, column: str) -> str:
    return f"{table}/{row.get('id')}/{column}"


def _cells(rows: _Rows) -> dict[str, Any]:
    return {
        _cell(table, row, name): canonical(value, TABLES[table].by_name[name])
        for table, found in rows.items()
        for row in found
        for name, value in row.items()
    }


def _clear(rows: Mapping[str, Sequence[Row]], cell: str, value: Any) -> None:
    table, number, column = cell.split("/")
    for row in rows.get(table, ()):
        if str(row.get("id")) == number and canonical(row[column], TABLES[table].by_name[column]) == value:
            row[column] = None
