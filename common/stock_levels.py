"""What there is of a SKU: its pieces, those kept back, and what the channels may sell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from common import prefixes
from common.clock import iso, utc_now
from common.dynamodb import Item, Key, batch_get
from common.dynamodb.unique import marker_key
from common.repositories.listings import all_documents, all_rows
from common.repositories.numbering import numbering_in
from common.repositories.product_writes import variant_pointer_key
from common.repositories.products import LISTS, PUBLISHED, is_on_show, listing_key, status_partition
from common.repositories.sku_stock import (
    Broadcast,
    SkuRow,
    every_sku_row,
    sku_from_item,
    sku_key,
)
from common.repositories.stock import Shelf


@dataclass(frozen=True, slots=True)
class Stock:
    """A SKU at a moment: `physical` pieces are there, `buffer` of them are kept back from the channels.

    `last_broadcast` is what each channel was last told. `is_counted` where a variant or a count of its own
    says how many pieces there are, `is_offered` unless its product is not public at this moment. A SKU that
    nobody knows has none of anything.
    """

    sku: str
    shelf: Shelf
    buffer: int = 0
    last_broadcast: Mapping[str, Broadcast] = field(default_factory=dict)
    asin: str | None = None
    is_counted: bool = False
    is_offered: bool = True

    @property
    def physical(self) -> int:
        """The pieces that are there: the stock of the SKU's variant, else the SKU's own count."""
        return self.shelf.seen

    @property
    def broadcast(self) -> int:
        """How many pieces every channel may offer."""
        return max(0, self.physical - self.buffer) if self.is_offered else 0

    @property
    def variant_id(self) -> int | None:
        """The variant that has the SKU; None when none has it."""
        return self.shelf.variant_id

    @property
    def product_id(self) -> int | None:
        """The product of that variant."""
        return self.shelf.product_id


def current_stock(skus: Iterable[str]) -> dict[str, Stock]:
    """What there is of each SKU now, unknown ones included.

    Three consistent batch reads for up to fifty SKUs: their rows and markers, the variants' pointers, the
    listing rows; without a variant one.
    """
    wanted = list(dict.fromkeys(skus))
    keys = [key for sku in wanted for key in (sku_key(sku), marker_key("VARIANT_SKU", sku))]
    rows = batch_get(keys, consistent=True)
    owners = {sku: _owner(rows.get(marker_key("VARIANT_SKU", sku))) for sku in wanted}
    counts = _counts({variant for variant in owners.values() if variant is not None})
    return {sku: _stock(sku, rows.get(sku_key(sku)), owners[sku], counts) for sku in wanted}


def all_stock() -> dict[str, Stock]:
    """Every SKU that a live variant has or that has a row of its own, in their order.

    Two queries for each list of products, as large as the catalogue, and one for the SKUs' rows; these reads
    may be a moment old.
    """
    rows = {row.sku: row for row in every_sku_row()}
    shelves = {found.shelf.sku: found for found in _variant_shelves() if found.shelf.sku}
    known = {sku: _with_row(sku, rows.get(sku), shelves.get(sku)) for sku in shelves.keys() | rows.keys()}
    return {sku: known[sku] for sku in sorted(known)}


@dataclass(frozen=True, slots=True)
class _Found:
    shelf: Shelf
    is_offered: bool


def _variant_shelves() -> Iterable[_Found]:
    at = iso(utc_now())
    for listed_as in LISTS:
        rows = {row.id: row for row in all_rows(listed_as)}
        for document in all_documents(listed_as, only=("id", "variants")):
            product_id = int(document["id"])
            row = rows.get(product_id)
            is_public = row is not None and row.is_public_at(at)
            for key, variant in document.get("variants", {}).items():
                if variant.get("sku") and "deleted_at" not in variant:
                    seen = int(row.stock.get(key, 0)) if row else 0
                    shelf = Shelf(variant["sku"], seen, product_id, int(key))
                    yield _Found(shelf, is_public)


def _owner(marker: Item | None) -> int | None:
    return int(str(marker["owner"]).removeprefix(f"{prefixes.VARIANT}#")) if marker else None


def _counts(variants: set[int]) -> dict[int, _Found]:
    """The count of each variant that there is, whatever its SKU, and whether its product is public."""
    pointers = batch_get([variant_pointer_key(each) for each in sorted(variants)], consistent=True)
    products = {
        each: int(pointers[variant_pointer_key(each)]["product_id"])
        for each in variants
        if variant_pointer_key(each) in pointers
    }
    wanted: list[Key] = [listing_key(each) for each in sorted(set(products.values()))]
    listings = batch_get(wanted, consistent=True)
    counts: dict[int, _Found] = {}
    at = iso(utc_now())
    for variant, product in products.items():
        row = listings.get(listing_key(product), {})
        is_on_sale = is_on_show(row.get("publish_at"), row.get("unpublish_at"), at)
        is_public = row.get("GSI2PK") == status_partition(PUBLISHED) and is_on_sale
        seen = int(row.get("stock", {}).get(str(variant), 0))
        shelf = Shelf(None, seen, product, variant, numbering_in(row, variant))
        counts[variant] = _Found(shelf, is_public)
    return counts


def _stock(sku: str, item: Item | None, owner: int | None, counts: Mapping[int, _Found]) -> Stock:
    row = sku_from_item(item) if item else None
    found = counts.get(owner) if owner is not None else None
    named = replace(found, shelf=replace(found.shelf, sku=sku)) if found else None
    return _with_row(sku, row, named)


def _with_row(sku: str, row: SkuRow | None, found: _Found | None) -> Stock:
    own = row or SkuRow(sku)
    # The variant's stock is the count wherever there is a variant, whatever the row still says.
    shelf = found.shelf if found else Shelf(sku, own.physical or 0)
    return Stock(
        sku,
        shelf,
        own.buffer or 0,
        own.last_broadcast,
        own.asin,
        is_counted=found is not None or own.physical is not None,
        is_offered=found is None or found.is_offered,
    )
