"""Turns the rows that a list has chosen into products, or into their JSON, reading what is not kept."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from simplejson import RawJSON

from catalog.index.documents import Documents, Load, is_current, kept_documents
from common import config
from common.dynamodb import Item, batch_get
from common.http.responses import encode_json
from common.repositories.catalogue_changes import DOCUMENT_MARK
from common.repositories.listings import ListingRow
from common.repositories.products import Product, document_key, product_from_rows

# A query costs a quarter of a unit for a document of 2 KB, a batch read half a unit for any.
_WORTH_QUERYING = 2


@dataclass(frozen=True, slots=True)
class View:
    """How a list shows a product; the name tells it from every other, with whatever else it depends on.

    What is shown under no name is made anew each time.
    """

    name: Hashable | None
    show: Callable[[Product], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A query that reads `documents` documents, among them those of a page."""

    documents: int
    read: Callable[[], Iterable[Item]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a page come from: which holding, and what query reads the documents of all of them.

    `sees` says whether the list may show a product: rows are a moment behind, and what was withdrawn since is
    not shown by a list that knows better.
    """

    load: Load = None
    stretch: Stretch | None = None
    sees: Callable[[Product], bool] = lambda product: product.deleted_at is None


@dataclass(frozen=True, slots=True)
class Entries:
    """What a page shows: the rows that are shown, the JSON of each, and whether all is of its row's state.

    Where not `all_current`, something is shown as it was before or after its row, or is left out.
    """

    rows: list[ListingRow]
    shown: list[Any]
    all_current: bool


def entries_of_rows(rows: Sequence[ListingRow], view: View, source: Source) -> Entries:
    """Each row's product as the view shows it, in the order of the rows; what is kept costs no read."""
    kept, key = kept_documents(), (view.name, *shown_settings())
    texts = _kept_texts(rows, key, source, kept) if view.name is not None else {}
    products = _products([row for row in rows if row.id not in texts], source, kept)
    entries = Entries([], [], all(row.id in texts or row.id in products.current for row in rows))
    for row in rows:
        text = texts.get(row.id)
        if text is None:
            product = products.found.get(row.id)
            if product is None:
                continue
            text = encode_json(view.show(product))
            if row.id in products.current and view.name is not None:
                kept.keep_text(row, key, text, source.load)
        entries.rows.append(row)
        entries.shown.append(RawJSON(text))
    return entries


def products_of_rows(rows: Sequence[ListingRow], source: Source) -> tuple[list[Product], bool]:
    """The products of rows in their order, each with the stock of its row, and whether all are current."""
    products = _products(rows, source, kept_documents())
    found = [products.found[row.id] for row in rows if row.id in products.found]
    return found, all(row.id in products.current for row in rows)


def _kept_texts(rows: Sequence[ListingRow], key: Hashable, source: Source, kept: Documents) -> dict[int, str]:
    found = ((row.id, kept.text(row, key, source.load)) for row in rows)
    return {product_id: text for product_id, text in found if text is not None}


def shown_settings() -> tuple[str, bool]:
    """The settings on which the JSON of a product depends."""
    return config.media_base_url(), config.media_urls_are_relative()


@dataclass(frozen=True, slots=True)
class _Products:
    """Products that may be shown by their ids, and which of them are those of their rows' state."""

    found: dict[int, Product]
    current: set[int]


def _products(rows: Sequence[ListingRow], source: Source, kept: Documents) -> _Products:
    documents = {row.id: item for row in rows if (item := kept.document(row, source.load)) is not None}
    current = set(documents)
    missing = [row for row in rows if row.id not in documents]
    documents |= _read(missing, source.stretch) if missing else {}
    for row in missing:
        document = documents.get(row.id)
        if document is not None and is_current(document, row):
            current.add(row.id)
            kept.keep(row, document, source.load)
    found = {
        row.id: product_from_rows(documents[row.id], row.stock, moved_at=row.stock_moved_at)
        for row in rows
        if row.id in documents
    }
    shown = {key: it for key, it in found.items() if key in current or _is_seen(it, source)}
    return _Products(shown, current)


def _is_seen(product: Product, source: Source) -> bool:
    return product.deleted_at is None and source.sees(product)


def _read(rows: Sequence[ListingRow], stretch: Stretch | None) -> dict[int, Item]:
    if stretch is not None and len(rows) * _WORTH_QUERYING >= stretch.documents:
        found = {int(item["id"]): item for item in stretch.read()}
    else:
        found = _batch(rows, consistent=False)
    behind = [row for row in rows if _is_behind(found.get(row.id), row)]
    # What was read is older than the row, whose change has been made: it is there to be read.
    return found | _batch(behind, consistent=True) if behind else found


def _batch(rows: Sequence[ListingRow], *, consistent: bool) -> dict[int, Item]:
    items = batch_get([document_key(row.id) for row in rows], consistent=consistent)
    return {int(item["id"]): item for item in items.values()}


def _is_behind(document: Item | None, row: ListingRow) -> bool:
    if row.document_mark is None:
        return False
    return document is None or (document.get(DOCUMENT_MARK) or "") < row.document_mark
