"""Tests of what is shown of chosen rows: what is kept costs no read, and only what is current is kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from catalog.index import documents
from catalog.index.catalogue import Catalogue
from catalog.index.pages import Source, Stretch, View, entries_of_rows, products_of_rows
from common.dynamodb import Item, Key, batch_get, delete_item, meter, put_item
from common.http.responses import encode_json
from common.product_json import product_json
from common.repositories.listings import ListingRow, all_documents, listing_row
from common.repositories.products import Product, document_item, document_key, listing_item
from tests.catalog.builders import believable_row, row

VIEW = View("product", product_json)
A_QUERY = Source()
MARKS = [f"2026-01-01T10:00:00.{number:03d}Z#000000000001" for number in range(5)]


@pytest.fixture(autouse=True)
def _nothing_kept(table: str) -> Iterator[None]:
    documents.reset()
    yield
    documents.reset()


def written(product: Product, mark: str | None = MARKS[0]) -> ListingRow:
    """Writes both rows of a product, as one change with this mark leaves them; what lists know of it then."""
    return listing_row(put_both(product, mark))._replace(mark=mark)


def put_both(product: Product, mark: str | None) -> Item:
    """Writes both rows of a product with this mark; the listing row as it was written."""
    marks = {"document_mark": mark} if mark else {}
    listing = listing_item(product) | marks
    put_item(document_item(product) | marks)
    put_item(listing)
    return listing


def asked(
    rows: Sequence[ListingRow], source: Source = A_QUERY, view: View = VIEW, *, calls: int
) -> tuple[Any, bool]:
    """The entries of these rows, read back from their JSON, after a look at the round trips they cost."""
    with meter() as usage:
        entries = entries_of_rows(rows, view, source)
    assert usage.calls == calls, usage
    assert [entry.id for entry in entries.rows] == [id_of(text) for text in entries.shown]
    return [json_of(text) for text in entries.shown], entries.all_current


def json_of(text: Any) -> str:
    """An entry as it is sent."""
    return encode_json(text)


def id_of(text: Any) -> int:
    """Which product an entry shows."""
    return int(encode_json(text).partition(",")[0].removeprefix('{"id":'))


def test_a_page_is_read_once_and_then_shown_without_a_read() -> None:
    products = [believable_row(number) for number in (3, 1, 2)]
    rows = [written(product) for product in products]
    expected = ([encode_json(product_json(product)) for product in products], True)
    assert asked(rows, calls=1) == expected
    assert asked(rows, calls=0) == expected
    # What was read for a list is there for another, and for whoever wants the products themselves.
    other = View("other", lambda product: {"id": product.id, "title": product.title})
    assert asked(rows, view=other, calls=0)[1]
    with meter() as usage:
        assert products_of_rows(rows, A_QUERY) == (products, True)
    assert usage.calls == 0


def test_stock_is_that_of_the_row_and_costs_no_read() -> None:
    known = written(believable_row(1))
    asked([known], calls=1)
    moved = known._replace(mark=MARKS[1], stock={"10": 7, "11": 0, "12": 0}, stock_moved_at="2026-02-01T")
    (text,), all_current = asked([moved], calls=0)
    assert all_current
    assert '"stock":7' in text
    assert '"updated_at":"2026-02-01T"' in text
    assert asked([known], calls=0)[0] != [text]


def test_a_changed_document_is_read_anew() -> None:
    before = believable_row(1)
    asked([written(before)], calls=1)
    after = written(replace(before, title="Another"), MARKS[1])
    (text,), all_current = asked([after], calls=1)
    assert ('"title":"Another"' in text, all_current) == (True, True)
    assert asked([after], calls=0) == ([text], True)


def test_a_document_that_is_behind_its_row_is_read_once_more_consistently(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The index tells of a change, and the read of the document is answered by a copy without it."""
    before, after = believable_row(1), replace(believable_row(1), title="Another")
    written(before)
    current = written(after, MARKS[1])
    late = document_item(before) | {"document_mark": MARKS[0]}
    for answered in ({document_key(1): late}, {}):
        documents.reset()
        with monkeypatch.context() as late_copy, meter() as usage:
            late_copy.setattr("catalog.index.pages.batch_get", first_answered(answered))
            entries = entries_of_rows([current], VIEW, A_QUERY)
        assert '"title":"Another"' in json_of(entries.shown[0])
        assert (entries.all_current, usage.calls) == (True, 1)
        assert asked([current], calls=0)[1]


def first_answered(items: dict[Key, Item]) -> Callable[..., dict[Key, Item]]:
    """A batch read whose first answer is this one, as by a copy that is a moment behind."""
    asked_before: list[bool] = []

    def answer(keys: Iterable[Key], *, consistent: bool) -> dict[Key, Item]:
        asked_before.append(consistent)
        assert consistent is (len(asked_before) > 1)
        return batch_get(keys, consistent=True) if consistent else items

    return answer


def test_a_document_ahead_of_its_row_is_shown_as_it_is_and_not_kept() -> None:
    before = believable_row(1)
    behind = written(before)
    written(replace(before, title="Another"), MARKS[1])
    for _ in range(2):
        (text,), all_current = asked([behind], calls=1)
        assert ('"title":"Another"' in text, all_current) == (True, False)


@pytest.mark.parametrize(
    "withdrawn",
    [
        lambda product: replace(product, deleted_at="2026-02-01T00:00:00.000Z"),
        lambda product: replace(product, status="draft"),
        lambda product: replace(product, withheld=True),
    ],
)
@pytest.mark.parametrize("mark", [None, MARKS[1]])
def test_what_was_withdrawn_since_the_row_was_read_is_not_shown(
    withdrawn: Callable[[Product], Product], mark: str | None
) -> None:
    product = believable_row(1)
    source = Source(load=Catalogue(), sees=lambda shown: shown.is_public_at(""))
    row_before = written(product, mark and MARKS[0])
    put_both(withdrawn(product), mark)
    for _ in range(2):
        assert asked([row_before], source, calls=1) == ([], False)
    assert products_of_rows([row_before], source) == ([], False)


def test_a_document_that_is_not_there_is_left_out() -> None:
    rows = [written(row(number), None) for number in (1, 2)]
    delete_item(document_key(1))
    texts, all_current = asked(rows, Source(load=Catalogue()), calls=1)
    assert (len(texts), all_current) == (1, False)


def test_what_was_never_marked_is_read_for_each_holding() -> None:
    rows = [written(row(number), None) for number in (1, 2)]
    first, second = Source(load=Catalogue()), Source(load=Catalogue())
    for source, calls in ((first, 1), (first, 0), (second, 1), (second, 0), (A_QUERY, 1), (A_QUERY, 1)):
        assert asked(rows, source, calls=calls)[1]


def test_the_settings_of_pictures_are_part_of_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [written(believable_row(1))]
    asked(rows, calls=1)
    for name, text in (("MEDIA_BASE_URL", "https://cdn.example"), ("MEDIA_URLS", "relative")):
        before = asked(rows, calls=0)
        monkeypatch.setenv(name, text)
        assert asked(rows, calls=0) != before


@pytest.mark.parametrize(("missing", "queries"), [(10, True), (9, False)])
def test_neighbours_are_queried_where_that_costs_less_than_a_batch(missing: int, queries: bool) -> None:
    rows = [written(believable_row(number)) for number in range(1, 21)]
    read: list[bool] = []

    def query() -> list[Item]:
        read.append(True)
        return all_documents("published")

    products_of_rows(rows[: 20 - missing], A_QUERY)
    stretch = Stretch(20, query)
    entries = entries_of_rows(rows, VIEW, Source(stretch=stretch))
    assert [it.id for it in entries.rows] == list(range(1, 21))
    assert (bool(read), entries.all_current) == (queries, True)


def test_a_list_of_hundreds_is_read_by_a_batch_for_each_hundred() -> None:
    rows = [written(row(number)) for number in range(1, 121)]
    texts, all_current = asked(rows, calls=2)
    assert (len(texts), all_current) == (120, True)
    assert asked(rows, calls=0) == (texts, True)


def test_what_has_no_name_is_made_anew_each_time() -> None:
    known, shown = written(row(1)), list[int]()

    def show(product: Product) -> dict[str, Any]:
        shown.append(product.id)
        return product_json(product)

    for calls in (1, 0):
        assert asked([known], view=View(None, show), calls=calls)[1]
    assert shown == [1, 1]
