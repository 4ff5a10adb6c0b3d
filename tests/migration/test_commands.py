"""`artshop migrate` from the outside: help, what it says, its reports and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from common.dynamodb import put_item
from tests.migration.moves import MEDIA_BASE, Move, table_items
from tests.support.awkward_data import insert
from tools.cli import cli

COMMANDS = ["plan", "run", "verify", "rollback", "media", "enterprises", "creators", "syncstate"]

Migrate = Callable[..., Result]


@pytest.fixture
def migrate() -> Migrate:
    """Runs `artshop migrate` with these words; `text` is typed."""

    def run(*words: str, text: str = "") -> Result:
        return CliRunner().invoke(cli, ["migrate", *words], input=text)

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(migrate: Migrate, command: str) -> None:
    answer = migrate(command, "--help")
    assert answer.exit_code == 0
    assert f"artshop migrate {command}" in answer.output


def test_the_group_names_its_commands(migrate: Migrate) -> None:
    answer = migrate("--help")
    assert all(command in answer.output for command in COMMANDS)


def test_a_whole_move(migrate: Migrate, move: Move, tmp_path: Path) -> None:
    source = ("--source", move.url, "--workers", "1")
    plan = migrate("plan", "--source", move.url, "--report", str(tmp_path))
    assert plan.exit_code == 0, plan.output
    rehearsal = migrate("run", *source, "--dry-run")
    assert (rehearsal.exit_code, table_items(is_own=bool)) == (0, [])
    assert "nothing was written" in rehearsal.output
    run = migrate("run", *source, "--media-base", f"{MEDIA_BASE}/", "--report", str(tmp_path))
    assert run.exit_code == 0, run.output
    verified = migrate("verify", *source, "--report", str(tmp_path))
    assert verified.exit_code == 0, verified.output
    assert "no difference" in verified.output
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "plan.json", "plan.md", "run.json", "run.md", "verify.json", "verify.md",
    ]  # fmt: skip
    found = json.loads((tmp_path / "verify.json").read_text(encoding="utf-8"))
    assert (found["passed"], found["differences"], found["records"]["orders"]) == (True, 0, 8)


def test_differences_end_with_1_and_are_shown(migrate: Migrate, move: Move) -> None:
    move.run()
    insert(move.url, "categories", {"id": 90, "name": "Late", "slug": "late"})
    answer = migrate("verify", "--source", move.url, "--workers", "1")
    assert answer.exit_code == 1
    assert "| categories | 90 | categories | record | is there | is missing |" in answer.output


def test_conflicts_end_with_1_and_are_shown(migrate: Migrate, move: Move) -> None:
    insert(move.url, "discount_codes", {"id": 90, "code": "welcome10", "type": "fixed", "value": "1.00"})
    answer = migrate("run", "--source", move.url, "--workers", "1")
    assert answer.exit_code == 1
    assert "1: names that two rows of the source claim" in answer.output
    assert "DISCOUNT#90" in answer.output


def test_bad_rows_end_with_1_before_anything_is_written(migrate: Migrate, move: Move) -> None:
    move.sql("UPDATE products SET long_description = repeat('x', 500000) WHERE id = 5")
    answer = migrate("run", "--source", move.url)
    assert answer.exit_code == 1
    assert "1: rows that cannot be moved" in answer.output
    assert table_items() == []


def test_the_source_can_come_from_the_environment(
    migrate: Migrate, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", move.url)
    assert migrate("run", "--dry-run", "--table", "carts").exit_code == 0


def test_without_a_source_it_is_a_usage_error(migrate: Migrate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for command in ("plan", "run", "verify", "rollback"):
        answer = migrate(command)
        assert answer.exit_code == 2
        assert "--source" in answer.output


def test_an_unknown_table_is_a_usage_error_that_names_those_there_are(migrate: Migrate, move: Move) -> None:
    answer = migrate("run", "--source", move.url, "--table", "things")
    assert answer.exit_code == 2
    assert "things: there are audit_logs, cart_items, carts" in answer.output


def test_an_unreachable_database_is_one_sentence(migrate: Migrate, table: str) -> None:
    answer = migrate("run", "--source", "postgresql://shop@127.0.0.1:1/shop")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: PostgreSQL cannot be reached")
    assert "Traceback" not in answer.output


def test_a_missing_table_is_one_sentence(
    migrate: Migrate, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "nowhere")
    answer = migrate("run", "--source", move.url)
    assert answer.exit_code == 1
    assert "did not do it" in answer.output
    assert "Traceback" not in answer.output


def _rename(move: Move) -> None:
    move.run()
    (item,) = (it for it in table_items() if (it["PK"], it["SK"]) == ("FUMETTO#2", "METADATA"))
    put_item({**item, "title": "Renamed"})


def test_going_back_asks_for_the_name_of_the_database(migrate: Migrate, move: Move) -> None:
    _rename(move)
    words = ("rollback", "--source", move.url, "--workers", "1")
    refused = migrate(*words, text="another\n")
    assert refused.exit_code == 1
    assert "nothing was changed" in refused.output
    assert move.sql("SELECT title FROM fumetti WHERE id = 2") == [("Secondo",)]
    name = move.url.rpartition("/")[2]
    assert migrate(*words, text=f"{name}\n").exit_code == 0
    assert move.sql("SELECT title FROM fumetti WHERE id = 2") == [("Renamed",)]
    again = migrate(*words)
    assert "are the same; nothing was written" in again.output


def test_a_rehearsal_of_going_back_changes_nothing(migrate: Migrate, move: Move, tmp_path: Path) -> None:
    _rename(move)
    words = ("rollback", "--source", move.url, "--dry-run", "--report", str(tmp_path))
    assert migrate(*words).exit_code == 0
    assert "| update | fumetti | 2 | title |" in (tmp_path / "rollback.md").read_text(encoding="utf-8")
    assert move.sql("SELECT title FROM fumetti WHERE id = 2") == [("Secondo",)]


def test_going_back_over_changes_of_postgresql_has_to_be_forced(migrate: Migrate, move: Move) -> None:
    _rename(move)
    move.sql("UPDATE fumetti SET description = 'x', updated_at = '2100-01-01' WHERE id = 2")
    words = ("rollback", "--source", move.url, "--yes", "--workers", "1")
    refused = migrate(*words)
    assert refused.exit_code == 1
    assert "give --force to replace them too" in refused.output
    assert migrate(*words, "--force").exit_code == 0
    assert move.sql("SELECT title, description FROM fumetti WHERE id = 2") == [("Renamed", None)]


def test_a_dump_cannot_be_written_to(migrate: Migrate, move: Move, tmp_path: Path) -> None:
    dump = tmp_path / "dump.sql"
    dump.write_text("SELECT 1;\n", encoding="utf-8")
    assert migrate("rollback", "--source", str(dump), "--yes").exit_code == 1


def test_emptying_asks_for_the_name_of_the_table(migrate: Migrate, move: Move, table: str) -> None:
    move.run()
    refused = migrate("rollback", "--empty-table", "--workers", "1", text="other\n")
    assert refused.exit_code == 1
    assert table_items() != []
    done = migrate("rollback", "--empty-table", "--workers", "1", text=f"{table}\n")
    assert done.exit_code == 0, done.output
    assert f"rows of {table} deleted; the table is empty." in done.output
    assert table_items(is_own=bool) == []
    assert move.run().passed
