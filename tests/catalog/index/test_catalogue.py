"""The catalogue in memory, held against choosing from all rows anew for each list."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.whole_reads import ordered_rows, start_behind
from catalog.index.catalogue import Catalogue
from catalog.index.holding import Position
from catalog.product_filters import Filters, sort_text
from common.dynamodb import Item
from common.repositories.listings import ListingRow, listing_row
from common.repositories.products import Product, listing_item
from tests.catalog.builders import row
from tests.catalog.index.works import AFTER, FILTERS, marked_row, works


def _live(items: Iterable[Item]) -> list[ListingRow]:
    """What stands in the shop's lists once all of this was written, one after the other."""
    last = {item["PK"]: item for item in items}
    return [listing_row(item) for item in last.values() if "GSI2SK" in item]


@given(st.lists(works(), max_size=40), st.lists(FILTERS, min_size=1, max_size=6), st.integers(0, 40))
def test_it_chooses_what_choosing_from_all_rows_does(
    products: list[Product], lists: list[Filters], brought: int
) -> None:
    items = [marked_row(product, number) for number, product in enumerate(products)]
    catalogue = Catalogue(items[:brought])
    for filters in lists:
        catalogue.select(filters, 1)
    for item in items[brought:]:
        catalogue.apply([item])
    for filters in lists:
        expected = ordered_rows(_live(items), filters)
        _holds(catalogue, filters, expected)


def _holds(catalogue: Catalogue, filters: Filters, expected: Sequence[ListingRow]) -> None:
    assert sorted(catalogue.matching(filters)) == sorted(wanted.id for wanted in expected)
    for skip in range(0, len(expected) + 3, 3):
        page = catalogue.select(filters, 3, skip=skip)
        assert page.rows == expected[skip : skip + 3]
        assert (page.total, page.more) == (len(expected), len(expected) > skip + 3)
    for last in expected:
        text = sort_text(last, filters.sort_by)
        start = start_behind(list(expected), filters, (text, last.id))
        page = catalogue.select(filters, 3, after=Position(text, last.id))
        assert page.rows == expected[start : start + 3]
        assert (page.total, page.more) == (len(expected), len(expected) > start + 3)


@given(st.lists(works(), max_size=20), st.randoms())
def test_processes_that_hold_the_same_have_one_version_however_they_came_by_it(
    products: list[Product], random: Random
) -> None:
    items = [marked_row(product, number) for number, product in enumerate(products)]
    changed, brought = Catalogue(), Catalogue(_last(items))
    versions = {changed.version}
    for item in items:
        changed.apply([item])
        versions.add(changed.version)
    shuffled = _last(items)
    random.shuffle(shuffled)
    brought.apply(shuffled)
    assert brought.version == changed.version == Catalogue(shuffled).version
    assert brought.version in versions


def _last(items: Iterable[Item]) -> list[Item]:
    return list({item["PK"]: item for item in items}.values())


def test_each_change_makes_another_version_and_so_does_another_origin() -> None:
    catalogue = Catalogue([marked_row(row(1), 1)])
    versions = [catalogue.version, Catalogue([marked_row(row(1), 1)], "another").version]
    for number, change in enumerate([row(1), row(1, deleted_at=AFTER), row(1)], start=2):
        catalogue.apply([marked_row(change, number)])
        versions.append(catalogue.version)
    assert len(set(versions)) == len(versions)


def test_a_row_without_a_mark_is_taken_each_time_it_is_read() -> None:
    catalogue = Catalogue([listing_item(row(1, title="As it was"))])
    catalogue.apply([listing_item(row(1, title="As it is"))])
    held = catalogue.row(1)
    assert held is not None
    assert (held.title, held.mark) == ("As it is", None)


def test_what_was_found_is_shown_best_first_where_that_is_asked_for() -> None:
    catalogue = Catalogue([marked_row(row(number), number) for number in range(1, 7)])
    found = [frozenset({2, 99}), frozenset(), frozenset({1, 5, 3})]
    best = Filters(("published",), search="x", best_first=True)
    page = catalogue.select(best, 2, found=found)
    assert ([shown.id for shown in page.rows], page.ranks, page.total, page.more) == ([2, 5], [0, 2], 4, True)
    last = page.rows[-1]
    rest = catalogue.select(best, 5, after=Position(last.created_at, last.id, 2), found=found)
    assert ([shown.id for shown in rest.rows], rest.more) == ([3, 1], False)
    named = catalogue.select(replace(best, best_first=False), 9, found=found)
    assert [shown.id for shown in named.rows] == [5, 3, 2, 1]


@pytest.mark.parametrize("ids", [None, [2, 9, 1]])
def test_rows_are_answered_by_id(ids: list[int] | None) -> None:
    catalogue = Catalogue([marked_row(row(number), number) for number in (1, 2)])
    assert sorted(held.id for held in catalogue.rows(ids)) == [1, 2]
    assert catalogue.row(9) is None
