"""Rows of the shop as a database's tables can hold them: known columns only, fitted and adjusted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from migration.findings import Finding
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import Row
from migration.postgres.constraints import Constraints
from migration.postgres.source import Source
from migration.schema.columns import quoted
from migration.schema.tables import TABLES
from migration.verifying.differences import row_key
from migration.way_back.changes import UNLIKE, label_of
from migration.way_back.final_state import Adjustment
from migration.way_back.fitting import Place, Unfit, fitted, text_length


def parent_column(entity: Entity, table: str) -> str | None:
    """The column of a child's table that holds the parent's id; None for the parent's own."""
    return next((child.foreign_key for child in entity.children if child.table == table), None)


def text_lengths(source: Source) -> dict[tuple[str, str], int]:
    """The characters that each column of text holds, of those with a limit, by table and column."""
    return {
        (table, name): length
        for table, shape in source.shapes.items()
        for name, kind in shape.columns.items()
        if (length := text_length(kind)) is not None
    }


class RowFitter:
    """Knows the columns of one database."""

    def __init__(self, source: Source, constraints: Constraints) -> None:
        self._source, self._constraints = source, constraints
        self._places = {table: self._places_of(table) for table in source.shapes}

    def _places_of(self, table: str) -> Mapping[str, Place]:
        required = self._constraints.required.get(table, frozenset())
        return {
            name: Place(
                kind,
                self._source.codec,
                is_required=name in required,
                is_address=TABLES[table].by_name[name].is_address,
            )
            for name, kind in self._source.shapes[table].columns.items()
        }

    def fitted(
        self,
        entity: Entity,
        record: RecordId,
        back: Mapping[str, Sequence[Row]],
        adjusted: Mapping[tuple[str, str], Sequence[Adjustment]],
    ) -> tuple[dict[str, list[Row]], list[Finding]]:
        """The rows of a record that the database will have, by the tables that it has, and what is unlike."""
        unlike: list[Finding] = []
        found: dict[str, list[Row]] = {}
        for table in entity.tables if entity.table in self._places else ():
            if table in self._places:
                rows = (self._row(entity, table, row, unlike, adjusted) for row in back.get(table, ()))
                found[table] = [row for row in rows if row is not None]
        return found, [replace(one, id=label_of(record, str(one.id))) for one in unlike]

    def _row(
        self,
        entity: Entity,
        table: str,
        row: Row,
        unlike: list[Finding],
        adjusted: Mapping[tuple[str, str], Sequence[Adjustment]],
    ) -> Row | None:
        keys = {*TABLES[table].primary_key, parent_column(entity, table)}
        key = row_key(table, row)
        found: Row = {}
        for name, place in self._places[table].items():
            if name in keys or name not in row:
                found |= {name: row[name]} if name in row else {}
                continue
            try:
                found[name], done = fitted(row[name], place)
            except Unfit as unfit:
                unlike.append(_unlike(table, key, name, f"{unfit.reason}: the row was left out"))
                return None
            unlike += [_unlike(table, key, name, done)] if done else []
        for one in adjusted.get((table, key), ()):
            unlike.append(_unlike(table, key, one.column or "row", one.reason))
            if one.column is None:
                return None
            found[one.column] = one.value
        return found

    def known(self, back: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
        """The rows without the columns and tables that the database lacks."""
        return {
            table: [
                {name: value for name, value in row.items() if name in self._places[table]} for row in rows
            ]
            for table, rows in back.items()
            if table in self._places
        }

    def lacks_columns(self, back: Mapping[str, Sequence[Row]]) -> bool:
        """Whether a row has a value for which the database has no column."""
        return any(
            row.get(name) is not None
            for table, rows in back.items()
            if table in self._places
            for name in self._source.shapes[table].missing
            for row in rows
        )

    def claims_of(self, table: str, column: str, owner: RecordId) -> Iterator[Row]:
        """What rows of the database claim: their ids and unique values, of those with `owner` in a column."""
        if not self._source.has(table, column):
            return
        names = [*TABLES[table].primary_key, *self._constraints.unique.get(table, ())]
        names += [name for name in ("deleted_at",) if self._source.has(table, name)]
        wanted = ", ".join(map(quoted, dict.fromkeys(names)))
        words = ["SELECT", wanted, "FROM", quoted(table), "WHERE", quoted(column), "= %s"]
        yield from self._source.query(" ".join(words), owner)


def _unlike(table: str, key: str, column: str, how: str) -> Finding:
    return Finding(UNLIKE, table, key, details={column: how})
