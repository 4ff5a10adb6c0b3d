"""What the source had where the shop has something else: remembered, so that the way back gives it again.

An older database allows NULL in columns that have a default, and a discount code without a first day is
valid from its creation; a word may be written in another way than the shop's. The value that is stored and
the one that the source had stand beside each other in the first of a record's items. The second is given
back for as long as the shop has not changed the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from common.dynamodb import Item
from migration.mapping.entity import Entity
from migration.mapping.records import Context, Record, Row
from migration.mapping.words import foreign_words, in_words_of_the_shop
from migration.schema.tables import TABLES
from migration.verifying.comparing import canonical

ATTRIBUTE = "originals"
STORED, SOURCE = "stored", "source"

_Rows = Mapping[str, Sequence[Row]]


def keeping_originals(entity: Entity) -> Entity:
    """The same entity with this added to both ways; BadRow for a word that the shop does not have."""
    columns = {
        table: frozenset(column.name for column in TABLES[table].columns if column.is_always_set)
        for table in entity.tables
    }

    def items(record: Record, context: Context) -> list[Item]:
        had = dict(_odd_cells(record.rows, columns))
        found = entity.items(_in_words_of_the_shop(record) if had else record, context)
        if not had:
            return found
        stored = _cells(entity.rows(found))
        remembered = {
            cell: {STORED: stored[cell]} | ({} if value is None else {SOURCE: value})
            for cell, value in had.items()
            if stored.get(cell) not in (None, value)
        }
        return [found[0] | {ATTRIBUTE: remembered}, *found[1:]] if remembered else found

    def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
        found = entity.rows(stored)
        for item in stored:
            for cell, value in item.get(ATTRIBUTE, {}).items():
                _give_back(found, cell, value)
        return found

    return replace(entity, items=items, rows=rows)


def _odd_cells(rows: _Rows, columns: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str | None]]:
    """The cells of which the shop has something else, and what the source has there."""
    for table, found in rows.items():
        for row in found:
            for name in columns[table]:
                if name in row and row[name] is None:
                    yield _cell(table, row, name), None
            for name, text, _ in foreign_words(table, row):
                yield _cell(table, row, name), text


def _in_words_of_the_shop(record: Record) -> Record:
    rows = {
        table: [in_words_of_the_shop(table, row) for row in found] for table, found in record.rows.items()
    }
    return replace(record, rows=rows)


def _cell(table: str, row: Row, column: str) -> str:
    return f"{table}/{row.get('id')}/{column}"


def _cells(rows: _Rows) -> dict[str, Any]:
    return {
        _cell(table, row, name): canonical(value, TABLES[table].by_name[name])
        for table, found in rows.items()
        for row in found
        for name, value in row.items()
    }


def _give_back(rows: Mapping[str, Sequence[Row]], cell: str, kept: Mapping[str, Any]) -> None:
    table, number, column = cell.split("/")
    for row in rows.get(table, ()):
        is_it = str(row.get("id")) == number
        if is_it and canonical(row[column], TABLES[table].by_name[column]) == kept[STORED]:
            row[column] = kept.get(SOURCE)
