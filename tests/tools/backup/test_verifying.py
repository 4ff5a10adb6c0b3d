"""A comparison of a table with a backup sees what is missing and what is otherwise, and nothing else."""

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from common.dynamodb import attr, delete_item, get_item, next_id, put_item, raise_counter
from tools.backup.exporting import export_table
from tools.backup.restoring import restore_table
from tools.backup.verifying import verify_table
from tools.errors import ToolError

from .conftest import EVERY_KIND
from .test_commands import backup

Switch = Callable[[], str]


def test_a_restored_table_holds_what_the_backup_holds(
    filled: str, folder: Path, second_table: Switch
) -> None:
    # A conditional write leaves a mark in the row, which a restore leaves out.
    put_item({"PK": "ORDER#1", "SK": "METADATA", "id": 1}, condition=attr("PK").exists())
    export_table(folder)
    name = second_table()
    restore_table(folder)
    found = verify_table(folder)
    assert (found.holds, found.table, found.equal, found.others) == (True, name, 120, 0)


def test_what_is_missing_otherwise_or_new_is_told_apart(filled: str, folder: Path) -> None:
    export_table(folder)
    delete_item(("ORDER#7", "METADATA"))
    put_item({"PK": "ORDER#8", "SK": "METADATA", "id": 8, "total": Decimal("2.01")})
    put_item({"PK": "ORDER#500", "SK": "METADATA", "id": 500})
    found = verify_table(folder)
    assert found.missing == (("ORDER#7", "METADATA"),)
    assert found.differing == (("ORDER#8", "METADATA"),)
    assert (found.holds, found.equal, found.others) == (False, 118, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("texts", {"a", "b"}),
        ("numbers", {1, Decimal("2.5")}),
        ("precise", Decimal("12345678901234567890.123456789012345679")),
        ("bytes", b"\x00\xff"),
        ("yes", False),
        ("no_entries", {}),
        ("expires_at", 4_102_444_801),
    ],
)
def test_a_difference_of_any_kind_is_seen(filled: str, folder: Path, name: str, value: object) -> None:
    export_table(folder)
    put_item({**EVERY_KIND, name: value})
    assert verify_table(folder).differing == (("PRODUCT#1", "METADATA"),)


def test_what_has_expired_may_be_gone(filled: str, folder: Path) -> None:
    past = {"PK": "CART#1", "SK": "METADATA", "expires_at": int(time.time()) - 60}
    put_item(past)
    export_table(folder)
    delete_item(("CART#1", "METADATA"))
    assert verify_table(folder).holds


def test_a_restore_leaves_out_the_ids_that_were_given_out_since(
    filled: str, folder: Path, second_table: Switch
) -> None:
    raise_counter("ORDER_ID", 119)
    put_item({"PK": "COUNTER", "SK": "PRODUCTS#published", "value": 3})
    export_table(folder)
    second_table()
    restore_table(folder, skip_ids=50)
    found = verify_table(folder)
    assert (found.holds, found.equal) == (True, 122)
    assert next_id("ORDER_ID") == 170
    tally = get_item(("COUNTER", "PRODUCTS#published"))
    assert tally is not None
    assert tally["value"] == 3


def test_a_counter_that_is_behind_is_a_difference(filled: str, folder: Path) -> None:
    raise_counter("ORDER_ID", 119)
    export_table(folder)
    put_item({"PK": "COUNTER", "SK": "ORDER_ID", "value": 118})
    assert verify_table(folder).differing == (("COUNTER", "ORDER_ID"),)


def test_no_table_is_compared_with_a_backup_that_was_altered(filled: str, folder: Path) -> None:
    export_table(folder)
    data = next((folder / "data").iterdir())
    data.write_bytes(data.read_bytes()[:-1])
    with pytest.raises(ToolError, match="altered"):
        verify_table(folder)


def test_the_command_names_what_differs_and_ends_with_one(filled: str, folder: Path) -> None:
    assert backup("export", folder).exit_code == 0
    assert backup("verify", folder).exit_code == 0
    for number in range(1, 31):
        delete_item((f"ORDER#{number}", "METADATA"))
    answer = backup("verify", folder)
    assert answer.exit_code == 1
    assert "missing: ORDER#1 / METADATA" in answer.output
    assert "missing: 10 more" in answer.output
    assert f"{filled}: 90 items are as in the backup, 30 are missing, 0 are different" in answer.output
