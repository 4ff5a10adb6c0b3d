"""docs/operations.md says which settings of the documents are read; the code reads those and no others."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tools.paths import ROOT

TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTION = TEXT.split("\n## Settings that came with its documents\n")[1].split("\n## ")[0]

IN_LAMBDA = ("app.py", "common", "catalog", "orders", "content", "shop", "etsy_sync")
ON_THIS_MACHINE = ("tools", "migration")
# Boto3 reads it too, and pictures are addressed otherwise where it is set.
READ_BY_BOTO3 = {"AWS_ENDPOINT_URL": "common/media.py"}
READ_BY_TOOLS = {"PORT": "tools/local/settings.py", "PGSCHEMA": "migration/enterprises/command.py"}


def rows() -> list[tuple[str, str]]:
    """Each setting of the table with what the table says of its being read."""
    lines = [line.strip("|").split("|") for line in SECTION.splitlines() if line.startswith("| `")]
    return [(name, cells[1].strip()) for cells in lines for name in re.findall(r"`([A-Z][A-Z_]+)`", cells[0])]


READ = sorted({name for name, read in rows() if read == "yes"})
UNREAD = sorted({name for name, read in rows() if read == "no"})


@cache
def readers(name: str) -> frozenset[str]:
    """The modules in which a setting's name stands by itself."""
    places = [ROOT / place for place in (*IN_LAMBDA, *ON_THIS_MACHINE)]
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*.py"))]
    return frozenset(str(file.relative_to(ROOT)) for file in files if name in _texts(file))


@cache
def _texts(file: Path) -> frozenset[str]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return frozenset(str(node.value) for node in nodes if isinstance(node, ast.Constant))


def test_the_table_has_those_that_are_read_and_those_that_are_not() -> None:
    assert len(READ) > 10
    assert len(UNREAD) > 10
    assert not set(READ) & set(UNREAD)


@pytest.mark.parametrize("name", READ)
def test_a_setting_that_is_said_to_be_read_is_read_in_one_place(name: str) -> None:
    in_lambda = {reader for reader in readers(name) if reader.split("/")[0] in IN_LAMBDA}
    assert in_lambda == (set() if name in READ_BY_TOOLS else {READ_BY_BOTO3.get(name, "common/config.py")})
    assert READ_BY_TOOLS.get(name) in {None, *readers(name)}


@pytest.mark.parametrize("name", UNREAD)
def test_a_setting_that_is_said_not_to_be_read_is_read_nowhere(name: str) -> None:
    assert readers(name) == set()


@pytest.mark.parametrize(("name", "read"), rows())
def test_a_setting_is_read_by_the_shop_or_by_its_sdk_or_not_at_all(name: str, read: str) -> None:
    assert read in {"yes", "no", "by the SDK"}, name
