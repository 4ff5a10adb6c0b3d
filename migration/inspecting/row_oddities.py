"""What is odd about single rows, found while every row is read once: values and words."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from migration.findings import Finding, Kind
from migration.inspecting.oddities import ATTENTION, BLOCKING, oddity
from migration.mapping.records import BadRow
from migration.mapping.words import foreign_words, vocabulary_of
from migration.postgres.loading import shortened
from migration.postgres.source import Source

EXAMPLES = 10

_What = tuple[Kind, str]


@dataclass(slots=True)
class _Seen:
    """How many rows something is true of, and the first of them."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)


def row_findings(source: Source) -> Iterator[Finding]:
    """What keeps rows from moving, and which words become others. Reads every table once."""
    for table in source.shapes:
        seen: dict[_What, _Seen] = {}
        for row in source.rows(table):
            for found, example in _unreadable(row) if isinstance(row, BadRow) else _words(table, row):
                seen.setdefault(found, _Seen()).add(example)
        for (kind, what), it in seen.items():
            yield oddity(kind, table, what, it.count, it.examples)


def _unreadable(bad: BadRow) -> Iterator[tuple[_What, str]]:
    yield (BLOCKING, "values that cannot be kept"), f"{bad.id}: {bad.reason}"


def _words(table: str, row: dict[str, object]) -> Iterator[tuple[_What, str]]:
    for column, text, word in foreign_words(table, row):
        if word is None:
            what = f"{column}: words that the shop does not have; it has {vocabulary_of(table, column)}"
            yield (BLOCKING, what), f"{row.get('id')}: {shortened(text)}"
        else:
            what = f"{column}: words that the shop writes in another way; the way back gives them again"
            yield (ATTENTION, what), f"{row.get('id')}: {shortened(text)} becomes {word}"
