"""What a migration knows of one kind of thing: its tables, and the two ways between them and DynamoDB."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from common.dynamodb import Item
from migration.mapping.records import BadRow, Child, Context, Record, RecordId, Row

__all__ = ["MALFORMED", "Entity", "RecordId"]

# What reading an item comes to that neither the shop nor a migration has written.
MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of thing that moves: a parent table, its children, and the mapping in both directions.

    `items` gives every row of the shop's table that stands for a record: documents, pointers, links and
    uniqueness markers. It raises BadRow for what cannot be moved. `rows` is independent of it: it reads
    items and gives PostgreSQL's rows by table, each comparable with its source by
    `migration.verifying.comparing`.

    `record_of` names the record that an item belongs to, None for every item that `rows` does not read;
    with it a scan of the table is sorted into records.

    `counters` names the counter of each table whose ids the shop gives out itself; new rows of other
    tables have no id that PostgreSQL could keep. `reserves` gives further counters that must go on above
    what a record holds.

    `secrets` names columns, which are attributes of the same names, whose values no report, message or log
    may show; sealed attributes differ at each writing, so `same(planned, stored)` says whether a stored
    item is the planned one, both as DynamoDB has them.
    """

    name: str
    table: str
    items: Callable[[Record, Context], list[Item]]
    rows: Callable[[Sequence[Item]], dict[str, list[Row]]]
    record_of: Callable[[Item], RecordId | None]
    children: tuple[Child, ...] = ()
    counters: Mapping[str, str] = field(default_factory=dict)
    reserves: Callable[[Record], Mapping[str, int]] = lambda _record: {}
    secrets: frozenset[str] = frozenset()
    same: Callable[[Item, Item], bool] = operator.eq

    @property
    def tables(self) -> tuple[str, ...]:
        """The parent's table, then its children's."""
        return self.table, *(child.table for child in self.children)

    def owner_of(self, item: Item) -> RecordId | None:
        """The record that an item belongs to; None for what something else has put under such a key, too."""
        try:
            record = self.record_of(item)
        except MALFORMED:
            return None
        return record if isinstance(record, int | str) else None

    def read_back(self, record: RecordId, stored: Sequence[Item]) -> dict[str, list[Row]]:
        """What `rows` gives. Raises BadRow for items that something else has written or damaged."""
        try:
            return self.rows(stored)
        except MALFORMED as error:
            # Its text may have a value, which may be a secret.
            reason = type(error).__name__ if self.secrets else f"{type(error).__name__} {error}"
            keys = ", ".join(sorted(f"{item['PK']} / {item['SK']}" for item in stored))
            raise BadRow(self.table, record, f"{keys} cannot be read: {reason}") from error

    def highest(self, record: Record) -> dict[str, int]:
        """What each counter must at least reach so that nothing of the record is given out again."""
        reached = dict(self.reserves(record))
        for table, counter in self.counters.items():
            ids = [int(row["id"]) for row in record.all(table)]
            reached[counter] = max([reached.get(counter, 0), *ids])
        return reached
