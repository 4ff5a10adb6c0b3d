"""The replayed Lambdas make the trips that they made, and answer the same goods as this shop."""

import os
from collections.abc import Iterator
from decimal import Decimal

import pytest

from app import app
from benchmarks.baseline import Replaced
from benchmarks.calls import CALLS, SMALL, Call
from benchmarks.measure import Bench, Comparison

pytestmark = pytest.mark.exhaustive

BY_NAME = {call.name: call for call in CALLS}
PRODUCT_PAGE = BY_NAME["product page by slug"]
NEWEST = BY_NAME["20 products, newest first"]


@pytest.fixture
def bench(table: str) -> Iterator[Bench]:
    opened = Bench(app, SMALL)
    opened.open()
    yield opened
    opened.close()


def compare(bench: Bench, call: Call) -> Comparison:
    return bench.compare(call, requests=1)


def test_a_list_of_20_takes_61_trips_where_this_shop_takes_two(bench: Bench) -> None:
    found = compare(bench, NEWEST)
    assert found.replaced is not None
    assert (found.replaced.trips, found.replaced.rows) == (61, 20)
    assert (found.ours.trips, found.ours.rows, found.ours.total) == (2, 20, SMALL)


def test_a_product_page_takes_four_trips_where_this_shop_takes_one(bench: Bench) -> None:
    found = compare(bench, PRODUCT_PAGE)
    assert found.replaced is not None
    assert (found.replaced.trips, found.ours.trips) == (4, 1)


@pytest.mark.parametrize("name", ["personaggi", "fumetti", "categories"])
def test_short_lists_take_one_trip_on_both_sides(bench: Bench, name: str) -> None:
    found = compare(bench, BY_NAME[name])
    assert found.replaced is not None
    assert (found.replaced.trips, found.ours.trips) == (1, 1)
    assert found.ours.rows >= found.replaced.rows > 0


def test_both_sides_answer_the_same_product_with_all_its_parts(bench: Bench) -> None:
    slug = bench.shop.products[7].slug
    product = bench.reads.product(slug)
    assert product is not None
    assert product["id"] == bench.shop.products[7].id
    assert [image["position"] for image in product["images"]] == [0, 1, 2]
    assert {variant["name"] for variant in product["variants"]} == {"A4", "A3", "50x70"}
    assert len(product["categories"]) == 2


def test_both_sides_are_billed_for_what_they_read(bench: Bench) -> None:
    found = compare(bench, PRODUCT_PAGE)
    assert found.replaced is not None
    assert found.ours.read > 0
    assert found.replaced.read > 0
    assert found.ours.write == 0


def test_an_unknown_slug_is_no_product(bench: Bench) -> None:
    assert bench.reads.product("nothing-of-the-kind") is None


def test_a_text_is_sought_in_the_first_rows_only(bench: Bench) -> None:
    call = BY_NAME["20 products by free text"]
    found = compare(bench, call)
    assert found.replaced is not None
    assert found.ours.rows > found.replaced.rows


def test_reads_start_at_no_cost() -> None:
    reads = Replaced(os.environ.get("DYNAMODB_ENDPOINT"), "Nothing")
    assert (reads.trips, reads.read) == (0, Decimal(0))
