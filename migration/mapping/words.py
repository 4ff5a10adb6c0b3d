"""The words of a source's rows, held against those that the columns may have."""

from collections.abc import Iterator
from typing import Any

from migration.mapping.records import BadRow, Row
from migration.postgres.loading import shortened
from migration.schema.tables import TABLES


def word_of(table: str, column: str, text: str) -> str | None:
    """The shop's word for what a column of a source says; None when it has none."""
    words = TABLES[table].by_name[column].words
    return words.word_of(text) if words else None


def foreign_words(table: str, row: Row) -> Iterator[tuple[str, str, str | None]]:
    """Each column whose word is not written as the shop does: its text, and the shop's word or None."""
    for column in TABLES[table].columns:
        text = row.get(column.name) if column.words else None
        if column.words and isinstance(text, str) and not column.words.knows(text):
            yield column.name, text, column.words.word_of(text)


def in_words_of_the_shop(table: str, row: Row) -> Row:
    """The same row with the shop's words. Raises BadRow for a word that the shop does not have."""
    changed: dict[str, Any] = {}
    unknown = []
    for column, text, word in foreign_words(table, row):
        changed[column] = word
        if word is None:
            has = vocabulary_of(table, column)
            unknown.append(f"{column} {shortened(text)} is no word that the shop has ({has})")
    if unknown:
        raise BadRow(table, row.get("id"), "; ".join(unknown))
    return row | changed if changed else row


def vocabulary_of(table: str, column: str) -> str:
    """The words of a column, for people."""
    return str(TABLES[table].by_name[column].words)
