"""A table with items of every kind, and a second table to restore into."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from common.dynamodb import Item, batch_write, delete_table, index_keys
from tests.support.engines import DYNAMODB_LOCAL

EVERY_KIND: Item = {
    "PK": "PRODUCT#1",
    "SK": "METADATA",
    **index_keys("GSI1", "PRODUCT_SLUG#città", "METADATA"),
    "text": 'più ☂ 🎨 "quoted"\nsecond line\u2028\t\\',
    "empty": "",
    "whole": 7,
    "precise": Decimal("12345678901234567890.123456789012345678"),
    "small": Decimal("-1E-130"),
    "large": 10**125,
    "bytes": b"\x00\xff\n",
    "no_bytes": b"",
    "yes": True,
    "no": False,
    "nothing": None,
    "map": {"list": [1, "2", {"deep": b"x", "none": None}], "empty": {}, "status": "a reserved word"},
    "no_entries": [],
    "texts": {"a", "b", "città"},
    "numbers": {1, Decimal("2.5"), -3},
    "several_bytes": {b"\x01", b"\x02\xff"},
    "expires_at": 4_102_444_800,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for a backup, which is not there yet."""
    return tmp_path / "backups" / "monday"


@pytest.fixture
def filled(table: str) -> str:
    """The name of a table with 120 items, one of them with every kind of value."""
    others: list[dict[str, Any]] = [
        {"PK": f"ORDER#{number}", "SK": "METADATA", "id": number, "total": Decimal(number) / 4}
        for number in range(1, 120)
    ]
    assert not batch_write(puts=[EVERY_KIND, *others]).failed
    return table


@pytest.fixture
def second_table(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Makes a table that is not there yet the one that everything uses, and returns its name."""
    name = f"test-{uuid4()}"

    def switch() -> str:
        monkeypatch.setenv("DYNAMODB_TABLE_NAME", name)
        return name

    yield switch
    if aws == DYNAMODB_LOCAL:
        delete_table(name)
