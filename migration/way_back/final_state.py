"""The rows that PostgreSQL will have after going back, as far as they can get into each other's way.

Names are unique among all rows there, the soft-deleted ones included, and among the live ones here; a row
there may refer only to rows that are there. What would be refused is renamed, emptied or left out, by rules
that give the same for the same rows.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from migration.mapping.records import RecordId, Row
from migration.postgres.constraints import Constraints
from migration.schema.tables import TABLES
from migration.verifying.differences import row_key

_SCHEMA = """
CREATE TABLE names (tab TEXT, col TEXT, value, rank INTEGER, number INTEGER, entity TEXT, record, key TEXT);
CREATE TABLE ids (tab TEXT, id, PRIMARY KEY (tab, id)) WITHOUT ROWID;
CREATE TABLE refs (tab TEXT, col TEXT, target TEXT, value, entity TEXT, record, key TEXT);
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
"""
_INDEX = "CREATE INDEX IF NOT EXISTS by_value ON names (tab, col, value)"
_TWICE = (
    "SELECT tab, col, value FROM names GROUP BY tab, col, value HAVING count(*) > 1 ORDER BY tab, col, value"
)
_CLAIMS = """
    SELECT rank, number, entity, record, key FROM names WHERE tab = ? AND col = ? AND value = ?
    ORDER BY rank, number, key
"""
_DANGLING = """
    SELECT tab, col, target, value, entity, record, key FROM refs
    WHERE NOT EXISTS (SELECT 1 FROM ids WHERE ids.tab = refs.target AND ids.id = refs.value)
    ORDER BY tab, key, col
"""
# Who keeps a name: a row that is left as it is, then a live one, then a deleted one; of equals the older.
_LEFT, _LIVE, _DELETED = 0, 1, 2
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One column of a row that is written otherwise than it is here; without one, the row is left out."""

    entity: str
    record: RecordId
    table: str
    key: str
    column: str | None
    value: Any
    reason: str


class FinalState:
    """Notes rows, and says what has to be adjusted; `lengths` are those of the columns of text."""

    def __init__(self, constraints: Constraints, lengths: Mapping[tuple[str, str], int]) -> None:
        self._constraints, self._lengths = constraints, lengths
        # A database without a name lies in memory, and on disk when it grows.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def will_have(self, entity: str, record: RecordId, table: str, row: Row, parent: str | None) -> None:
        """Note a row that will be there as it is here; `parent` is its column with its own record's id."""
        key = row_key(table, row)
        rank = _LIVE if row.get("deleted_at") is None else _DELETED
        self._note(table, row, (rank, _number(row), entity, record, key))
        for column, target in self._constraints.references.get(table, {}).items():
            if column != parent and row.get(column) is not None:
                values = (table, column, target, row[column], entity, record, key)
                self._database.execute("INSERT INTO refs VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def will_keep(self, table: str, row: Row) -> None:
        """Note a row of PostgreSQL that is left as it is."""
        self._note(table, row, (_LEFT, _number(row), None, None, row_key(table, row)))

    def _note(self, table: str, row: Row, claim: tuple[Any, ...]) -> None:
        if table in self._constraints.referred_to and "id" in row:
            self._database.execute("INSERT OR IGNORE INTO ids VALUES (?, ?)", (table, row["id"]))
        for column in self._constraints.unique.get(table, ()):
            if row.get(column) is not None:
                values = (table, column, row[column], *claim)
                self._database.execute("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def adjustments(self) -> list[Adjustment]:
        """What PostgreSQL would refuse otherwise."""
        self._database.execute(_INDEX)
        return [*self._names(), *self._references()]

    def _names(self) -> Iterator[Adjustment]:
        for table, column, value in self._database.execute(_TWICE).fetchall():
            claims = self._database.execute(_CLAIMS, (table, column, value)).fetchall()
            for rank, _, entity, record, key in claims[1:]:
                if rank != _LEFT:
                    yield self._renamed(table, column, value, (entity, record, key), claims[0][4], rank=rank)

    def _renamed(
        self, table: str, column: str, value: Any, row: tuple[str, RecordId, str], owner: str, *, rank: int
    ) -> Adjustment:
        entity, record, key = row
        if not isinstance(value, str):
            reason = f"its {column} {value} is that of {table} {owner}; it was left out"
            return Adjustment(entity, record, table, key, None, None, reason)
        if value == "" and TABLES[table].by_name[column].null:
            return Adjustment(entity, record, table, key, column, None, "an empty text is there once already")
        new = self._free(table, column, value, f"-deleted-{key}" if rank == _DELETED else f"-{key}")
        reason = f"renamed from {value} to {new}: {table} {owner} has the name, and there deleted rows count"
        return Adjustment(entity, record, table, key, column, new, reason)

    def _free(self, table: str, column: str, value: str, suffix: str) -> str:
        size = self._lengths.get((table, column), _LONGEST)
        new = value[: max(size - len(suffix), 0)] + suffix
        is_taken = self._database.execute(_CLAIMS, (table, column, new)).fetchone()
        return self._free(table, column, value, f"{suffix}-") if is_taken else new

    def _references(self) -> Iterator[Adjustment]:
        for table, column, target, value, entity, record, key in self._database.execute(_DANGLING).fetchall():
            reason = f"its {column} {value} is the id of none of the {target}"
            is_required = column in self._constraints.required.get(table, ())
            yield Adjustment(entity, record, table, key, None if is_required else column, None, reason)


def by_row(found: Sequence[Adjustment]) -> dict[tuple[str, str], list[Adjustment]]:
    """The adjustments of each row, by table and key."""
    rows: dict[tuple[str, str], list[Adjustment]] = {}
    for one in found:
        rows.setdefault((one.table, one.key), []).append(one)
    return rows


def _number(row: Row) -> int:
    """What tells the older of two rows; those without a number of their own come last."""
    number = row.get("id")
    return number if isinstance(number, int) else 2**63 - 1
