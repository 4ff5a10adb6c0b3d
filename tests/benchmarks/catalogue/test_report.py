"""The section on catalogues has each figure in its place, says which demands hold, and draws the rest."""

from xml.etree import ElementTree as ET

import pytest

from benchmarks.catalogue.report import picture, render_catalogue
from tests.benchmarks.catalogue.samples import sample

LIMITS = "trips ≤ 2, read ≤ 12"


def lines(slow: int = 1) -> list[str]:
    return render_catalogue(sample(slow=slow), 300, "Python", "an engine").splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "### 100,000 products",
        f"| of a category | 20 of 1,234 | 1 | 0.5 | {LIMITS} | yes | 2 | 50.0 |",
        "| of a category | 10.00 | 10.00 | 5.00 | 260.00 | 260.00 | 130.00 | 4 | 0.038 | 0.038 | 0.038 |",
        "| suggestions | 10.00 | 10.00 | 5.00 | – | – | – | – | – | – | – |",
        "| of a category | 1.00 (1.00) | 1.00 (1.00) | 1.00 (1.00) | 1.00 (1.00) |",
        "| any call of 10,000, to 50 | newest first | 1.00 | 1.00 | ≤ 1.5 | yes |",
        "| a search of 1,000, to reading the whole | search: one letter | 0.038 | 0.038 | ≤ 0.1 | yes |",
        "| 1,000 | a filter | 2 | 6.5 | 900 | 500 | 200 | 0 | 60 |",
        "| 10,000 | by the index | 70 | 75 | 2.50 | 3 |",
    ],
)
def test_each_figure_is_in_its_place(line: str) -> None:
    assert line in lines()


def test_a_demand_that_does_not_hold_is_said_with_the_dearest_call() -> None:
    assert "| any call of 10,000, to 50 | newest first | 2.00 | 2.00 | ≤ 1.5 | **no** |" in lines(slow=2)


def test_demands_on_sizes_that_were_not_measured_are_left_out() -> None:
    small = render_catalogue(sample(sizes=(50, 1_000)), 300, "Python", "an engine")
    assert "of 10,000" not in small
    assert "a search of 1,000, to reading the whole" in small


def test_the_picture_draws_both_ways_over_all_sizes() -> None:
    drawn = ET.fromstring(picture(sample()))  # noqa: S314 - written by this test
    lines = [each for each in drawn.iter() if each.tag.endswith("polyline")]
    assert len(lines) == 3 * 4
    assert {len(line.attrib["points"].split()) for line in lines} == {4}
