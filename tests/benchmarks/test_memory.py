"""What memory makes of processor time."""

import os
import subprocess
import sys

import pytest

from benchmarks.cpu_share import GROUPS, limited_to, share_of
from benchmarks.memory import CALLS, Run, choose, report

SPEND = "import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass\n"


def run_of(cold: float, first: float, warm: float) -> Run:
    """A run whose warm requests all took the same."""
    used = [cold, first, *[first] * (len(CALLS) - 1), *[warm] * 9]
    return Run(used, used, 50)


def test_a_share_follows_the_memory_up_to_one_processor() -> None:
    assert share_of(1769) == share_of(3008) == 1
    assert share_of(512) == pytest.approx(0.289, abs=0.001)


def test_the_first_request_belongs_to_the_start_and_to_no_warm_one() -> None:
    run = run_of(0.3, 0.1, 0.004)
    assert run.cold == pytest.approx(0.4)
    assert run.warm == pytest.approx(0.004)


def test_less_memory_waits_longer_and_what_waits_for_the_table_is_billed_too() -> None:
    small, large = choose(0.4, 0.004, 512), choose(0.4, 0.004, 1769)
    assert small.cold > 3 * large.cold
    assert large.warm > 0.004
    assert large.gb_seconds(1000, 0) == pytest.approx(1000 * large.warm * 1769 / 1024)
    assert small.gb_seconds(1000, 1000) == pytest.approx(1000 * small.cold * 512 / 1024)


def test_the_report_has_a_row_for_each_size_and_a_dash_for_what_was_not_measured() -> None:
    text = report([run_of(0.3, 0.1, 0.004)], {512: run_of(1.2, 0.4, 0.1)}, 365_000, 7_300)
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert [row.split(" | ")[4] for row in rows] == ["–", "1600", "–", "–"]
    assert "400 ms of processor time" in text


def test_a_process_is_limited_where_the_machine_allows_it_and_no_group_stays() -> None:
    with limited_to(0.2) as group:
        if group is None:
            assert not os.access(GROUPS, os.W_OK)
            return
        script = f"import os\nopen({str(group)!r}, 'w').write(str(os.getpid()))\n{SPEND}"
        timed = f"import time\nbegan = time.monotonic()\n{script}print(time.monotonic() - began)"
        took = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
        assert float(took.stdout) > 0.3
    assert not (GROUPS / f"artshop-{os.getpid()}").exists()
