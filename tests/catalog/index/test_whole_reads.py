"""Lists from the catalogue of the process, held against lists that read the whole table for each page."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import whole_reads
from catalog.index import freshness
from catalog.listing import ProductPage, list_products
from catalog.product_filters import Filters
from common.dynamodb import Item, Key, batch_write
from common.repositories.catalogue_changes import DOCUMENT_MARK, mark_keys, new_mark
from common.repositories.products import (
    Product,
    document_item,
    document_key,
    listing_item,
    listing_key,
)
from tests.catalog.builders import tally_rows
from tests.catalog.index.works import FILTERS, MOMENTS, MOST_WORKS, works


def _rows(product: Product, mark: str) -> list[Item]:
    """Both rows of a product as one change leaves them."""
    told = {DOCUMENT_MARK: mark}
    return [document_item(product) | told, listing_item(product) | told | mark_keys(mark)]


def _write(products: dict[int, Product], changed: list[Product]) -> None:
    """Writes these products, one after the other, and the tallies of all lists."""
    for product in changed:
        products[product.id] = product
        assert not batch_write(_rows(product, new_mark())).failed
    live = [product for product in products.values() if product.deleted_at is None]
    assert not batch_write(tally_rows(live)).failed


def _empty() -> None:
    """Makes the table and the process as they were before another example."""
    keys = [key for product_id in range(1, MOST_WORKS + 1) for key in _keys(product_id)]
    assert not batch_write(deletes=keys).failed
    freshness.reset()


def _keys(product_id: int) -> tuple[Key, Key]:
    return document_key(product_id), listing_key(product_id)


def _shown(page: ProductPage | whole_reads.ProductPage) -> tuple[list[Product], int, str | None]:
    return page.products, page.total, page.cursor


def _are_equal(filters: Filters, per_page: int) -> None:
    """Every page by number, and every page by cursor, with the same cursors."""
    total = whole_reads.list_products(filters, 1, 1).total
    for number in range(1, total // per_page + 3):
        expected = whole_reads.list_products(filters, number, per_page)
        assert _shown(list_products(filters, number, per_page)) == _shown(expected)
    cursor = whole_reads.list_products(filters, 1, per_page).cursor
    while cursor is not None:
        expected = whole_reads.list_products(filters, 1, per_page, cursor)
        assert _shown(list_products(filters, 1, per_page, cursor)) == _shown(expected)
        cursor = expected.cursor


@pytest.mark.exhaustive
@given(
    st.lists(st.lists(works(), max_size=8), min_size=1, max_size=3),
    st.lists(FILTERS, min_size=1, max_size=3),
    st.integers(3, 7),
)
@settings(max_examples=10)
def test_pages_totals_and_cursors_are_those_of_reading_everything(
    table: str, changes: list[list[Product]], lists: list[Filters], per_page: int
) -> None:
    _empty()
    products: dict[int, Product] = {}
    newest = Filters(("published",))
    for changed in changes:
        _write(products, changed)
        for filters in (*lists, newest, replace(newest, at=MOMENTS[0]), replace(newest, sees_held_back=True)):
            _are_equal(filters, per_page)
