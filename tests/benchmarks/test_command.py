"""The command measures what it is asked for, and says how to ask."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import __main__ as command
from benchmarks.report import PARTS, Results

OLDER = "# Benchmark results\n\nmeasured earlier\n\n## Package size\n\nweighed earlier\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Which parts were asked for; none of them is measured."""
    parts_asked: list[tuple[str, ...]] = []

    def run(
        requests: int,
        runs: int,
        *,
        packages: bool,
        parts: tuple[str, ...],
        moved_orders: int,
        listings: int,
        catalogue_sizes: tuple[int, ...],
    ) -> Results:
        parts_asked.append(parts)
        return Results("Python", "an engine", requests, runs, {}, [], [], None, parts)

    monkeypatch.setattr(command, "run", run)
    return parts_asked


def test_help_names_the_parts_and_gives_an_example() -> None:
    answer = CliRunner().invoke(command.main, ["--help"])
    assert "python -m benchmarks --only orders\n" in answer.output
    assert all(part in answer.output for part in PARTS)


def test_one_part_alone_is_merged_into_the_report(asked: list[tuple[str, ...]], tmp_path: Path) -> None:
    report = tmp_path / "results.md"
    report.write_text(OLDER, encoding="utf-8")
    arguments = ["--only", "orders", "--requests", "7", "--output", str(report)]
    assert CliRunner().invoke(command.main, arguments).exit_code == 0
    text = report.read_text(encoding="utf-8")
    assert asked == [("orders",)]
    assert "7 timed requests of each call with Python on an engine" in text
    assert "measured earlier" in text
    assert text.endswith("weighed earlier\n")


def test_without_the_option_nothing_of_an_older_report_is_left(
    asked: list[tuple[str, ...]], tmp_path: Path
) -> None:
    report = tmp_path / "results.md"
    report.write_text(OLDER, encoding="utf-8")
    assert CliRunner().invoke(command.main, ["--output", str(report)]).exit_code == 0
    assert asked == [PARTS]
    assert "earlier" not in report.read_text(encoding="utf-8")


def test_an_unknown_part_is_refused_with_those_there_are(asked: list[tuple[str, ...]]) -> None:
    answer = CliRunner().invoke(command.main, ["--only", "everything"])
    assert answer.exit_code == 2
    assert "'orders'" in answer.output
    assert asked == []
