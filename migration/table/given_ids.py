"""Ids that going back gives to rows of the shop's own, whose ids PostgreSQL cannot hold or uses otherwise.

A line of an order is known by its place in it, a notification by a random text; PostgreSQL numbers both
through a sequence. What a row was given is kept in the table before the row is written, so that it is the
same row whenever somebody goes back again, moves again or compares.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from common.dynamodb import Item, Query, fetch_all, sort_key
from migration.mapping.records import PARTITION, RecordId, RowId
from migration.table.batches import write_all

_PREFIX = "GIVEN#"
_DIGEST = 16

Given = tuple[str, RecordId, RowId, int]
"""A table, the record, the row's id here (None where it has none) and its id in PostgreSQL."""


class GivenIds:
    """Which row here is which row there."""

    def __init__(self) -> None:
        self._there: dict[tuple[str, RecordId, RowId], int] = {}
        self._here: dict[tuple[str, int], tuple[RecordId, RowId]] = {}
        self._records: dict[tuple[str, RecordId], dict[RowId, int]] = {}

    def recall(self, source: str) -> None:
        """Read from the table what was given in the database of this identity."""
        kept = Query(PARTITION, sort=sort_key().begins_with(_prefix(source)), consistent=True)
        for item in fetch_all(kept):
            for row_id, there in item["ids"]:
                self.add(item["table"], item["record"], row_id, int(there))

    def add(self, table: str, record: RecordId, row_id: RowId, there: int) -> None:
        """Note the id that a row of a record has in PostgreSQL."""
        self._there[table, record, row_id] = there
        self._here[table, there] = record, row_id
        self._records.setdefault((table, record), {})[row_id] = there

    def there(self, table: str, record: RecordId, row_id: RowId) -> int | None:
        """The id in PostgreSQL that a row was given; None when it was given none."""
        return self._there.get((table, record, row_id))

    def here(self, table: str, there: object) -> tuple[RecordId, RowId] | None:
        """The record and the id here of a row that has this id in PostgreSQL; None when it was not given."""
        return self._here.get((table, there)) if isinstance(there, int) else None

    def has(self, table: str, record: RecordId) -> bool:
        """Whether a row of this record was given an id in `table`."""
        return (table, record) in self._records

    def of(self, table: str, record: RecordId) -> Mapping[RowId, int]:
        """The ids that rows of this record were given in `table`, by the ids that they have here."""
        return self._records.get((table, record), {})

    def __bool__(self) -> bool:
        return bool(self._there)


def keep_given(source: str, known: GivenIds, given: Iterable[Given]) -> None:
    """Keep what is going to be given in the database of this identity, beside what is `known`.

    Raises ToolError.
    """
    records: dict[tuple[str, RecordId], dict[RowId, int]] = {}
    for table, record, row_id, there in given:
        # The rows of a record stand in one item: a later one joins those that were given an id before.
        ids = records.setdefault((table, record), dict(known.of(table, record)))
        ids[row_id] = there
    write_all([_item(source, table, record, ids) for (table, record), ids in records.items()])


def _item(source: str, table: str, record: RecordId, ids: Mapping[RowId, int]) -> Item:
    return {
        "PK": PARTITION,
        "SK": f"{_prefix(source)}{table}#{record}",
        "table": table,
        "record": record,
        "ids": [[row_id, there] for row_id, there in ids.items()],
    }


def _prefix(source: str) -> str:
    return f"{_PREFIX}{sha256(source.encode()).hexdigest()[:_DIGEST]}#"
