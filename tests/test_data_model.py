"""docs/data-model.md says what rows there are, where each stands and how each is found."""

import json
import re
from pathlib import Path

from tests.common.test_prefixes import WORDS, declared, word_of

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
INDEXES = ("GSI1", "GSI2", "GSI3")


def section(title: str) -> str:
    """What stands below a heading."""
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def words(cell: str) -> set[str]:
    """The words that the keys in a cell begin with."""
    return {match[0] for match in re.findall(r"`(\{?[A-Z][A-Z_]+)([#`])", cell)}


def table() -> list[list[str]]:
    """The cells of all lines of the tables of rows, without their headings."""
    lines = [line for line in section("Rows").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "| PK |" not in line]


def stated() -> set[tuple[str, str, str]]:
    """Each word of a partition of the table (PK) or of an index, and the word of the sort key there."""
    found = set()
    for _, partition, sort, *indexes in table():
        entries = [(index, *cell.partition(" ‖ ")) for index, cell in zip(INDEXES, indexes, strict=True)]
        for index, first, _, second in [("PK", partition, "", sort), *entries]:
            found |= {(index, word, end) for word in words(first) for end in (words(second) or {""})}
    return found


def golden() -> set[tuple[str, str, str]]:
    """The same of every row that the shop is known to write."""
    found = set()
    for path in (ROOT / "tests" / "golden").glob("*.jsonl"):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            for index in ("", *INDEXES):
                if f"{index}PK" in row:
                    name = word_of(row[f"{index}PK"]["S"])
                    found.add((index or "PK", name, word_of(row[f"{index}SK"]["S"])))
    return found


def test_every_row_that_is_written_stands_in_the_tables() -> None:
    said = stated()
    free = {(index, word) for index, word, end in said if not end}
    missing = {(i, word, end) for i, word, end in golden() if (i, word, end) not in said}
    assert {it for it in missing if it[:2] not in free} == set()


def test_every_declared_row_stands_in_the_tables_with_its_indexes() -> None:
    said = {(index, word) for index, word, _ in stated()}
    rows, marks = declared()
    needed = {("PK", word_of(it.key_templates[0])) for it in rows} | {("PK", it.prefix) for it in marks}
    needed |= {(index.name, word_of(index.partition)) for it in rows for index in it.indexes}
    assert needed - said == set()


def test_the_tables_name_no_key_that_there_is_not() -> None:
    assert {word for _, word, _ in stated()} - set(WORDS.values()) == set()


def test_every_kind_of_key_is_in_the_tables() -> None:
    assert set(WORDS.values()) - {word for _, word, _ in stated()} == set()


def test_every_way_to_find_a_row_is_an_access_pattern() -> None:
    asked = words(section("Access patterns"))
    of_commands = {"MIGRATION", "RESTORE"}
    assert {word for _, word, _ in stated()} - asked - of_commands == set()
