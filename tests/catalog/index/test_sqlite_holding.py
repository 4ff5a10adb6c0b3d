"""The catalogue in a SQLite file, held against the one in memory: the same pages, totals and versions."""

import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.index import sqlite_file
from catalog.index.catalogue import Catalogue
from catalog.index.holding import Found, Position
from catalog.index.packed_documents import pack
from catalog.index.snapshot_file import Snapshot
from catalog.index.sqlite_holding import SqliteCatalogue
from catalog.index.sqlite_schema import is_possible, price_key
from catalog.index.stored_documents import encode
from catalog.product_filters import Filters, sort_text
from common.collation import folded
from common.dynamodb import Item
from common.repositories.catalogue_changes import DOCUMENT_MARK
from common.repositories.listings import product_of_listing
from common.repositories.products import Product, document_item
from tests.catalog.builders import row
from tests.catalog.index.works import AFTER, FILTERS, marked_row, works


def holding(items: Iterable[Item], documents: Mapping[int, Item] | None = None) -> SqliteCatalogue:
    """What a process holds of a file that the job made of these rows, one for each product."""
    rows = list({item["PK"]: item for item in items if "GSI2SK" in item}.values())
    packed = pack((number, encode(document)) for number, document in (documents or {}).items())
    data = sqlite_file.packed(Snapshot(None, datetime.now(UTC), rows, packed))
    return SqliteCatalogue(sqlite_file.opened(data))


def live(items: Iterable[Item]) -> list[Item]:
    """The last row of each product that is not deleted."""
    return [item for item in {item["PK"]: item for item in items}.values() if "GSI2SK" in item]


@given(st.lists(works(), max_size=25), st.lists(FILTERS, min_size=1, max_size=6), st.integers(0, 25))
@settings(max_examples=30)
def test_it_answers_every_list_as_the_one_in_memory_does(
    products: list[Product], lists: list[Filters], brought: int
) -> None:
    items = [marked_row(product, number) for number, product in enumerate(products)]
    in_memory, in_file = Catalogue(live(items[:brought])), holding(live(items[:brought]))
    for item in items[brought:]:
        in_memory.apply([item])
        in_file.apply([item])
    assert in_file.version == in_memory.version
    assert sorted(in_file.rows()) == sorted(in_memory.rows())
    for filters in lists:
        alike(in_memory, in_file, filters)


def alike(
    in_memory: Catalogue, in_file: SqliteCatalogue, filters: Filters, found: Found | None = None
) -> None:
    assert set(in_file.matching(filters, found)) == set(in_memory.matching(filters, found))
    for skip in (0, 2, 30, 10**30):
        page = in_file.select(filters, 3, skip=skip, found=found)
        assert page == in_memory.select(filters, 3, skip=skip, found=found)
    every = in_memory.select(filters, 50, found=found)
    for number, last in enumerate(every.rows):
        rank = every.ranks[number] if every.ranks else 0
        after = Position(sort_text(last, filters.sort_by), last.id, rank)
        page = in_file.select(filters, 3, after=after, found=found)
        assert page == in_memory.select(filters, 3, after=after, found=found)


@given(
    st.lists(works(), max_size=20),
    FILTERS,
    st.lists(st.sets(st.integers(1, 14), max_size=6), max_size=4),
    st.booleans(),
)
@settings(max_examples=20)
def test_what_was_found_is_ranked_as_in_memory(
    products: list[Product], filters: Filters, found: list[set[int]], best: bool
) -> None:
    items = live(marked_row(product, number) for number, product in enumerate(products))
    seen: set[int] = set()
    disjoint = []
    for ids in found:
        disjoint.append(frozenset(ids - seen))
        seen |= ids
    asked = replace(filters, search="x", best_first=best)
    alike(Catalogue(items), holding(items), asked, disjoint)


@given(st.lists(st.decimals(allow_nan=False, places=4) | st.sampled_from([Decimal("Infinity"), Decimal(0)])))
def test_prices_sort_by_their_keys(prices: list[Decimal]) -> None:
    by_key = sorted(prices, key=price_key)
    assert by_key == sorted(prices)
    assert all((price_key(one) == price_key(other)) == (one == other) for one in prices for other in prices)


TEXTS = st.text("abé ß.,-'x\0", max_size=12) | st.sampled_from(
    [
        "Il faro nella città",
        "Lighthouse, at night",
        "L'arte — 50x70",
        "straße",
        "STRASSE 12",
        '"quoted" texts',
    ]
)


@st.composite
def said(draw: st.DrawFn) -> Product:
    return row(
        draw(st.integers(1, 8)),
        title=draw(TEXTS),
        short_description=draw(TEXTS),
        long_description=draw(TEXTS),
        sku=draw(st.sampled_from([None, "ART-7", "fa"])),
        character_value=draw(st.sampled_from([None, "Leon il Camaleonte"])),
    )


QUERIES = TEXTS | st.sampled_from(
    ["a", "fa", "città faro", "faro citta", "night light", "ART-7", "leon", "\u0301", "."]
)


@given(st.lists(said(), max_size=8), st.lists(QUERIES.filter(bool), min_size=1, max_size=5), st.booleans())
@settings(max_examples=40)
def test_a_search_finds_what_looking_through_the_texts_finds(
    products: list[Product], queries: list[str], is_artist: bool
) -> None:
    shop = {product.id: product for product in products}
    in_file = holding(
        (marked_row(product, number) for number, product in enumerate(shop.values())),
        {number: document_item(product) for number, product in shop.items()},
    )
    for query in queries:
        tiers = in_file.find(Filters(("published",), sees_held_back=is_artist, search=query))
        found = frozenset().union(*tiers)
        assert sum(map(len, tiers)) == len(found)
        assert {number for number, product in shop.items() if has(product, query.replace("\0", " "))} <= found
        if not is_artist and query == "ART-7":
            assert found <= {number for number, product in shop.items() if has(product, "art")}


def has(product: Product, query: str) -> bool:
    """Whether one of its texts has the query as it is."""
    texts = (product.title, product.short_description, product.long_description)
    return any(folded(query) in folded((text or "").replace("\0", " ")) for text in texts)


def found(in_file: SqliteCatalogue, query: str, *, is_artist: bool = False) -> list[list[int]]:
    """The ids that a search finds, those that match best first."""
    tiers = in_file.find(Filters(("published",), sees_held_back=is_artist, search=query))
    return [sorted(ids) for ids in tiers if ids]


def shop_of(*products: Product) -> SqliteCatalogue:
    return holding(
        (marked_row(product, number) for number, product in enumerate(products)),
        {product.id: document_item(product) for product in products},
    )


def test_the_best_come_first() -> None:
    in_file = shop_of(
        row(1, title="Works", long_description="Of a lighthouse at night, and of a cat"),
        row(2, title="Night at the lighthouse"),
        row(3, title="The lighthouse at night"),
        row(4, title="Lighthouse", character_value="Night owl"),
        row(5, title="Lighthouse"),
    )
    assert found(in_file, "lighthouse at night") == [[3], [2], [4], [1]]
    assert found(in_file, "ghthou NIGHT") == [[2, 3], [4], [1]]
    assert found(in_file, "n") == [[2, 3], [4], [1]]


def test_the_artist_alone_finds_by_sku() -> None:
    in_file = shop_of(row(1, sku="ART-0007"))
    assert found(in_file, "art-0007") == []
    assert found(in_file, "art-0007", is_artist=True) == [[1]]


def test_a_changed_document_is_unread_until_it_is_read_and_then_found_by_its_new_texts() -> None:
    in_file = shop_of(row(1, title="The lighthouse"), row(2, title="A chameleon"))
    assert in_file.unread() == []
    changed = row(1, title="The harbour")
    in_file.apply([marked_row(changed, 9) | {DOCUMENT_MARK: "m9"}])
    assert [unread.id for unread in in_file.unread()] == [1]
    in_file.read({1: document_item(changed)})
    assert [unread.id for unread in in_file.unread()] == [1]
    in_file.read({1: document_item(changed) | {DOCUMENT_MARK: "m9"}})
    assert in_file.unread() == []
    assert [found(in_file, word) for word in ("lighthouse", "harbour", "chameleon")] == [[], [[1]], [[2]]]


def test_a_deleted_product_is_found_no_more_and_a_new_one_after_it_was_read() -> None:
    in_file = shop_of(row(1, title="The lighthouse"))
    assert found(in_file, "light") == [[1]]
    in_file.apply([marked_row(row(1, deleted_at=AFTER), 8), marked_row(row(2, title="Light"), 9)])
    assert found(in_file, "light") == []
    assert [unread.id for unread in in_file.unread()] == [2]
    in_file.read({2: document_item(row(2, title="Light"))})
    assert found(in_file, "light") == [[2]]
    in_file.read({2: None})
    assert found(in_file, "light") == []


def test_a_change_that_leaves_the_document_as_it_was_leaves_its_texts_read() -> None:
    in_file = shop_of(row(1))
    in_file.apply([marked_row(row(1), 9) | {"stock": {"1": 7}}])
    assert in_file.unread() == []
    held = in_file.row(1)
    assert held is not None
    assert held.stock == {"1": 7}
    assert in_file.row(7) is None


def test_several_threads_may_ask_and_tell_at_once() -> None:
    in_file = shop_of(*(row(number, title=f"Work {number}") for number in range(1, 30)))
    filters = Filters(("published",), sort_by="title", search="work", best_first=True)

    def ask(number: int) -> int:
        in_file.apply([marked_row(row(number + 1, title=f"Work {number}", status="draft"), 100 + number)])
        return in_file.select(filters, 50, found=in_file.find(filters)).total

    with ThreadPoolExecutor(8) as threads:
        totals = list(threads.map(ask, range(20)))
    assert min(totals) == 9
    assert in_file.select(Filters(("draft",)), 50).total == 20


def test_the_file_goes_with_its_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    in_file = shop_of(row(1))
    in_file.apply([marked_row(row(2), 9)])
    assert in_file.select(Filters(("published",)), 9).total == 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_ends_early_or_is_none_is_refused() -> None:
    rows = [marked_row(row(number), number) for number in range(1, 40)]
    data = sqlite_file.packed(Snapshot(None, datetime.now(UTC), rows, {}))
    for damaged in (data[:-100], b"", b"rubbish", zlib.compress(b"rubbish" * 1000)):
        with pytest.raises((zlib.error, sqlite3.Error)):
            SqliteCatalogue(sqlite_file.opened(damaged))


def test_a_sqlite_without_trigrams_is_not_asked() -> None:
    assert is_possible()
    with patch.object(sqlite3, "sqlite_version_info", (3, 7, 17)):
        assert not is_possible()
    with patch.object(sqlite3, "connect", WithoutFts5):
        assert not is_possible()


class WithoutFts5:
    """A connection of a SQLite that was built without FTS5."""

    def __init__(self, _name: str) -> None:
        self.is_closed = False

    def execute(self, _asked: str) -> None:
        raise sqlite3.OperationalError("no such module: fts5")

    def close(self) -> None:
        self.is_closed = True


def test_every_product_of_the_file_is_one_of_the_rows() -> None:
    items = [marked_row(row(number), number) for number in range(1, 6)]
    assert sorted(held.id for held in holding(items).rows([1, 5, 9])) == [1, 5]
    assert {product_of_listing(item) for item in items} == {held.id for held in holding(items).rows()}
