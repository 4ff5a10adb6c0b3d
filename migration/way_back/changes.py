"""What going back comes to: changes of rows of PostgreSQL, and what it has no place for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from migration.mapping.records import RecordId, Row
from migration.schema.conversions import UPLOADS
from migration.schema.tables import TABLES
from migration.verifying.differences import row_key

INSERT, UPDATE, DELETE = "insert", "update", "delete"


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is to be written or deleted in PostgreSQL, with the ids that it has here.

    `row` has the values of all columns that the database and the shop know; `columns` those that an update
    sets; `before` is the row as PostgreSQL has it.
    """

    kind: str
    entity: str
    record: RecordId
    table: str
    row: Row
    columns: tuple[str, ...] = ()
    before: Row | None = None

    @property
    def key(self) -> str:
        """What its row is known by here."""
        return row_key(self.table, self.row)

    @property
    def label(self) -> str:
        """What names its row for people: a line of an order is known only with the order."""
        return label_of(self.record, self.key)


def label_of(record: RecordId, key: str) -> str:
    """The key of a record's own row; that of another one with the record that it belongs to."""
    return key if key == str(record) else f"{key} of {record}"


@dataclass(slots=True)
class WayBack:
    """Everything that is to be changed, and what people have to know about it.

    `late` says which rows PostgreSQL has changed itself; `unlike` lists (table, row, column, what) where a
    row there is another than here, `lost` (entity, record, attribute, value) what has no column; `homeless`
    counts the rows of each kind that no table is for.
    """

    changes: list[Change] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    unlike: list[tuple[str, str, str, str]] = field(default_factory=list)
    lost: list[tuple[str, RecordId, str, str]] = field(default_factory=list)
    homeless: dict[str, int] = field(default_factory=dict)

    def add(self, other: "WayBack") -> None:
        """Take over what was found for another entity."""
        self.changes += other.changes
        self.late += other.late
        self.unlike += other.unlike
        self.lost += other.lost
        self.count_homeless(other.homeless.items())

    def count_homeless(self, found: Iterable[tuple[str, int]]) -> None:
        """Count rows that no table is for."""
        for kind, count in found:
            self.homeless[kind] = self.homeless.get(kind, 0) + count

    def count(self, kind: str) -> int:
        """How many rows are to be changed in this way."""
        return sum(change.kind == kind for change in self.changes)

    def new_pictures(self) -> Mapping[str, str]:
        """The uploads that the changed rows name and did not name before, each with the row that does."""
        found: dict[str, str] = {}
        for change in self.changes:
            if change.kind != DELETE:
                known = set(_uploads(change.table, change.before or {}))
                for address in _uploads(change.table, change.row):
                    if address not in known:
                        found.setdefault(address, f"{change.table} {change.label}")
        return found


def _uploads(table: str, row: Row) -> Iterable[str]:
    for column in TABLES[table].media:
        for text in _texts(row.get(column)):
            if text.startswith(UPLOADS):
                yield text


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return (value,)
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else ()
