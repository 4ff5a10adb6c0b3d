"""The command line: help, exit codes and refusals."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from tools import locks
from tools.cli import cli

COMMANDS = [
    ["run"],
    ["engine"],
    ["reset"],
    ["table", "create"],
    ["table", "describe"],
    ["password-hash"],
    ["package"],
    ["backup", "export"],
    ["backup", "check"],
    ["backup", "restore"],
    ["deploy"],
    ["releases"],
    ["fakes"],
    ["jobs", "list"],
    ["jobs", "run"],
    ["load"],
]


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def test_the_help_names_every_command(runner: CliRunner) -> None:
    answer = runner.invoke(cli, ["--help"])
    assert answer.exit_code == 0
    assert all(command[0] in answer.output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(runner: CliRunner, command: list[str]) -> None:
    answer = runner.invoke(cli, [*command, "--help"])
    assert answer.exit_code == 0
    assert "Example" in answer.output
    assert f"artshop {' '.join(command)}" in answer.output


def test_a_password_on_standard_input_becomes_its_argon2id_hash(runner: CliRunner) -> None:
    answer = runner.invoke(cli, ["password-hash"], input="correct horse\n")
    assert answer.output.startswith("$argon2id$")
    assert PasswordHasher().verify(answer.output.strip(), "correct horse")


def test_an_empty_password_is_refused(runner: CliRunner) -> None:
    answer = runner.invoke(cli, ["password-hash"], input="\n")
    assert answer.exit_code == 1
    assert answer.output == "Error: The password is empty.\n"


def test_what_a_tool_cannot_do_is_said_in_one_sentence(runner: CliRunner) -> None:
    answer = runner.invoke(cli, ["package", "--stage", "moon"])
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: There is no stage 'moon'; there are catalog-prod,")
    assert "Traceback" not in answer.output


def test_reset_asks_first(runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    (tmp_path / "credentials.json").write_text("{}")
    answer = runner.invoke(cli, ["reset"], input="n\n")
    assert answer.exit_code == 1
    assert (tmp_path / "credentials.json").exists()


def test_reset_refuses_while_the_shop_runs(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    (tmp_path / "credentials.json").write_text("{}")
    with locks.acquire(tmp_path / "run.lock"):
        answer = runner.invoke(cli, ["reset", "--yes"])
    assert answer.output == "Error: The shop is running; stop it first.\n"
    assert (tmp_path / "credentials.json").exists()
