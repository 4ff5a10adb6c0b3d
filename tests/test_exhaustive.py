"""Tests that are marked exhaustive: `--quick` leaves them out and counts them, in one process and in many."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.programs import environment
from tools.paths import ROOT

TESTS = """
import pytest

@pytest.mark.exhaustive
@pytest.mark.parametrize("number", range(3))
def test_long(number):
    pass

def test_short():
    pass
"""


@pytest.mark.exhaustive
@pytest.mark.parametrize("processes", [["-p", "no:xdist"], ["-n", "2"]])
def test_the_marked_tests_are_left_out_and_counted_on_request(tmp_path: Path, processes: list[str]) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)

    def said(*options: str) -> str:
        command = [sys.executable, "-m", "pytest", "-p", "tests.support.exhaustive", *processes, *options]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environment({"PYTHONPATH": str(ROOT)}),
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    quick = said("--quick")
    assert "1 passed" in quick
    assert "Left for `make test-all`, which CI runs: 3 exhaustive tests." in quick
    whole = said()
    assert "4 passed" in whole
    assert "Left for" not in whole
