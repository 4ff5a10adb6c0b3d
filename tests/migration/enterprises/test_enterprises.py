"""`artshop migrate enterprises`, from a real PostgreSQL."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from common.dynamodb import get_item, put_item
from migration.enterprises.command import enterprises_command
from migration.enterprises.rows import Moved, _why_bad, move_enterprises
from migration.postgres.loading import Unreadable
from migration.schema.columns import quoted
from shop.repositories.enterprises import Enterprise, all_enterprises, enterprise_item, find_enterprise
from tests.support.postgresql import run_script
from tests.support.races import just_before
from tools.errors import ToolError

FIRST = datetime(2026, 1, 31, 10, 0, 0, 123_456, tzinfo=UTC)
LATER = datetime(2026, 2, 1, tzinfo=UTC)
NAMES = ["Premium Plan", "più ☂ 🎨", 'O\'Neil "quoted"\nsecond line', "", None, "Premium Plan"]


@pytest.fixture
def source(blank_database: str) -> str:
    """The URL of a database with six enterprises in the schema `systiva`."""
    create(blank_database, "systiva")
    for number, name in enumerate(NAMES, 1):
        insert(blank_database, number, name)
    return blank_database


def create(url: str, schema: str, id_type: str = "integer") -> None:
    name = quoted(schema)
    columns = f"enterprise_id {id_type}, enterprise_name varchar"
    run_script(url, f"CREATE SCHEMA {name}; CREATE TABLE {name}.fnd_enterprise ({columns})")


def insert(url: str, number: object, name: str | None, schema: str = "systiva") -> None:
    value = "NULL" if name is None else "'" + name.replace("'", "''") + "'"
    statement = f"INSERT INTO {quoted(schema)}.fnd_enterprise VALUES ({number}, {value})"  # noqa: S608
    run_script(url, statement)


def move(url: str, schema: str = "systiva", *, dry_run: bool = False, at: datetime = FIRST) -> Moved:
    return move_enterprises(url, schema, dry_run=dry_run, clock=lambda: at)


def test_every_enterprise_keeps_its_number_and_its_name(table: str, source: str) -> None:
    moved = move(source)
    assert (moved.found, moved.created, moved.unchanged, moved.passed) == (6, 6, 0, True)
    found = {enterprise.original_pg_id: enterprise for enterprise in all_enterprises()}
    assert [found[number].name for number in range(1, 7)] == NAMES
    assert {enterprise.created_at for enterprise in found.values()} == {"2026-01-31T10:00:00.123Z"}
    row = get_item(("ENT#2", "METADATA")) or {}
    assert (row["id"], row["original_pg_id"], row["migrated_from_pg"]) == ("2", 2, True)
    assert row["name"] == row["enterprise_name"] == "più ☂ 🎨"


def test_a_second_run_changes_nothing(table: str, source: str) -> None:
    move(source)
    before = all_enterprises()
    moved = move(source, at=LATER)
    assert (moved.created, moved.unchanged, moved.passed) == (0, 6, True)
    assert all_enterprises() == before


def test_a_name_that_was_changed_since_is_kept_and_reported(table: str, source: str) -> None:
    move(source)
    run_script(source, "UPDATE systiva.fnd_enterprise SET enterprise_name = 'Other' WHERE enterprise_id = 1")
    insert(source, 7, "New")
    moved = move(source, at=LATER)
    assert (moved.created, moved.unchanged, moved.passed) == (1, 5, False)
    assert moved.renamed == [("1", "Premium Plan", "Other")]
    kept = find_enterprise("1")
    assert kept is not None
    assert (kept.name, kept.updated_at) == ("Premium Plan", "2026-01-31T10:00:00.123Z")


def test_an_enterprise_that_appears_meanwhile_is_not_written_over(table: str, source: str) -> None:
    moment = "2026-01-01T00:00:00.000Z"
    rival = enterprise_item(Enterprise("1", "Rival", moment, moment))
    with just_before("migration.enterprises.rows.put_item", lambda: put_item(rival)):
        moved = move(source, at=LATER)
    assert moved.renamed == [("1", "Rival", "Premium Plan")]
    assert moved.created == 5


def test_a_dry_run_writes_nothing_and_says_what_would_be(table: str, source: str) -> None:
    moved = move(source, dry_run=True)
    assert (moved.found, moved.created) == (6, 6)
    assert all_enterprises() == []
    move(source)
    again = move(source, dry_run=True)
    assert (again.created, again.unchanged) == (0, 6)


def test_another_schema_may_be_named(table: str, blank_database: str) -> None:
    create(blank_database, 'My "Schema"', "numeric")
    insert(blank_database, 10**12, "Large", 'My "Schema"')
    move(blank_database, 'My "Schema"')
    found = find_enterprise(str(10**12))
    assert found is not None
    assert found.original_pg_id == 10**12


def test_rows_that_cannot_be_moved_are_listed_and_the_others_move(table: str, blank_database: str) -> None:
    create(blank_database, "systiva", "numeric")
    for number, name in (
        (1, "good"),
        ("1.5", "half"),
        ("NULL", "none"),
        ("'NaN'", "nan"),
        (2, "x" * 410_000),
    ):
        insert(blank_database, number, name)
    moved = move(blank_database)
    assert (moved.found, moved.created, moved.passed) == (5, 1, False)
    assert {number for number, _ in moved.bad} == {"1.5", "None", "NaN", "2"}


def test_the_same_number_twice_is_reported(table: str, blank_database: str) -> None:
    create(blank_database, "systiva")
    insert(blank_database, 1, "first")
    insert(blank_database, 1, "second")
    moved = move(blank_database)
    assert (moved.created, len(moved.renamed)) == (1, 1)


def test_a_database_without_the_table_is_named(table: str, blank_database: str) -> None:
    with pytest.raises(ToolError, match=r"systiva\.fnd_enterprise cannot be read: .* does not exist"):
        move(blank_database)


def test_an_unreachable_database_is_an_error_in_one_sentence(table: str) -> None:
    with pytest.raises(ToolError, match="PostgreSQL cannot be reached"):
        move("postgresql://127.0.0.1:1/nothing")


def test_the_command_reports_and_ends_with_1_when_names_differ(
    table: str, source: str, tmp_path: Path
) -> None:
    runner = CliRunner()
    first = runner.invoke(enterprises_command, ["--source", source])
    assert first.exit_code == 0, first.output
    assert "6 found, 6 created, 0 unchanged" in first.output
    run_script(source, "UPDATE systiva.fnd_enterprise SET enterprise_name = 'Other' WHERE enterprise_id = 1")
    second = runner.invoke(enterprises_command, ["--report", str(tmp_path)], env={"DATABASE_URL": source})
    assert second.exit_code == 1
    assert "1 is 'Premium Plan' here (kept) and 'Other' in PostgreSQL" in second.output
    report = json.loads((tmp_path / "enterprises.json").read_text())
    assert (report["passed"], report["found"], report["unchanged"]) == (False, 6, 5)
    assert "| 1 | Premium Plan | Other |" in (tmp_path / "enterprises.md").read_text()


def test_the_schema_may_come_from_the_environment(table: str, blank_database: str) -> None:
    create(blank_database, "elsewhere")
    insert(blank_database, 1, "Premium Plan", schema="elsewhere")
    environment = {"DATABASE_URL": blank_database, "PGSCHEMA": "elsewhere"}
    done = CliRunner().invoke(enterprises_command, [], env=environment)
    assert done.exit_code == 0, done.output
    assert "1 found, 1 created" in done.output


@pytest.mark.parametrize("number", [Decimal("Infinity"), Decimal("NaN"), Decimal("0.5"), "7", None])
def test_what_is_no_whole_number(number: object) -> None:
    assert _why_bad(number, "name") == "enterprise_id is no whole number"


def test_a_name_that_could_not_be_decoded() -> None:
    assert _why_bad(1, Unreadable("bytes")) is not None
    assert _why_bad(Decimal(1), None) is None
