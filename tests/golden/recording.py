"""Rows that come out alike each time: fixed random numbers, and the whole table as text."""

import json
import os
import random
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from common.dynamodb import call, table_name

# What makes random numbers for others, or for itself alone: the access layer marks its writes with them, the
# catalogue its changes.
_LIBRARIES = frozenset({"uuid", "secrets", "random"})
_OWN = ("common.dynamodb", "common.repositories.catalogue_changes")
_CATALOGUE = {"S": "CATALOGUE"}
_FAKES = "tools.fakes"
_ROOT = Path(__file__).parents[2]
# What the migration keeps about itself, such as who it is.
_ABOUT_THE_MOVE = "MIGRATION#"

WRITE = "ARTSHOP_WRITE_GOLDEN_ROWS"


def fix_random_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ids, nonces and file names of the shop and of the fakes of tests are the same in every run."""
    given: Counter[str] = Counter()
    real = os.urandom

    def urandom(size: int) -> bytes:
        asker = _asker()
        if asker is None:
            return real(size)
        given[asker] += 1
        digest = sha256(f"{asker} {given[asker]}".encode()).digest()
        return (digest * (size // len(digest) + 1))[:size]

    monkeypatch.setattr(os, "urandom", urandom)
    monkeypatch.setattr(random, "_urandom", urandom)


def _asker() -> str | None:
    """Whose random numbers are asked for: the shop's, a platform's, the tests' or (None) anybody else's."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__") in _LIBRARIES:
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__"))
    package = module.partition(".")[0]
    if module.startswith(_OWN) or not (_ROOT / package).is_dir():
        return None
    if module.startswith(_FAKES):
        return "platforms"
    return "tests" if package == "tests" else "shop"


def rows_of_the_table() -> list[str]:
    """Every row as DynamoDB holds it, a line each; marks of writes and changes are random and left open."""
    items: list[dict[str, Any]] = []
    start: dict[str, Any] = {}
    while True:
        page = call("scan", TableName=table_name(), ConsistentRead=True, **start)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    for item in items:
        _leave_open(item)
    items = [item for item in items if not item["PK"]["S"].startswith(_ABOUT_THE_MOVE)]
    items.sort(key=lambda item: (item["PK"]["S"], item["SK"]["S"]))
    return [json.dumps(item, sort_keys=True, ensure_ascii=False) for item in items]


def _leave_open(item: dict[str, Any]) -> None:
    marks = {"write_id", "document_mark"} & item.keys()
    if item.get("GSI3PK") == _CATALOGUE:
        marks |= {"value"} if item["PK"] == _CATALOGUE else {"GSI3SK"}
    item.update({name: {"S": "*"} for name in marks})


def compare(name: str) -> None:
    """The table holds exactly the rows of the file; where WRITE is set, the file is written anew."""
    path = Path(__file__).with_name(f"{name}.jsonl")
    found = rows_of_the_table()
    if os.environ.get(WRITE):
        path.write_text("\n".join(found) + "\n", encoding="utf-8")
    golden = path.read_text(encoding="utf-8").splitlines()
    assert len(golden) > 1
    assert sorted(set(golden) - set(found)) == []
    assert found == golden
