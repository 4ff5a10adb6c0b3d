"""Lists of products as the marketplace's clients ask for them: a creator's, everybody's, and what waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from catalog.product_filters import Filters, in_category
from common.clock import iso
from common.collation import folded
from common.http.offsets import Places
from common.repositories.creator_works import creator_documents
from common.repositories.creators import CREATORS
from common.repositories.products import APPROVED, PENDING, STATUSES, Product

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from catalog.index.holding import Holding
    from catalog.index.pages import Source
    from common.repositories.listings import ListingRow

NEWEST, CHEAPEST, DEAREST = "newest", "price-asc", "price-desc"
SORTS = (NEWEST, CHEAPEST, DEAREST)

_EVERYTHING = Filters(STATUSES, sees_held_back=True)


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """What of a creator's public works is asked for; all of it applies.

    `category` is a slug or an id, `search` part of the title or the description whatever the capitals and
    accents, `sort` one of SORTS, or empty: what is featured first, then the newest.
    """

    category: str = ""
    search: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Works:
    """The rows of a list or of a part of it, how many the list has in all, and where the rows come from."""

    rows: Sequence[ListingRow]
    total: int
    source: Source

    def between(self, start: int, end: int) -> Works:
        """The part from the place `start` to before `end`."""
        return replace(self, rows=self.rows[start:end])

    def shown(self, show: Callable[[Product], dict[str, Any]]) -> list[Any]:
        """Each work's JSON, as a function shows it that shows a work alike each time."""
        from catalog.index.pages import View, entries_of_rows

        return entries_of_rows(self.rows, View(show.__qualname__, show), self.source).shown

    def products(self) -> list[Product]:
        """The works themselves."""
        from catalog.index.pages import products_of_rows

        return products_of_rows(self.rows, self.source)[0]


def public_works(creator_id: str, filters: WorkFilters, places: Places, now: datetime) -> Works:
    """The works at these places of those that everybody may see."""
    at = iso(now)
    rows, source = _works_of(creator_id, sees=lambda product: product.is_public_at(at))
    wanted = [row for row in rows if row.is_public_at(at)]
    if filters.category:
        wanted = [row for row in wanted if in_category(row, filters.category)]
    if filters.search:
        products = Works(wanted, len(wanted), source).products()
        found = {product.id for product in products if _mentions(product, filters.search)}
        wanted = [row for row in wanted if row.id in found]
    return Works(places.of(_ordered(wanted, filters.sort)), len(wanted), source)


def featured_works(creator_id: str, now: datetime) -> Works:
    """What a creator shows first, of what everybody may see, the newest first."""
    at = iso(now)
    rows, source = _works_of(creator_id, sees=lambda product: product.is_public_at(at))
    featured = _newest_first(row for row in rows if row.is_public_at(at) and row.featured)
    return Works(featured, len(featured), source)


def own_works(creator_id: str, status: str) -> Works:
    """All works of a creator, the newest first; those alone that stand like this where a status is given."""
    rows, source = _works_of(creator_id)
    wanted = _newest_first(row for row in rows if not status or _stands(row, status))
    return Works(wanted, len(wanted), source)


def every_product(creator_id: str, status: str, places: Places) -> Works:
    """The products at these places of all that there are, the newest first.

    Only those of a creator, and those that stand like this, where one is given.
    """
    if creator_id:
        rows, source = _works_of(creator_id)
    else:
        holding, source = _catalogue()
        if not status:
            found = holding.select(_EVERYTHING, places.limit, skip=places.offset)
            return Works(found.rows, found.total, source)
        rows = holding.rows()
    wanted = _newest_first(row for row in rows if not status or _stands(row, status))
    return Works(places.of(wanted), len(wanted), source)


def waiting_works() -> Works:
    """What waits for a word of the shop, the newest first."""
    holding, source = _catalogue()
    waiting = _newest_first(row for row in holding.rows() if row.moderation_status == PENDING)
    return Works(waiting, len(waiting), source)


def creator_names(products: Iterable[Product]) -> dict[str, str]:
    """What the creators of these products are called, by their ids."""
    keys = {CREATORS.key(product.creator_id) for product in products if product.creator_id}
    return {it.id: it.display_name for it in CREATORS.many(sorted(keys), consistent=False).values()}


def _catalogue() -> tuple[Holding, Source]:
    from catalog.index import freshness
    from catalog.index.pages import Source

    holding = freshness.current()
    return holding, Source(load=holding)


def _works_of(
    creator_id: str, sees: Callable[[Product], bool] = lambda _: True
) -> tuple[list[ListingRow], Source]:
    """What lists know of a creator's works, and where they come from."""
    from catalog.index.pages import Stretch

    holding, source = _catalogue()
    rows = holding.rows(holding.matching(replace(_EVERYTHING, creator=creator_id)))
    stretch = Stretch(len(rows), lambda: creator_documents(creator_id))
    return rows, replace(source, stretch=stretch, sees=sees)


def _stands(row: ListingRow, status: str) -> bool:
    """Whether a work stands like this; the shop's own are approved."""
    return (row.moderation_status or APPROVED) == status


def _mentions(product: Product, search: str) -> bool:
    description = product.long_description or product.short_description or ""
    return any(folded(search) in folded(text) for text in (product.title, description))


def _newest_first(rows: Iterable[ListingRow]) -> list[ListingRow]:
    return sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)


def _ordered(rows: Iterable[ListingRow], sort: str) -> list[ListingRow]:
    newest = _newest_first(rows)
    if sort == NEWEST:
        return newest
    if sort in {CHEAPEST, DEAREST}:
        sign = 1 if sort == CHEAPEST else -1
        # What has no price comes last in either order.
        return sorted(newest, key=lambda row: (not row.base_price, sign * row.base_price))
    return sorted(newest, key=lambda row: not row.featured)
