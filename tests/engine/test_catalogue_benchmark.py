"""The benchmark of catalogues asks real processes on DynamoDB Local, and says what they consumed."""

import os

import pytest

from benchmarks.catalogue.asks import ASKS, SUGGEST
from benchmarks.catalogue.goods import PORTION, fill_catalogue
from benchmarks.catalogue.measure import measure_catalogue
from benchmarks.catalogue.report import picture, render_catalogue
from benchmarks.catalogue.worker import INDEXED, WHOLE
from common.repositories.listings import all_rows, total_of
from common.repositories.products import PUBLISHED

pytestmark = pytest.mark.exhaustive
SIZES = (21, 30)


def test_a_catalogue_of_many_portions_is_written_by_several_processes(table: str) -> None:
    assert fill_catalogue(4 * PORTION - 1) > 0
    assert total_of(PUBLISHED) == len(all_rows(PUBLISHED)) == 4 * PORTION - 1


@pytest.mark.usefixtures("table")
def test_both_ways_answer_the_same_lists_and_are_measured_for_every_size() -> None:
    asks = [ask for ask in ASKS if ask.kind != SUGGEST]
    found = measure_catalogue(lambda _: None, requests=2, sizes=SIZES, asks=asks, starts_of_each=1)
    assert found.figures.keys() == {ask.name for ask in asks}
    for ask in asks:
        figures = found.figures[ask.name]
        assert figures.keys() == {(way, size) for way in (WHOLE, INDEXED) for size in SIZES}
        for size in SIZES:
            ours, whole = figures[INDEXED, size].cost, figures[WHOLE, size].cost
            assert ours.status == whole.status == (304 if ask.again else 200)
            assert (ours.total or 0) >= (whole.total or 0), ask.name
            assert ours.read > 0
            assert len(figures[INDEXED, size].wall) == 2
    assert all(start.memory_mb > 10 for starts in found.starts.values() for start in starts)
    assert "| newest first |" in render_catalogue(found, 2, "Python", os.environ["DYNAMODB_ENDPOINT"])
    assert picture(found).startswith("<svg")
