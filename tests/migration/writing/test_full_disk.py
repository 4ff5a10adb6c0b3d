"""A folder that takes no files costs neither an hour's work nor what it found."""

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from migration.reports import Report, Section
from tests.migration.moves import MEDIA_BASE, Move, add_orders, table_items
from tools.cli import cli
from tools.errors import ToolError

# As much as is tried before the command begins.
TRIED = 4096
# Enough for what a run keeps of these rows until they are written.
ROOM = 32_000


@contextmanager
def _files_end_at(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes, as on a disk that is full by then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _migrate(*words: str) -> Result:
    return CliRunner().invoke(cli, ["migrate", *words])


def _run(move: Move, folder: Path) -> Result:
    words = ("run", "--source", move.url, "--media-base", MEDIA_BASE, "--workers", "1")
    return _migrate(*words, "--report", str(folder))


@pytest.mark.parametrize("place", ["file", "file/reports", "/proc/reports", "/dev/full/reports"])
def test_a_folder_that_takes_no_files_is_refused_before_anything_is_done(
    move: Move, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    answer = _run(move, tmp_path / place)
    assert answer.exit_code == 2
    assert "Error: Invalid value for '--report'" in answer.output
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert table_items(is_own=bool) == []


def test_a_disk_that_is_full_already_is_seen_before_anything_is_done(move: Move, tmp_path: Path) -> None:
    with _files_end_at(TRIED - 1):
        answer = _run(move, tmp_path)
    assert answer.exit_code == 2
    assert f"No report can be written into {tmp_path}: File too large" in answer.output
    assert table_items(is_own=bool) == []


def test_a_run_that_succeeded_says_so_though_its_report_did_not_fit(move: Move, tmp_path: Path) -> None:
    _widen(move)
    with _files_end_at(ROOM):
        answer = _run(move, tmp_path)
    assert answer.exit_code == 3, answer.output
    assert "| categories | 5 |" in answer.output
    assert f"Error: No report can be written into {tmp_path}: File too large." in answer.output
    assert "Traceback" not in answer.output
    assert list(tmp_path.iterdir()) == []
    assert move.verify().passed


def test_what_a_run_could_not_move_is_told_though_its_report_did_not_fit(move: Move, tmp_path: Path) -> None:
    _widen(move)
    move.sql("UPDATE products SET long_description = repeat('x', 500000) WHERE id = 5")
    with _files_end_at(ROOM):
        answer = _run(move, tmp_path)
    assert answer.exit_code == 1
    assert "| products | 5 |" in answer.output
    assert f"Error: No report can be written into {tmp_path}" in answer.output


def test_a_plan_is_shown_once_though_its_report_did_not_fit(move: Move, tmp_path: Path) -> None:
    with _files_end_at(TRIED):
        answer = _migrate("plan", "--source", move.url, "--report", str(tmp_path))
    assert answer.exit_code == 3
    assert answer.output.count("# What would be moved") == 1


def _widen(move: Move) -> None:
    """Columns that nobody knows make the report of a run long."""
    columns = ", ".join(f"ADD unknown_{number} int" for number in range(600))
    move.sql(f"ALTER TABLE products {columns}")


def test_an_earlier_report_stays_whole_when_the_next_does_not_fit(tmp_path: Path) -> None:
    small = Report("run", "First", passed=True)
    large = Report("run", "x" * TRIED, passed=True, tables=[Section("Rows", ("id",), [(1,)])])
    markdown, data = small.write(tmp_path)
    before = markdown.read_bytes(), data.read_bytes()
    with _files_end_at(TRIED), pytest.raises(ToolError, match="No report can be written into"):
        large.write(tmp_path)
    assert (markdown.read_bytes(), data.read_bytes()) == before
    assert sorted(tmp_path.iterdir()) == [data, markdown]


def test_a_run_whose_temporary_file_does_not_fit_names_the_folder_and_wrote_nothing(
    move: Move, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_orders(move, 1001, 300)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with _files_end_at(TRIED):
        answer = _migrate("run", "--source", move.url, "--workers", "1")
    assert answer.exit_code == 1
    assert f"Error: A temporary file cannot be written in {tmp_path}" in answer.output
    assert "Traceback" not in answer.output
    assert table_items() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["verify", "rollback"])
def test_a_full_folder_for_temporary_files_is_named_with_what_it_has_to_hold(
    move: Move, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    move.run()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dry = ["--dry-run"] if command == "rollback" else []
    with _files_end_at(TRIED):
        answer = _migrate(command, "--source", move.url, "--workers", "1", *dry)
    assert answer.exit_code == 1
    assert f"Error: A temporary file cannot be written, {tmp_path} may be full" in answer.output
    assert "name another folder with TMPDIR" in answer.output
    assert list(tmp_path.iterdir()) == []
    assert _migrate("verify", "--source", move.url, "--workers", "1").exit_code == 0
