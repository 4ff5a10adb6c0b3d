"""The prefixes of the table's keys: one list of them, which no key and no declaration goes round."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from common import prefixes
from common.dynamodb.rows import Rows
from common.once import Marks

ROOT = Path(__file__).parents[2]
PACKAGES = ("common", "catalog", "orders", "content", "shop", "etsy_sync")
WORDS = {name: value for name, value in vars(prefixes).items() if name.isupper()}

# What tells the rows within one partition apart: words of sort keys.
OF_SORT_KEYS = frozenset(
    {
        "METADATA",
        "LISTING",
        "LIST",
        "PRODUCTS",
        "REFUND",
        "PAYMENT_DISPUTE",
        "LINE",
        "RETURN",
        "REPORT",
        "NUMBER",
        "PROOF",
        "OWED",
        "WITHDRAWAL",
    }
)
_PREFIXED = re.compile(r"([A-Z][A-Z_]+)#")


def modules() -> Iterator[Path]:
    """Every module that may make a key."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def declared() -> tuple[list[Rows], list[Marks]]:  # type: ignore[type-arg] # of whatever entity
    """All that is declared of rows and marks, each once."""
    found: dict[int, object] = {}
    for path in modules():
        text = path.read_text(encoding="utf-8")
        if path.parent.name == "repositories" or "Marks(" in text:
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found |= {id(it): it for it in vars(import_module(name)).values()}
    for holder in list(found.values()):
        found |= {id(it): it for it in getattr(holder, "__dict__", {}).values()}
    rows = [it for it in found.values() if isinstance(it, Rows)]
    return rows, [it for it in found.values() if isinstance(it, Marks)]


def word_of(template: str) -> str:
    """The word that a key begins with."""
    return template.partition("#")[0]


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module with their lines, but for what it says of itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def test_no_two_names_are_one_prefix() -> None:
    assert [word for word, times in Counter(WORDS.values()).items() if times > 1] == []


def test_no_two_kinds_of_rows_have_one_key() -> None:
    rows, marks = declared()
    assert len(rows) > 10
    assert len(marks) > 5
    keys = [(word_of(it.key_templates[0]), word_of(it.key_templates[1])) for it in rows]
    keys += [(it.prefix, "METADATA") for it in marks]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_no_two_kinds_of_rows_share_a_partition_of_an_index() -> None:
    rows, _ = declared()
    entries = [(index.name, index.partition) for it in rows for index in it.indexes]
    assert [entry for entry, times in Counter(entries).items() if times > 1] == []


def test_every_declared_row_says_how_each_field_is_stored() -> None:
    rows, _ = declared()
    assert [it.noun for it in rows if set(it.shape.kinds) != set(it.shape.names)] == []


def test_every_declaration_is_made_of_listed_prefixes() -> None:
    rows, marks = declared()
    used = {word_of(it.key_templates[0]) for it in rows} | {it.prefix for it in marks}
    used |= {word_of(index.partition) for it in rows for index in it.indexes}
    assert used - set(WORDS.values()) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_key_is_made_of_a_listed_prefix_and_no_other_text(package: str) -> None:
    spelled = [
        f"{path.relative_to(ROOT)}:{line} {text!r}"
        for path in modules()
        if path.relative_to(ROOT).parts[0] == package and path.parent.name != "routes"
        for line, text in literals(path)
        if (match := _PREFIXED.match(text)) and match[1] not in OF_SORT_KEYS
    ]
    assert spelled == []


def test_every_listed_prefix_is_used() -> None:
    rows, _ = declared()
    used = {word_of(index.partition) for it in rows for index in it.indexes}
    makers = [*modules(), *(ROOT / "tools").rglob("*.py"), *(ROOT / "migration").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in makers)
    # Of the access layer's own, and made of the name of a channel.
    ruled = {"COUNTER", "UNIQUE", "ETSY_SYNC", "SHOPIFY_SYNC", "AMAZON_SYNC"}
    unused = {name for name, word in WORDS.items() if word not in used and f"prefixes.{name}" not in text}
    assert unused - ruled == set()


def test_every_row_there_is_begins_with_a_listed_prefix() -> None:
    names = ("PK", "GSI1PK", "GSI2PK", "GSI3PK")
    begun = {
        word_of(row[name]["S"])
        for path in (ROOT / "tests" / "golden").glob("*.jsonl")
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for name in names
        if name in row
    }
    assert len(begun) > 30
    assert begun - set(WORDS.values()) == set()
