"""Etsy listings as they were last seen: one row each, with the product that it is linked to.

A row is found by its listing id, so that a listing without a product can be stored as well; GSI1 lists a
product's listings, GSI2 all of them in the order of their ids. A listing that has vanished from Etsy is
kept with `deleted_at` and is in no index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from common import prefixes
from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import Index
from common.dynamodb.rows import Rows
from common.dynamodb.shapes import Kind
from common.money import unrounded

SYNCED, PENDING, FAILED, UNLINKED = "synced", "pending", "failed", "unlinked"

# What the old database calls a failed synchronisation.
ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsyListing:
    """A listing; `price` in the shop's currency, times in ISO 8601 UTC.

    `sku` is the first SKU as the platform tells it, `skus` all of them where there are several.
    `product_id` is the shop's product and `variant_ids` the variant of each SKU, where it is linked.
    `sync_status` is the outcome of the last synchronisation and `sync_error` what went wrong with it;
    `legacy_id` is the id of its row in the old database.
    """

    id: int
    title: str
    created_at: str
    updated_at: str
    shop_id: str | None = None
    description: str | None = None
    price: Decimal | None = None
    quantity: int = 0
    sku: str | None = None
    skus: tuple[str, ...] = ()
    state: str | None = None
    url: str | None = None
    product_id: int | None = None
    variant_ids: Mapping[str, int] = field(default_factory=dict)
    sync_status: str = PENDING
    sync_error: str | None = None
    last_synced_at: str | None = None
    deleted_at: str | None = None
    legacy_id: int | None = None
    version: int = 1

    @property
    def is_linked(self) -> bool:
        """Whether it stands for a product of the shop."""
        return self.product_id is not None

    @property
    def shown_status(self) -> str:
        """`unlinked` without a product, else `synced`, `pending` or `failed`."""
        if not self.is_linked:
            return UNLINKED
        return FAILED if self.sync_status == ERROR else self.sync_status


_OF_PRODUCT = Index[EtsyListing](
    "GSI1", prefixes.ETSY_PRODUCT + "#{product_id}", "{id:020d}", when=lambda it: it.is_linked
)
_ALL = Index[EtsyListing]("GSI2", prefixes.ETSY_LISTING, "{id:020d}")

LISTINGS = Rows(
    EtsyListing,
    "Listing",
    key=prefixes.ETSY_LISTING + "#{id}",
    indexes=(_OF_PRODUCT, _ALL),
    unstored=("skus", "variant_ids"),
    # Two runs may both have seen a listing first: the second does not undo a link made between them.
    rereads=True,
    kinds={"price": Kind(Decimal, lambda stored: unrounded(stored, DEFAULT_CURRENCY))},
)


def listings_by_ids(listing_ids: Iterable[int]) -> dict[int, EtsyListing]:
    """The listings that there are of these, deleted ones included, by one read for each hundred."""
    found = LISTINGS.many(LISTINGS.key(listing_id) for listing_id in listing_ids)
    return {listing.id: listing for listing in found.values()}


def listings_of_product(product_id: int) -> list[EtsyListing]:
    """The listings linked to a product, by one query of GSI1 (eventually consistent)."""
    return LISTINGS.all(_OF_PRODUCT.query(product_id=product_id))


def all_listings() -> list[EtsyListing]:
    """Every listing that is not deleted, in the order of their ids, by GSI2 (eventually consistent)."""
    return LISTINGS.all(_ALL.query())
