"""The words that the parts of a migration share: rows, records, and what cannot be moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Where the table keeps what it knows of the migration that fills it.
from common import prefixes

PARTITION = f"{prefixes.MIGRATION}#postgresql"

# Column -> value as psycopg gives it: int, str, Decimal, bool, datetime, parsed JSON, or None.
Row = dict[str, Any]
RecordId = int | str
RowId = int | str | None


@dataclass(frozen=True, slots=True)
class Child:
    """A table whose rows belong to a parent's: `foreign_key` names the column that holds the parent's id."""

    table: str
    foreign_key: str


@dataclass(frozen=True, slots=True)
class Record:
    """A parent's row with the rows of its children, which move together.

    `rows` has every table of the entity; the parent's has exactly one row. `source_id` is the id of the
    parent's row in PostgreSQL where that is another than `id`.
    """

    entity: str
    id: RecordId
    rows: Mapping[str, Sequence[Row]]
    source_id: int | None = None

    @property
    def position(self) -> RecordId:
        """How far a reading of the parents by their ids has come with it."""
        return self.id if self.source_id is None else self.source_id

    def row(self, table: str) -> Row:
        """The only row of `table`. Raises ValueError when there are several or none."""
        (row,) = self.rows[table]
        return row

    def all(self, table: str) -> Sequence[Row]:
        """The rows of `table`, ordered by id; none when the record has none."""
        return self.rows.get(table, ())


class BadRow(Exception):
    """A row cannot be moved without losing something; `reason` is for the person at the terminal."""

    def __init__(self, table: str, row_id: object, reason: str) -> None:
        super().__init__(f"{table} {row_id}: {reason}")
        self.table = table
        self.id = row_id
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Context:
    """What every record of one migration is mapped with, so that each run of it gives the same.

    `as_of` is the UTC time at which the first run began; `categories` holds the rows of the table of that
    name by id, `discounts` the ids of live discount codes by their text in capitals; `media_bases` are
    absolute prefixes (`https://shop.example.com`) whose `/uploads/` are ours.
    """

    as_of: datetime
    categories: Mapping[int, Row] = field(default_factory=dict)
    discounts: Mapping[str, int] = field(default_factory=dict)
    media_bases: tuple[str, ...] = ()
