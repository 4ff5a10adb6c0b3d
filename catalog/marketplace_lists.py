"""Lists of products as the marketplace's clients ask for them: a creator's, everybody's, and what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.product_filters import in_category
from common.collation import folded
from common.http.offsets import Places
from common.repositories.creator_works import creator_documents, creator_rows, works_of_creator
from common.repositories.creators import CREATORS
from common.repositories.listings import ListingRow, all_rows, products_of, scattered_products
from common.repositories.products import APPROVED, HELD_BACK, LISTS, PENDING, Product

NEWEST, CHEAPEST, DEAREST = "newest", "price-asc", "price-desc"
SORTS = (NEWEST, CHEAPEST, DEAREST)

# A query costs a quarter of a unit for a document of 2 KB, a batch read half a unit for any.
_WORTH_QUERYING = 2


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """What of a creator's public works is asked for; all of it applies.

    `category` is a slug or an id, `search` part of the title or the description whatever the capitals and
    accents, `sort` one of SORTS, or empty: what is featured first, then the newest.
    """

    category: str = ""
    search: str = ""
    sort: str = ""


def public_works(creator_id: str, filters: WorkFilters, places: Places) -> tuple[list[Product], int]:
    """The works at these places of those that everybody may see, and how many there are in all."""
    rows = [row for row in creator_rows(creator_id) if row.is_public]
    if filters.category:
        rows = [row for row in rows if in_category(row, filters.category)]
    if filters.search:
        found = filter(_is_shown, products_of(rows, creator_documents(creator_id)))
        wanted = {product.id: product for product in found if _mentions(product, filters.search)}
        ordered = _ordered([row for row in rows if row.id in wanted], filters.sort)
        return [wanted[row.id] for row in places.of(ordered)], len(ordered)
    return _shown(creator_id, places.of(_ordered(rows, filters.sort)), len(rows)), len(rows)


def featured_works(creator_id: str) -> list[Product]:
    """What a creator shows first, of what everybody may see, the newest first."""
    rows = [row for row in creator_rows(creator_id) if row.is_public]
    featured = _newest_first(row for row in rows if row.featured)
    return _shown(creator_id, featured, len(rows))


def own_works(creator_id: str, status: str) -> list[Product]:
    """All works of a creator, the newest first; those alone that stand like this where a status is given."""
    return [it for it in works_of_creator(creator_id) if not status or _stands(it.moderation_status, status)]


def every_product(creator_id: str, status: str, places: Places) -> tuple[list[Product], int]:
    """The products at these places of all that there are, the newest first, and how many there are in all.

    Only those of a creator, and those that stand like this, where one is given.
    """
    rows = creator_rows(creator_id) if creator_id else [row for name in LISTS for row in all_rows(name)]
    wanted = _newest_first(row for row in rows if not status or _stands(row.moderation_status, status))
    return scattered_products(places.of(wanted)), len(wanted)


def waiting_works() -> list[ListingRow]:
    """What waits for a word of the shop, the newest first; `scattered_products` shows it."""
    return _newest_first(row for row in all_rows(HELD_BACK) if row.moderation_status == PENDING)


def creator_names(products: Iterable[Product]) -> dict[str, str]:
    """What the creators of these products are called, by their ids."""
    keys = {CREATORS.key(product.creator_id) for product in products if product.creator_id}
    return {it.id: it.display_name for it in CREATORS.many(sorted(keys), consistent=False).values()}


def _shown(creator_id: str, shown: Sequence[ListingRow], of_works: int) -> list[Product]:
    if len(shown) * _WORTH_QUERYING >= of_works:
        products = products_of(shown, creator_documents(creator_id))
    else:
        products = scattered_products(shown)
    # An index is a moment behind: what was withdrawn since is not shown by a list that knows better.
    return [product for product in products if _is_shown(product)]


def _is_shown(product: Product) -> bool:
    return product.is_public and product.deleted_at is None


def _stands(moderation_status: str | None, status: str) -> bool:
    """Whether a work stands like this; the shop's own are approved."""
    return (moderation_status or APPROVED) == status


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
