"""Etsy listings as they were last seen: one row each, with the product that it is linked to.

A row is found by its listing id, so that a listing without a product can be stored as well; GSI1 lists a
product's listings, GSI2 all of them in the order of their ids. A listing that has vanished from Etsy is
kept with `deleted_at` and is in no index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import Item, Key, Query, UnitOfWork, attr, batch_get, fetch_all, get_item, index_keys
from common.money import unrounded
from common.optimistic import StaleVersion
from etsy_sync.repositories.changed_rows import change_row

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


_FIELDS = tuple(EtsyListing.__dataclass_fields__)


def listing_key(listing_id: int) -> Key:
    """The key of a listing."""
    return f"ETSY_LISTING#{listing_id}", "METADATA"


def listing_index_keys(listing: EtsyListing) -> dict[str, str]:
    """The index keys of a listing; none while it is deleted."""
    if listing.deleted_at is not None:
        return {}
    position = f"{listing.id:020d}"
    by_product = (
        index_keys("GSI1", f"ETSY_PRODUCT#{listing.product_id}", position) if listing.is_linked else {}
    )
    return {**by_product, **index_keys("GSI2", "ETSY_LISTING", position)}


def listing_item(listing: EtsyListing) -> Item:
    """The row of a listing; what is None or empty is not stored, but empty texts are."""
    pk, sk = listing_key(listing.id)
    values = {name: getattr(listing, name) for name in _FIELDS} | {
        "skus": list(listing.skus),
        "variant_ids": dict(listing.variant_ids),
    }
    stored = {name: value for name, value in values.items() if value not in (None, [], {})}
    return {"PK": pk, "SK": sk, **listing_index_keys(listing), **stored}


def listing_from_item(item: Item) -> EtsyListing:
    """The listing that a row holds."""
    values: dict[str, Any] = {name: item[name] for name in _FIELDS if name in item}
    if "price" in values:
        values["price"] = unrounded(values["price"], DEFAULT_CURRENCY)
    return EtsyListing(**values | {"skus": tuple(values.get("skus", ()))})


def listing_by_id(listing_id: int) -> EtsyListing | None:
    """The listing with this id, a deleted one included, by one consistent read."""
    item = get_item(listing_key(listing_id), consistent=True)
    return listing_from_item(item) if item else None


def listings_by_ids(listing_ids: Iterable[int]) -> dict[int, EtsyListing]:
    """The listings that there are of these, deleted ones included, by one read for each hundred."""
    rows = batch_get([listing_key(listing_id) for listing_id in listing_ids], consistent=True)
    return {listing.id: listing for listing in map(listing_from_item, rows.values())}


def listings_of_product(product_id: int) -> list[EtsyListing]:
    """The listings linked to a product, by one query of GSI1 (eventually consistent)."""
    return _listings(Query(f"ETSY_PRODUCT#{product_id}", index="GSI1"))


def all_listings() -> list[EtsyListing]:
    """Every listing that is not deleted, in the order of their ids, by GSI2 (eventually consistent)."""
    return _listings(Query("ETSY_LISTING", index="GSI2"))


def add_listing(work: UnitOfWork, listing: EtsyListing) -> None:
    """Writes a listing that is seen for the first time."""
    # Stops two runs that both saw it first from undoing a link that was made between them.
    work.put(listing_item(listing), condition=attr("PK").missing(), failed=StaleVersion("Listing"))


def change_listing(work: UnitOfWork, before: EtsyListing, after: EtsyListing) -> EtsyListing:
    """Writes what differs between a listing as it was read and `after`, which is returned as stored.

    Links are made and dissolved by it too: the index keys follow. StaleVersion at the commit.
    """
    stored = replace(after, version=before.version + 1)
    change_row(work, listing_item(before), listing_item(stored), "Listing")
    return stored


def _listings(query: Query) -> list[EtsyListing]:
    return [listing_from_item(item) for item in fetch_all(query)]
