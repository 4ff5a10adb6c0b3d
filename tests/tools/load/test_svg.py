"""Charts are drawn to scale: equal steps, or powers of ten."""

from xml.etree import ElementTree as ET

import pytest

from tools.load.svg import Chart, Line, draw, nice_step


def drawn(points: list[tuple[float, float]], *, logarithmic: bool) -> tuple[list[list[float]], list[str]]:
    """The places of one line's points, and all texts."""
    chart = Chart("title", "x", [Line("a line", points)], logarithmic=logarithmic)
    picture = ET.fromstring(draw([chart], "whole"))  # noqa: S314 - written by this test
    (line,) = (each for each in picture.iter() if each.tag.endswith("polyline"))
    places = [[float(number) for number in place.split(",")] for place in line.attrib["points"].split()]
    return places, [each.text or "" for each in picture.iter() if each.tag.endswith("text")]


def test_powers_of_ten_lie_at_equal_distances_and_are_named() -> None:
    places, texts = drawn([(10, 1), (100, 10), (1000, 100)], logarithmic=True)
    (x1, y1), (x2, y2), (x3, y3) = places
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y2 - y1 == pytest.approx(y3 - y2, abs=0.2)
    assert y1 > y2
    assert {"1", "10", "100", "1,000"} <= set(texts)


def test_one_value_has_a_power_above_and_below() -> None:
    places, texts = drawn([(50, 0.5)], logarithmic=True)
    assert {"10", "100", "0.1", "1"} <= set(texts)
    assert 70 < places[0][0] < 840


def test_equal_steps_begin_at_zero() -> None:
    places, texts = drawn([(0, 0), (5, 5), (10, 10)], logarithmic=False)
    assert places[1][0] - places[0][0] == pytest.approx(places[2][0] - places[1][0], abs=0.2)
    assert "0" in texts


@pytest.mark.parametrize(("most", "step"), [(1, 0.2), (9, 2), (47, 10), (1001, 500)])
def test_steps_are_round(most: float, step: float) -> None:
    assert nice_step(most) == pytest.approx(step)
