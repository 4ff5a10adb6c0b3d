"""What going back comes to: changes of rows of PostgreSQL, and what it has no place for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from migration.findings import Finding, Kind
from migration.mapping.records import RecordId, Row
from migration.schema.conversions import UPLOADS
from migration.schema.tables import TABLES
from migration.verifying.differences import row_key

INSERT, UPDATE, DELETE = "insert", "update", "delete"

LATE = Kind("late", "Changed in PostgreSQL since the move", {"row": "what"})
UNLIKE = Kind(
    "unlike",
    "What PostgreSQL holds otherwise",
    {"table": "entity", "row": "id", "column": "what", "how": "here"},
)
LOST = Kind(
    "lost",
    "What PostgreSQL has no column for",
    {"entity": "entity", "id": "id", "attribute": "what", "value": "here"},
)
HOMELESS = Kind("homeless", "Rows that PostgreSQL has no table for", {"kind": "entity", "rows": "count"})
PICTURE = Kind(
    "picture",
    "Pictures to copy",
    {"file": "what", "named by": "here"},
    "These were uploaded here, and the old shop looks for them in its own folder: with its path as UPLOADS, "
    "`aws s3 cp s3://$S3_BUCKET_NAME/uploads/... UPLOADS/...` brings each of them.",
)
KINDS = (LATE, UNLIKE, LOST, HOMELESS, PICTURE)


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

    `late` says which rows PostgreSQL has changed itself, `unlike` where a row there is another than here,
    `lost` what has no column; `homeless` counts the rows of each kind that no table is for.
    """

    changes: list[Change] = field(default_factory=list)
    late: list[Finding] = field(default_factory=list)
    unlike: list[Finding] = field(default_factory=list)
    lost: list[Finding] = field(default_factory=list)
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

    def be_late(self, table: str, sentence: str) -> None:
        """Note that PostgreSQL has changed a row itself."""
        self.late.append(Finding(LATE, table, details={sentence: ""}))

    def lose(self, entity: str, record: RecordId, attribute: str, value: str) -> None:
        """Note a value that no column is for."""
        self.lost.append(Finding(LOST, entity, record, details={attribute: value}))

    @property
    def findings(self) -> list[Finding]:
        """All that people have to know."""
        homeless = [Finding(HOMELESS, kind, count=count) for kind, count in sorted(self.homeless.items())]
        pictures = [
            Finding(PICTURE, "", details={file: owner}) for file, owner in sorted(self.new_pictures().items())
        ]
        return [*self.late, *self.unlike, *self.lost, *homeless, *pictures]

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
