"""Searches read the texts that changed, once, and show what matches best first unless an order is named."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from catalog.index import freshness, searching
from catalog.index.catalogue import Catalogue
from catalog.index.searching import found_by
from catalog.product_filters import Filters
from common.dynamodb import Item, Key, batch_get, batch_write, meter
from common.repositories.catalogue_changes import DOCUMENT_MARK, mark_keys
from common.repositories.products import Product, document_item, listing_item
from tests.catalog.builders import new_product, ok, row, store
from tests.catalog.index.works import marked_row
from tests.support.http import Client

EVERYBODY = ("published",)


def _search(text: str) -> set[int]:
    found = found_by(freshness.current(), Filters(EVERYBODY, search=text))
    return set(frozenset[int]().union(*found))


def _calls(text: str) -> int:
    with meter() as usage:
        _search(text)
    # One of them asks what changed.
    return usage.calls - 1


def test_texts_are_read_once_and_again_only_where_the_document_changed(admin: Client) -> None:
    products = [
        new_product(admin, title=f"Heron {n}", variants=[{"sku": f"S{n}", "name": "S"}]) for n in "ab"
    ]
    assert _search("heron") == {product["id"] for product in products}
    assert _calls("heron") == 0
    changed = products[0]
    ok(admin.patch(f"/api/variants/{changed['variants'][0]['id']}/stock", json={"quantity": 3}))
    assert _calls("heron") == 0
    ok(admin.put(f"/api/products/{changed['id']}", json={"title": "Kingfisher"}))
    assert _calls("kingfisher") == 1
    assert _search("kingfisher") == {changed["id"]}
    assert _search("heron") == {products[1]["id"]}
    ok(admin.delete(f"/api/products/{changed['id']}"))
    assert _calls("kingfisher") == 0
    assert _search("kingfisher") == set()


def _rows(product: Product, mark: str) -> list[Item]:
    told = {DOCUMENT_MARK: mark}
    return [document_item(product) | told, listing_item(product) | told | mark_keys(mark)]


OLD, NEW = "2026-03-01T10:00:00.000Z#0000000000aa", "2026-03-01T10:00:01.000Z#0000000000bb"


def test_a_document_that_is_older_than_its_row_is_read_again_consistently(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = row(1, title="Heron"), row(1, title="Kingfisher")
    assert not batch_write(_rows(after, NEW)).failed
    asked = []

    def late(keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Any]:
        asked.append(consistent)
        found = batch_get(keys, consistent=consistent)
        return found if consistent else {key: _rows(before, OLD)[0] for key in found}

    monkeypatch.setattr(searching, "batch_get", late)
    assert _search("kingfisher") == {1}
    assert asked == [False, True]
    assert _search("kingfisher") == {1}
    assert asked == [False, True]


def test_a_document_that_is_newer_than_its_row_is_searched_and_read_once_more(table: str) -> None:
    newer, older = _rows(row(1, title="Kingfisher"), NEW), _rows(row(1, title="Heron"), OLD)
    assert not batch_write([newer[0], older[1]]).failed
    assert _search("kingfisher") == {1}
    assert _calls("kingfisher") == 2
    assert not batch_write([newer[1]]).failed
    freshness.current().apply([newer[1]])
    assert _search("kingfisher") == {1}
    assert _calls("kingfisher") == 0


def test_texts_that_another_release_wrote_are_read_anew() -> None:
    catalogue = Catalogue([marked_row(row(1), 1)], texts=b"of another release")
    assert [unread.id for unread in catalogue.unread()] == [1]


def _ids(client: Client, **query: str) -> list[int]:
    return [product["id"] for product in ok(client.get("/api/products", params=query))["products"]]


@pytest.fixture
def herons(table: str) -> list[Product]:
    """What is called so, what is not, and what tells of one; each younger than the one before."""
    return store(
        [
            row(1, title="Heron"),
            row(2, title="A lake", long_description="With a heron"),
            row(3, title="Heron at night", base_price=1),
            row(4, title="A boat"),
            row(5, title="The sea", short_description="No heron here"),
        ]
    )


def test_what_matches_best_comes_first_and_then_the_newest(herons: list[Product], visitor: Client) -> None:
    assert _ids(visitor, search="heron") == [3, 1, 5, 2]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"sort_by": "created_at"}, [5, 3, 2, 1]),
        ({"sort_order": "ASC"}, [1, 2, 3, 5]),
        ({"sort_by": "title"}, [2, 1, 3, 5]),
        ({"sort_by": "popularity"}, [3, 1, 5, 2]),
    ],
    ids=str,
)
def test_an_order_that_is_named_is_obeyed(
    herons: list[Product], visitor: Client, order: dict[str, str], expected: list[int]
) -> None:
    assert _ids(visitor, search="heron", **order) == expected


@pytest.mark.parametrize("size", ["1", "2", "3"])
def test_pages_of_a_search_go_on_where_the_last_one_ended(
    herons: list[Product], visitor: Client, size: str
) -> None:
    shown, query = [], {"search": "heron", "limit": size}
    while True:
        body = ok(visitor.get("/api/products", params=query))
        assert body["total"] == 4
        shown += [product["id"] for product in body["products"]]
        if "lastEvaluatedKey" not in body:
            break
        query["last_key"] = body["lastEvaluatedKey"]
    assert shown == [3, 1, 5, 2]


def test_threads_choose_whole_pages_while_others_change_the_catalogue() -> None:
    catalogue = Catalogue(marked_row(row(number), 1) for number in range(1, 101))
    filters = Filters(EVERYBODY, sort_by="title", descending=False)

    def visit(turn: int) -> None:
        if turn % 3 == 0:
            product = row(turn % 100 + 1, title=f"Row {turn:05d}", deleted_at="t" if turn % 2 else None)
            catalogue.apply([marked_row(product, turn + 2)])
            return
        page = catalogue.select(filters, 100)
        titles = [shown.title for shown in page.rows]
        assert titles == sorted(titles)
        assert len({shown.id for shown in page.rows}) == page.total == len(page.rows)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(600)))
    assert catalogue.version == Catalogue(_items(catalogue)).version


def _items(catalogue: Catalogue) -> list[Item]:
    """Rows of the same products with the same marks."""
    return [
        listing_item(row(held.id, title=held.title)) | mark_keys(held.mark or "") for held in catalogue.rows()
    ]
