"""What is read off an import trace, and that a cold import of a domain can be measured."""

import pytest

from benchmarks.startup import BUDGET_NS, Startup, measure_startup, read_trace

TRACE = """\
import time:       900 |        900 | boto3
-- what Lambda's runtime brings ends here --
import time: self [us] | cumulative | imported package
import time:       120 |        120 |   common.errors
import time:        80 |        200 | app
a warning: of | something | else
"""


def test_a_trace_counts_from_the_mark_on_in_nanoseconds() -> None:
    assert read_trace(TRACE.splitlines()) == {"common.errors": 120_000, "app": 80_000}


def test_a_trace_without_a_mark_is_empty() -> None:
    assert read_trace(TRACE.splitlines()[:1]) == {}


@pytest.mark.parametrize(("added", "holds"), [(BUDGET_NS, True), (BUDGET_NS + 1, False)])
def test_the_budget_is_an_inclusive_limit(added: int, holds: bool) -> None:
    assert Startup("shop", 1, added, added, (), ()).holds is holds


@pytest.mark.exhaustive
def test_a_cold_import_names_our_dearest_modules_and_leaves_the_other_domains_out() -> None:
    (found,) = measure_startup(["shop"], runs=1)
    names = [name for name, _ in found.modules]
    assert found.domain == "shop"
    assert found.base > 0
    assert 0 < found.quickest <= found.added
    assert len(names) == 5
    assert {name.partition(".")[0] for name in names} <= {"app", "common", "shop"}
