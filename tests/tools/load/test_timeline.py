"""A load second by second, as figures and as a picture."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tools.load.books import Books
from tools.load.picture import picture
from tools.load.settings import Settings
from tools.load.svg import Chart, Line, draw, nice_step
from tools.load.timeline import Second, Timeline, read_seconds, write_seconds
from tools.load.visitor import Mix

SVG = "{http://www.w3.org/2000/svg}"


def timeline() -> Timeline:
    found = Timeline()
    for ended, milliseconds, failed in ((0.1, 10, False), (0.9, 30, True), (2.5, 20, False)):
        found.note(ended, milliseconds, failed=failed)
    return found


def test_every_second_has_a_line_the_silent_one_too(tmp_path: Path) -> None:
    expected = [Second(0, 2, 1, 10, 30), Second(1, 0, 0, 0, 0), Second(2, 1, 0, 20, 20)]
    assert timeline().seconds() == expected
    write_seconds(tmp_path / "seconds.csv", expected)
    assert read_seconds(tmp_path / "seconds.csv") == expected
    assert read_seconds(tmp_path / "none.csv") == []


def test_the_last_seconds_are_taken_together() -> None:
    assert timeline().recent(2) == Second(2, 1, 0, 20, 20)
    assert timeline().recent(3) == Second(2, 3, 1, 20, 30)
    assert Timeline().recent(5) == Second(0, 0, 0, 0, 0)


def test_the_picture_has_a_line_for_each_figure() -> None:
    root = ET.fromstring(picture(timeline().seconds(), "http://localhost:1 & more"))  # noqa: S314 - our own
    lines = root.findall(f"{SVG}polyline")
    assert len(lines) == 4
    assert all(len(line.attrib["points"].split()) == 3 for line in lines)
    assert any("http://localhost:1 & more" in (text.text or "") for text in root.findall(f"{SVG}text"))


def test_values_lie_between_the_axes() -> None:
    root = ET.fromstring(draw([Chart("c", "x", [Line("a", [(0, 0), (10, 7)], is_limit=True)])], "t"))  # noqa: S314
    places = root.findall(f"{SVG}polyline")[0].attrib["points"].split()
    first, last = ([float(number) for number in place.split(",")] for place in places)
    assert first == [70, 218]
    assert last[0] == 840
    assert 34 < last[1] < 218


@pytest.mark.parametrize(("most", "step"), [(1, 0.2), (7, 2), (10, 2), (3000, 1000), (26, 10), (0.4, 0.1)])
def test_ticks_stand_at_round_values(most: float, step: float) -> None:
    assert nice_step(most) == pytest.approx(step)


def test_books_and_settings_survive_the_way_between_the_processes(tmp_path: Path) -> None:
    books = Books(visits=3)
    books.order("ORD-1", [{"variant_id": 7, "quantity": 2}])
    books.unexpected["GET /: 500"] += 1
    assert Books.from_json(books.to_json()) == books
    settings = Settings("artist", "secret", tmp_path, 0.1, 2, Mix(orders=0.5))
    assert Settings.from_environment(settings.to_environment()) == settings
