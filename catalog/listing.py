"""Lists of products: which rows a caller asks for, in which order, and which page of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.product_filters import Filters, in_category, place_of_row, place_of_text, sort_text
from common.collation import folded
from common.dynamodb import InvalidCursor, Item, read_cursor, sign_cursor
from common.repositories.creator_works import creator_documents, creator_rows
from common.repositories.listings import (
    ListingRow,
    all_documents,
    all_rows,
    neighbouring_documents,
    newest_rows,
    rows_older_than,
    total_of,
)
from common.repositories.products import HELD_BACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.index.pages import Entries, Source, View
    from common.repositories.products import Product

MAX_ROWS = 100_000
# Up to so many products a search reads whole documents and shows them; among more it reads the texts
# alone, which is several times faster, and then the documents of the page.
WHOLE_DOCUMENTS = 100
_SEARCHED = ("title", "short_description", "long_description")


@dataclass(frozen=True, slots=True)
class ProductPage:
    """The rows of a page of a list, the true total of the list, and the cursor of the next page.

    `source` is where the rows come from; `version` that of the catalogue they were chosen from, empty where
    they were not chosen from one that is held.
    """

    rows: list[ListingRow]
    total: int
    cursor: str | None
    filters: Filters
    source: Source
    version: str = ""

    @property
    def products(self) -> list[Product]:
        """The products of the page; what is not kept is read."""
        from catalog.index.pages import products_of_rows

        return products_of_rows(self.rows, self.source)[0]

    def entries(self, view: View) -> Entries:
        """What the page shows; what is not kept is read."""
        from catalog.index.pages import entries_of_rows

        return entries_of_rows(self.rows, view, self.source)

    def cursor_behind(self, row: ListingRow) -> str:
        """The cursor of what follows this row of the page."""
        return _cursor_behind(row, self.filters)


def list_products(filters: Filters, page: int, per_page: int, cursor: str | None = None) -> ProductPage:
    """The page with number `page` (from 1), or the one behind `cursor` when one is given.

    0 a page means everything. Raises InvalidCursor (400) for a cursor that was tampered with or belongs
    to other filters.
    """
    after = _read_position(cursor, filters) if cursor else None
    page, per_page = (page, min(per_page, MAX_ROWS)) if per_page else (1, MAX_ROWS)
    if filters.only_newest_of_one_status:
        return _newest(filters, page, per_page, after)
    return _chosen(filters, page, per_page, after)


def _newest(filters: Filters, page: int, per_page: int, after: tuple[str, int] | None) -> ProductPage:
    status = filters.statuses[0]
    held = [row for row in all_rows(HELD_BACK) if filters.sees(row)] if filters.sees_held_back else []
    if after is None:
        start = min((page - 1) * per_page, MAX_ROWS)
        rows, total = newest_rows(status, start + per_page)
        shown = _newest_first(rows, held)[start : start + per_page]
        more = total + len(held) > start + per_page
    else:
        rows = rows_older_than(status, after[0], after[1], per_page + 1)
        older = [row for row in held if (row.created_at, row.id) < after]
        total = total_of(status)
        following = _newest_first(rows, older)
        shown, more = following[:per_page], len(following) > per_page
    stands_alone = any(row.listed_as == HELD_BACK for row in shown)
    source = _scattered(shown, filters, None) if stands_alone else _neighbours(shown, filters)
    return ProductPage(shown, total + len(held), _following(shown, more, filters), filters, source)


def _newest_first(rows: list[ListingRow], held: list[ListingRow]) -> list[ListingRow]:
    """Rows of a status, newest first, with those that are held back of it in their places."""
    if not held:
        return rows
    return sorted([*rows, *held], key=lambda row: (row.created_at, row.id), reverse=True)


def _chosen(filters: Filters, page: int, per_page: int, after: tuple[str, int] | None) -> ProductPage:
    every_row = _every_row(filters)
    rows = [row for row in every_row if _matches(row, filters)]
    documents: dict[int, Item] | None = None
    if filters.search:
        whole = len(every_row) <= WHOLE_DOCUMENTS
        found = _documents_with_text(filters, only=None if whole else ("id", *_SEARCHED))
        rows = [row for row in rows if row.id in found]
        documents = found if whole else None
    rows.sort(key=lambda row: place_of_row(row, filters.sort_by), reverse=filters.descending)
    start = _start(rows, filters, after) if after else (page - 1) * per_page
    shown = rows[start : start + per_page]
    following = _following(shown, len(rows) > start + per_page, filters)
    return ProductPage(shown, len(rows), following, filters, _scattered(shown, filters, documents))


def _every_row(filters: Filters) -> list[ListingRow]:
    if filters.creator is not None:
        rows = creator_rows(filters.creator)
    else:
        rows = [row for listed_as in filters.lists for row in all_rows(listed_as)]
    return [row for row in rows if filters.sees(row)]


def _every_document(filters: Filters, only: tuple[str, ...] | None = None) -> Iterator[Item]:
    if filters.creator is not None:
        yield from creator_documents(filters.creator)
        return
    for listed_as in filters.lists:
        yield from all_documents(listed_as, only=only)


def _neighbours(shown: list[ListingRow], filters: Filters) -> Source:
    from catalog.index.pages import Source, Stretch

    stretch = Stretch(len(shown), lambda: neighbouring_documents(shown))
    return Source(sees=filters.sees, stretch=stretch)


def _scattered(shown: list[ListingRow], filters: Filters, documents: Mapping[int, Item] | None) -> Source:
    from catalog.index.pages import Source, Stretch

    if documents is not None:
        stretch = Stretch(0, documents.values)
    elif len(shown) > WHOLE_DOCUMENTS:
        # A batch read takes a hundred a trip and rounds every document up to a unit; queries do neither.
        stretch = Stretch(len(shown), lambda: _every_document(filters))
    else:
        stretch = None
    return Source(sees=filters.sees, stretch=stretch)


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


def _start(rows: list[ListingRow], filters: Filters, after: tuple[str, int]) -> int:
    last_seen = place_of_text(*after, filters.sort_by)
    for index, row in enumerate(rows):
        place = place_of_row(row, filters.sort_by)
        if (place < last_seen) if filters.descending else (place > last_seen):
            return index
    return len(rows)


def _following(shown: list[ListingRow], more: bool, filters: Filters) -> str | None:
    return _cursor_behind(shown[-1], filters) if shown and more else None


def _cursor_behind(last: ListingRow, filters: Filters) -> str:
    return sign_cursor({"value": sort_text(last, filters.sort_by), "id": last.id}, filters.scope)


def _read_position(cursor: str, filters: Filters) -> tuple[str, int]:
    position = read_cursor(cursor, filters.scope)
    try:
        return str(position["value"]), int(position["id"])
    except (KeyError, TypeError, ValueError):
        raise InvalidCursor from None
