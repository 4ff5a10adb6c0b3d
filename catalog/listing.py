"""Lists of products: which page of which of them is asked for, and how it is read.

The newest of one status stand in the table's index as they are asked for. Every other list is chosen from the
catalogue that the process holds (`catalog.index`), and so are those where it is held anyway.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from catalog.product_filters import Filters, sort_text
from common.dynamodb import InvalidCursor, read_cursor, sign_cursor
from common.repositories.listings import (
    ListingRow,
    all_documents,
    all_rows,
    neighbouring_documents,
    newest_and_tally,
    rows_older_than,
    tally_of,
)
from common.repositories.products import HELD_BACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.index.holding import Found, Holding, Position
    from catalog.index.pages import Entries, Source, View
    from common.dynamodb import Item
    from common.repositories.products import Product

MAX_ROWS = 100_000
# A batch read takes a hundred a trip and rounds every document up to a unit; queries do neither.
_WORTH_QUERYING = 100


@dataclass(frozen=True, slots=True)
class ProductPage:
    """The rows of a page of a list, the true total of the list, and the cursor of the next page.

    `source` is where the rows come from; `version` that of the catalogue they were chosen from, empty where
    they were not chosen from one that is held. `ranks` says by id how well each product matched a search,
    where that is the order.
    """

    rows: list[ListingRow]
    total: int
    cursor: str | None
    filters: Filters
    source: Source
    version: str = ""
    ranks: dict[int, int] = field(default_factory=dict)

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
        return _cursor_behind(row, self.filters, self.ranks)


def list_products(filters: Filters, page: int, per_page: int, cursor: str | None = None) -> ProductPage:
    """The page with number `page` (from 1), or the one behind `cursor` when one is given.

    0 a page means everything. Raises InvalidCursor (400) for a cursor that was tampered with or belongs
    to other filters.
    """
    after = _read_position(cursor, filters) if cursor else None
    page, per_page = (page, min(per_page, MAX_ROWS)) if per_page else (1, MAX_ROWS)
    catalogue = _held_catalogue() if filters.only_newest_of_one_status else _catalogue()
    newest = _newest(filters, page, per_page, after) if catalogue is None else None
    return newest or _chosen(catalogue or _catalogue(), filters, page, per_page, after)


def _catalogue() -> Holding:
    from catalog.index import freshness

    return freshness.current()


def _held_catalogue() -> Holding | None:
    """The catalogue, where this process has loaded it for another list."""
    freshness = sys.modules.get("catalog.index.freshness")
    return freshness.held() if freshness else None


def _chosen(
    catalogue: Holding, filters: Filters, page: int, per_page: int, after: Position | None
) -> ProductPage:
    before = catalogue.version
    skip = 0 if after else (page - 1) * per_page
    found = _found(catalogue, filters) if filters.search else None
    chosen = catalogue.select(filters, per_page, skip=skip, after=after, found=found)
    ranks = dict(zip((row.id for row in chosen.rows), chosen.ranks, strict=False))
    cursor = _cursor_behind(chosen.rows[-1], filters, ranks) if chosen.rows and chosen.more else None
    source = _source(chosen.rows, filters, catalogue)
    # A list has no version where the catalogue changed while it was chosen, for another request of this
    # process, or where it was searched by a text that is not of the catalogue's state.
    is_whole = chosen.version == before and not (filters.search and catalogue.unread())
    version = f"{before}{catalogue.moment(filters.at)}" if is_whole else ""
    return ProductPage(chosen.rows, chosen.total, cursor, filters, source, version, ranks)


def _found(catalogue: Holding, filters: Filters) -> Found:
    from catalog.index.searching import found_by

    return found_by(catalogue, filters)


def _newest(filters: Filters, page: int, per_page: int, after: Position | None) -> ProductPage | None:
    """The page as the table's index has it; None where some of the list may not be seen at this moment."""
    status = filters.statuses[0]
    held = [row for row in all_rows(HELD_BACK) if filters.sees(row)] if filters.sees_held_back else []
    if after is None:
        start = min((page - 1) * per_page, MAX_ROWS)
        rows, tally = newest_and_tally(status, start + per_page)
        shown = _newest_first(rows, held)[start : start + per_page]
        more = tally.total + len(held) > start + per_page
    else:
        rows = rows_older_than(status, after.text, after.product_id, per_page + 1)
        older = [row for row in held if (row.created_at, row.id) < (after.text, after.product_id)]
        tally = tally_of(status)
        following = _newest_first(rows, older)
        shown, more = following[:per_page], len(following) > per_page
    # The index may show a row before its tally.
    if not filters.sees_held_back and (tally.timed or any(row.is_timed for row in rows)):
        return None
    cursor = _cursor_behind(shown[-1], filters, {}) if shown and more else None
    return ProductPage(shown, tally.total + len(held), cursor, filters, _source(shown, filters, None))


def _newest_first(rows: list[ListingRow], held: list[ListingRow]) -> list[ListingRow]:
    """Rows of a status, newest first, with those that are held back of it in their places."""
    if not held:
        return rows
    return sorted([*rows, *held], key=lambda row: (row.created_at, row.id), reverse=True)


def _source(shown: list[ListingRow], filters: Filters, load: Holding | None) -> Source:
    """Where the rows of a page come from, and by which query their documents can be read together."""
    from catalog.index.pages import Source, Stretch

    stretch = None
    if filters.only_newest_of_one_status and all(row.listed_as != HELD_BACK for row in shown):
        stretch = Stretch(len(shown), lambda: neighbouring_documents(shown))
    elif len(shown) > _WORTH_QUERYING:
        stretch = Stretch(len(shown), lambda: _every_document(filters))
    return Source(load, stretch, filters.sees)


def _every_document(filters: Filters) -> Iterator[Item]:
    return (document for listed_as in filters.lists for document in all_documents(listed_as))


def _cursor_behind(last: ListingRow, filters: Filters, ranks: dict[int, int]) -> str:
    place = {"value": sort_text(last, filters.sort_by), "id": last.id}
    return sign_cursor(place | ({"rank": ranks[last.id]} if filters.best_first else {}), filters.scope)


def _read_position(cursor: str, filters: Filters) -> Position:
    from catalog.index.holding import Position

    position = read_cursor(cursor, filters.scope)
    try:
        return Position(str(position["value"]), int(position["id"]), int(position.get("rank", 0)))
    except (KeyError, TypeError, ValueError):
        raise InvalidCursor from None
