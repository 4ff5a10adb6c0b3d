"""Lists of products that read the whole catalogue for each page; the index is measured and tested against it.

A filter or another order reads every listing row, a search every document too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.product_filters import Filters, in_category
from common.collation import COMPARED, collation_key, folded
from common.dynamodb import InvalidCursor, Item, read_cursor, sign_cursor
from common.repositories.listings import (
    ListingRow,
    all_documents,
    all_rows,
    neighbouring_products,
    newest_and_tally,
    products_of,
    rows_older_than,
    scattered_products,
    tally_of,
)
from common.repositories.products import HELD_BACK, Product

MAX_ROWS = 100_000
# Up to so many products a search reads whole documents and shows them; among more it reads the texts
# alone, which is several times faster, and then the documents of the page.
WHOLE_DOCUMENTS = 100
_SEARCHED = ("title", "short_description", "long_description")
# What a list is ordered by, as a cursor keeps it, and how such a text becomes comparable.
_SORT_TEXTS: Mapping[str, Callable[[ListingRow | Product], str]] = {
    "created_at": lambda row: row.created_at,
    "base_price": lambda row: str(row.base_price),
    "title": lambda row: row.title[:COMPARED],
    "id": lambda row: str(row.id),
}
_COMPARABLE: Mapping[str, Callable[[str], Any]] = {
    "created_at": str,
    "base_price": Decimal,
    "title": collation_key,
    "id": int,
}


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A page of a list, the true total of the list, and the cursor of the next page."""

    products: list[Product]
    total: int
    cursor: str | None
    filters: Filters

    def cursor_behind(self, count: int) -> str:
        """The cursor of what follows the first `count` products of the page."""
        return _cursor_behind(self.products[count - 1], self.filters)


def list_products(filters: Filters, page: int, per_page: int, cursor: str | None = None) -> ProductPage:
    """The page with number `page` (from 1), or the one behind `cursor` when one is given.

    0 a page means everything. Raises InvalidCursor (400) for a cursor that was tampered with or belongs
    to other filters.
    """
    after = _read_position(cursor, filters) if cursor else None
    page, per_page = (page, min(per_page, MAX_ROWS)) if per_page else (1, MAX_ROWS)
    newest = _newest(filters, page, per_page, after) if filters.only_newest_of_one_status else None
    return newest or _chosen(filters, page, per_page, after)


def _newest(filters: Filters, page: int, per_page: int, after: tuple[str, int] | None) -> ProductPage | None:
    status = filters.statuses[0]
    held = [row for row in all_rows(HELD_BACK) if filters.sees(row)] if filters.sees_held_back else []
    if after is None:
        start = min((page - 1) * per_page, MAX_ROWS)
        rows, tally = newest_and_tally(status, start + per_page)
        shown = _newest_first(rows, held)[start : start + per_page]
        more = tally.total + len(held) > start + per_page
    else:
        rows = rows_older_than(status, after[0], after[1], per_page + 1)
        older = [row for row in held if (row.created_at, row.id) < after]
        tally = tally_of(status)
        following = _newest_first(rows, older)
        shown, more = following[:per_page], len(following) > per_page
    if tally.timed and not filters.sees_held_back:
        return None
    stands_alone = any(row.listed_as == HELD_BACK for row in shown)
    products = _products(shown, filters, None) if stands_alone else neighbouring_products(shown)
    return _page(products, tally.total + len(held), _following(shown, more, filters), filters)


def _newest_first(rows: list[ListingRow], held: list[ListingRow]) -> list[ListingRow]:
    """Rows of a status, newest first, with those that are held back of it in their places."""
    if not held:
        return rows
    return sorted([*rows, *held], key=lambda row: (row.created_at, row.id), reverse=True)


def _page(products: list[Product], total: int, cursor: str | None, filters: Filters) -> ProductPage:
    # An index is a moment behind: what was withdrawn since is not shown by a list that knows better.
    shown = [product for product in products if product.deleted_at is None and filters.sees(product)]
    return ProductPage(shown, total, cursor, filters)


def _chosen(filters: Filters, page: int, per_page: int, after: tuple[str, int] | None) -> ProductPage:
    every_row = _every_row(filters)
    rows = ordered_rows(every_row, filters)
    documents: dict[int, Item] | None = None
    if filters.search:
        whole = len(every_row) <= WHOLE_DOCUMENTS
        found = _documents_with_text(filters, only=None if whole else ("id", *_SEARCHED))
        rows = [row for row in rows if row.id in found]
        documents = found if whole else None
    start = start_behind(rows, filters, after) if after else (page - 1) * per_page
    shown = rows[start : start + per_page]
    products = _products(shown, filters, documents)
    following = _following(shown, len(rows) > start + per_page, filters)
    return _page(products, len(rows), following, filters)


def ordered_rows(rows: Iterable[ListingRow], filters: Filters) -> list[ListingRow]:
    """The rows that the filters leave, `search` apart, in their order."""
    chosen = [row for row in rows if _is_seen(row, filters) and _matches(row, filters)]
    return sorted(chosen, key=_places(filters), reverse=filters.descending)


def _is_seen(row: ListingRow, filters: Filters) -> bool:
    return filters.sees(row) and filters.creator in {None, row.creator_id}


def _every_row(filters: Filters) -> list[ListingRow]:
    rows = (row for listed_as in filters.lists for row in all_rows(listed_as))
    return [row for row in rows if _is_seen(row, filters)]


def _every_document(filters: Filters, only: tuple[str, ...] | None = None) -> Iterator[Item]:
    for listed_as in filters.lists:
        yield from all_documents(listed_as, only=only)


def _products(
    shown: list[ListingRow], filters: Filters, documents: Mapping[int, Item] | None
) -> list[Product]:
    if documents is not None:
        return products_of(shown, documents.values())
    if len(shown) <= WHOLE_DOCUMENTS:
        return scattered_products(shown)
    # A batch read takes a hundred a trip and rounds every document up to a unit; queries do neither.
    return products_of(shown, _every_document(filters))


def _matches(row: ListingRow, filters: Filters) -> bool:
    return (
        (not filters.title or folded(filters.title) in folded(row.title))
        and (filters.category is None or in_category(row, filters.category))
        and (filters.character is None or _shows_character(row, filters.character))
        and (filters.min_price is None or row.base_price >= filters.min_price)
        and (filters.max_price is None or row.base_price <= filters.max_price)
        and (filters.in_stock is None or row.in_stock == filters.in_stock)
    )


def _shows_character(row: ListingRow, character: str) -> bool:
    by_id = row.character_id is not None and character == str(row.character_id)
    by_name = row.character_value is not None and folded(character) == folded(row.character_value)
    return by_id or by_name


def _documents_with_text(filters: Filters, only: tuple[str, ...] | None) -> dict[int, Item]:
    wanted = folded(filters.search)
    return {
        document["id"]: document
        for document in _every_document(filters, only)
        if any(wanted in folded(document.get(name) or "") for name in _SEARCHED)
    }


def start_behind(rows: list[ListingRow], filters: Filters, after: tuple[str, int]) -> int:
    """The place in `rows` of the first that follows what a cursor names."""
    place_of = _places(filters)
    last_seen = (_COMPARABLE[filters.sort_by](after[0]), after[1])
    for index, row in enumerate(rows):
        place = place_of(row)
        if (place < last_seen) if filters.descending else (place > last_seen):
            return index
    return len(rows)


def _places(filters: Filters) -> Callable[[ListingRow], tuple[Any, int]]:
    text_of, comparable = _SORT_TEXTS[filters.sort_by], _COMPARABLE[filters.sort_by]
    return lambda row: (comparable(text_of(row)), row.id)


def _following(shown: list[ListingRow], more: bool, filters: Filters) -> str | None:
    return _cursor_behind(shown[-1], filters) if shown and more else None


def _cursor_behind(last: ListingRow | Product, filters: Filters) -> str:
    return sign_cursor({"value": _SORT_TEXTS[filters.sort_by](last), "id": last.id}, filters.scope)


def _read_position(cursor: str, filters: Filters) -> tuple[str, int]:
    position = read_cursor(cursor, filters.scope)
    try:
        return str(position["value"]), int(position["id"])
    except (KeyError, TypeError, ValueError):
        raise InvalidCursor from None
