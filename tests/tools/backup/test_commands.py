"""`artshop backup`, as it is typed."""

import os
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from tools.cli import cli
from tools.scanning import count_items


def backup(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["backup", *map(str, arguments)])


def test_a_table_is_exported_checked_and_restored(
    filled: str, folder: Path, second_table: Callable[[], str]
) -> None:
    exported = backup("export", folder)
    assert exported.exit_code == 0, exported.output
    assert f"120 items of {filled} are in {folder}" in exported.output
    checked = backup("check", folder)
    assert f"{folder} is whole: 120 items of {filled}, from 20" in checked.output
    name = second_table()
    restored = backup("restore", folder)
    assert restored.exit_code == 0, restored.output
    assert f"120 items are restored into {name} (created)." in restored.output


def test_the_table_to_fill_may_be_named(filled: str, folder: Path, second_table: Callable[[], str]) -> None:
    assert backup("export", folder).exit_code == 0
    name = second_table()
    os.environ["DYNAMODB_TABLE_NAME"] = filled
    restored = backup("restore", folder, "--table", name)
    assert restored.exit_code == 0, restored.output
    assert os.environ["DYNAMODB_TABLE_NAME"] == filled
    os.environ["DYNAMODB_TABLE_NAME"] = name
    assert count_items() == 120


def test_a_named_table_is_named_for_the_command_only(
    filled: str, folder: Path, second_table: Callable[[], str]
) -> None:
    assert backup("export", folder).exit_code == 0
    name = second_table()
    del os.environ["DYNAMODB_TABLE_NAME"]
    assert backup("restore", folder, "--table", name).exit_code == 0
    assert "DYNAMODB_TABLE_NAME" not in os.environ


def test_what_is_wrong_is_said_in_one_sentence(filled: str, folder: Path) -> None:
    assert backup("export", folder).exit_code == 0
    data = next((folder / "data").iterdir())
    data.write_bytes(data.read_bytes()[:-1])
    for command in ("check", "restore"):
        answer = backup(command, folder)
        assert answer.exit_code == 1
        assert answer.output.startswith(f"Error: {data} was altered after the export")


def test_a_number_of_workers_that_makes_no_sense_is_a_usage_error(folder: Path) -> None:
    assert backup("export", folder, "--segments", "0").exit_code == 2
    assert backup("restore", folder, "--workers", "1000").exit_code == 2
