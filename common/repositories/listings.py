"""Lists of products: compact rows to choose from, documents to show, and the true totals.

GSI2 holds the rows of one of LISTS in two runs, each ordered by age: `LISTING#...` (about 350 bytes a
row) and `METADATA#...` (the documents). A list reads the first to choose and count, then either the
same stretch of the second or the few documents that it shows. The tally row sorts behind every
listing row, so a query from the newest end brings the total along. A list is that of a status, with what
is approved alone, or HELD_BACK.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from sys import intern
from types import MappingProxyType
from typing import NamedTuple

from common import prefixes
from common.dynamodb import (
    Item,
    Query,
    UnitOfWork,
    Update,
    batch_get,
    fetch_all,
    get_item,
    index_keys,
    sort_key,
)
from common.repositories.catalogue_changes import DOCUMENT_MARK, mark_of
from common.repositories.products import (
    HELD_BACK,
    PUBLISHED,
    Product,
    document_key,
    is_approved,
    is_on_show,
    is_timed,
    listing_position,
    product_from_rows,
    status_partition,
)

_AFTER_EVERY_ROW = "LISTING#~"
# How many of a list have times; the tally of a list that never had one lacks it.
TIMED = "timed"
_OF_STATUS = status_partition("")


class ListingRow(NamedTuple):
    """What a list knows of a product before it shows it; `categories` maps ids to slugs.

    `mark` is that of its last change, `document_mark` that of the last change of its document
    (`catalogue_changes`); None since it was brought.
    """

    id: int
    status: str
    created_at: str
    title: str
    base_price: Decimal
    character_id: int | None
    character_value: str | None
    categories: Mapping[str, str]
    stock: Mapping[str, int]
    stock_moved_at: str | None = None
    creator_id: str | None = None
    featured: bool | None = None
    moderation_status: str | None = None
    moderated_at: str | None = None
    withheld: bool | None = None
    mark: str | None = None
    document_mark: str | None = None
    slug: str = ""
    publish_at: str | None = None
    unpublish_at: str | None = None

    @property
    def in_stock(self) -> bool:
        """Whether any variant can be bought."""
        return max(self.stock.values(), default=0) > 0

    @property
    def is_approved(self) -> bool:
        """Whether nothing but its status may keep the product from being public."""
        return is_approved(self.moderation_status, self.withheld)

    @property
    def is_timed(self) -> bool:
        """Whether a moment makes the product public or takes it from the public."""
        return is_timed(self.publish_at, self.unpublish_at)

    def is_on_show(self, at: str) -> bool:
        """Whether its times leave the product to the public at a moment, ISO 8601 UTC."""
        return is_on_show(self.publish_at, self.unpublish_at, at)

    def is_public_at(self, at: str) -> bool:
        """Whether everybody may see and buy the product at a moment, ISO 8601 UTC."""
        return self.status == PUBLISHED and self.is_approved and self.is_on_show(at)

    @property
    def listed_as(self) -> str:
        """Which of LISTS the row stands in."""
        return self.status if self.is_approved else HELD_BACK


def listing_row(item: Item) -> ListingRow:
    """What a listing row says, read from an index."""
    _, created_at, product_id = item["GSI2SK"].split("#")
    of = item.get
    # By position, and without a Decimal more where it is one: a process reads the rows of a whole catalogue.
    price = item["base_price"]
    return ListingRow(
        int(product_id),
        intern(of("status") or item["GSI2PK"].removeprefix(_OF_STATUS)),
        created_at,
        item["title"],
        price if type(price) is Decimal else Decimal(price),
        of("character_id"),
        _one(of("character_value")),
        _one_map(tuple(of("categories", {}).items())),
        of("stock", {}),
        of("stock_moved_at"),
        _one(of("creator_id")),
        of("featured"),
        _one(of("moderation_status")),
        of("moderated_at"),
        of("withheld"),
        mark_of(item),
        of(DOCUMENT_MARK),
        of("GSI1PK", "").partition("#")[2],
        of("publish_at"),
        of("unpublish_at"),
    )


def _one(text: str | None) -> str | None:
    """The same text, the one object of all rows that have it."""
    return intern(text) if text is not None else None


@lru_cache(maxsize=1024)
def _one_map(entries: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """These entries, in the one map of all rows that have them."""
    return MappingProxyType(dict(entries))


def product_of_listing(item: Item) -> int:
    """Which product a listing row is of, also that of a deleted one, which stands in no index of lists."""
    return int(item["PK"].rpartition("#")[2])


class Tally(NamedTuple):
    """How many products stand in one of LISTS, and how many of them have a time of their own."""

    total: int
    timed: int


def newest_rows(listed_as: str, limit: int) -> tuple[list[ListingRow], int]:
    """The `limit` newest rows of one of LISTS and how many there are in all, by one query."""
    rows, tally = newest_and_tally(listed_as, limit)
    return rows, tally.total


def newest_and_tally(listed_as: str, limit: int) -> tuple[list[ListingRow], Tally]:
    """The same with the whole tally of the list."""
    newest_first = Query(
        status_partition(listed_as), sort=sort_key().begins_with("LISTING#"), index="GSI2", descending=True
    )
    items = fetch_all(newest_first, limit=limit + 1)
    rows = [listing_row(item) for item in items if item["GSI2SK"] != _AFTER_EVERY_ROW]
    tally = next((_tally(item) for item in items if item["GSI2SK"] == _AFTER_EVERY_ROW), Tally(len(rows), 0))
    return rows[:limit], tally._replace(total=max(tally.total, len(rows[:limit])))


def rows_older_than(listed_as: str, created_at: str, product_id: int, limit: int) -> list[ListingRow]:
    """The `limit` newest rows behind the given one."""
    position = listing_position("LISTING", created_at, product_id)
    older = sort_key().between("LISTING#", position)
    items = fetch_all(
        Query(status_partition(listed_as), sort=older, index="GSI2", descending=True), limit=limit + 1
    )
    return [listing_row(item) for item in items if item["GSI2SK"] != position][:limit]


def all_rows(listed_as: str) -> list[ListingRow]:
    """Every row of one of LISTS, oldest first."""
    return [listing_row(item) for item in all_row_items(listed_as)]


def all_row_items(listed_as: str) -> list[Item]:
    """The same rows as they are read."""
    query = Query(status_partition(listed_as), sort=sort_key().begins_with("LISTING#"), index="GSI2")
    return [item for item in fetch_all(query) if item["GSI2SK"] != _AFTER_EVERY_ROW]


def total_of(listed_as: str) -> int:
    """How many products stand in one of LISTS, by one read of its tally."""
    return tally_of(listed_as).total


def tally_of(listed_as: str) -> Tally:
    """The tally of one of LISTS, by one read."""
    return _tally(get_item((prefixes.COUNTER, f"PRODUCTS#{listed_as}")) or {})


def _tally(item: Item) -> Tally:
    return Tally(int(item.get("value", 0)), int(item.get(TIMED, 0)))


def neighbouring_products(rows: Sequence[ListingRow]) -> list[Product]:
    """The products of rows that stand next to each other, newest first, by one query."""
    return products_of(rows, neighbouring_documents(rows))


def neighbouring_documents(rows: Sequence[ListingRow]) -> list[Item]:
    """The documents of rows that stand next to each other in one list, newest first, by one query."""
    if not rows:
        return []
    stretch = sort_key().between(
        listing_position("METADATA", rows[-1].created_at, rows[-1].id),
        listing_position("METADATA", rows[0].created_at, rows[0].id),
    )
    return fetch_all(Query(status_partition(rows[0].listed_as), sort=stretch, index="GSI2"))


def scattered_products(rows: Sequence[ListingRow]) -> list[Product]:
    """The products of any rows, in their order, by one batch read for each hundred."""
    return products_of(rows, batch_get([document_key(row.id) for row in rows]).values())


def all_documents(listed_as: str, *, only: tuple[str, ...] | None = None) -> list[Item]:
    """Every document of one of LISTS: what a search through the texts has to read.

    `only` names the attributes that are sent; it saves time, not capacity.
    """
    documents = sort_key().begins_with("METADATA#")
    return fetch_all(Query(status_partition(listed_as), sort=documents, index="GSI2", select=only))


def products_of(rows: Sequence[ListingRow], documents: Iterable[Item]) -> list[Product]:
    """The products of rows whose documents have been read, in the order of the rows."""
    by_id = {document["id"]: document for document in documents}
    return [
        product_from_rows(by_id[row.id], row.stock, moved_at=row.stock_moved_at)
        for row in rows
        if row.id in by_id
    ]


def count_change(work: UnitOfWork, before: Product | None, after: Product | None) -> None:
    """Moves the tallies by what becomes of a product, in its transaction; None where it is not live."""
    changes, timed = Counter[str](), Counter[str]()
    for product, sign in ((before, -1), (after, 1)):
        if product is not None:
            changes[product.listed_as] += sign
            timed[product.listed_as] += sign * product.is_timed
    count_product(work, changes, timed)


def count_product(
    work: UnitOfWork, changes: Mapping[str, int], timed: Mapping[str, int] = MappingProxyType({})
) -> None:
    """Moves the tallies of lists by the given numbers, in the transaction of the change itself.

    `timed` are those of products with times, which `changes` has among the others.
    """
    for listed_as in dict.fromkeys((*changes, *timed)):
        moves = {"value": changes.get(listed_as, 0), TIMED: timed.get(listed_as, 0)}
        if any(moves.values()):
            keys = index_keys("GSI2", status_partition(listed_as), _AFTER_EVERY_ROW)
            update = Update()
            for name, change in moves.items():
                if change or name == "value":
                    update = update.add(name, change)
            for name, value in keys.items():
                update = update.set(name, value)
            work.update((prefixes.COUNTER, f"PRODUCTS#{listed_as}"), update)
