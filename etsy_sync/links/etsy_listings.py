"""Links between what the shop sells and what is sold on Etsy: by SKU, or by an administrator's hand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from common.audit import Actor, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import InvalidInput, NotFound
from common.optimistic import retry_when_stale
from common.repositories.products import product_by_id
from common.stock_levels import Stock, all_stock
from common.stock_queue import announce
from etsy_sync.links.making import new_link
from etsy_sync.repositories.channel_links import add_link, dissolve, links_of_target, reassign
from etsy_sync.repositories.etsy_listings import ERROR, LISTINGS, PENDING, EtsyListing
from etsy_sync.repositories.link_exclusions import allow_linking, exclude_from_linking, excluded_from_linking

ETSY = "etsy"
# A listing's row, the audit entry and its links are one transaction.
MOST_SKUS = 90

NO_SHARED_SKU = "no SKU of the listing is one of the product's"


@dataclass(frozen=True, slots=True)
class _Scheduler:
    """Who links by SKU when nobody asked for it."""

    id: str = "etsy_sync"


SCHEDULER = _Scheduler()


def listing_of(listing_id: int) -> EtsyListing:
    """A listing as it was last seen; NotFound when there is none, or Etsy has it no longer."""
    listing = LISTINGS.get(listing_id)
    if listing is None or listing.deleted_at is not None:
        raise NotFound("Etsy listing not found")
    return listing


def link_listing(listing_id: int, product_id: int, actor: Actor, now: datetime) -> EtsyListing:
    """Says that a listing sells a product; each SKU that both have is kept in step from now on.

    A listing that was linked to another product is not any more. Raises NotFound for either, InvalidInput
    for a listing with more SKUs than can be linked, StaleVersion when others kept changing it.
    """
    product = product_by_id(product_id)
    if product is None or product.deleted_at is not None:
        raise NotFound("Product not found")
    variants = {variant.sku.strip(): variant.id for variant in product.live_variants if variant.sku}
    linked = retry_when_stale(lambda: _link(listing_of(listing_id), product_id, variants, actor, now))
    announce(linked.variant_ids)
    return linked


def unlink_listing(listing_id: int, actor: Actor, now: datetime) -> EtsyListing:
    """Says that a listing sells nothing of the shop; what Etsy shows stays as it is.

    It is not linked by SKU again.
    """

    def step() -> EtsyListing:
        before = listing_of(listing_id)
        if not before.is_linked:
            return before
        after = replace(
            before,
            product_id=None,
            variant_ids={},
            sync_status=PENDING,
            sync_error=None,
            updated_at=iso(now),
        )
        with UnitOfWork() as work:
            stored = LISTINGS.change(work, before, after)
            for link in links_of_target(ETSY, str(listing_id)):
                dissolve(work, link)
            exclude_from_linking(work, ETSY, str(listing_id), "", now)
            _record(work, before, after, actor, now)
        return stored

    return retry_when_stale(step)


def link_by_sku(listings: Sequence[EtsyListing], now: datetime) -> tuple[int, dict[int, str]]:
    """Links every listing of these that is not linked, and whose SKUs name one product of the shop.

    A linked one is linked again when it shares more SKUs with its product, or others, than before. Answers
    how many were linked, and for each listing that could not be, why: a SKU that is in another listing
    too is reported, because nobody knows which one is meant. `listings` has to be all that Etsy shows. A
    listing without any known SKU, or that was unlinked by hand, is passed over in silence.
    """
    seen = Counter(sku for listing in listings for sku in skus_of(listing))
    stocks = all_stock()
    linked, problems, apart = 0, dict[int, str](), excluded_from_linking(ETSY)
    for listing in listings:
        if not listing.is_linked and (str(listing.id), "") in apart:
            continue
        known = [stocks[sku] for sku in skus_of(listing) if sku in stocks and stocks[sku].product_id]
        product = listing.product_id or _product_of(known, seen, listing.id, problems)
        shared = {stock.sku for stock in known if stock.product_id == product}
        if product is not None and (not listing.is_linked or shared != set(listing.variant_ids)):
            link_listing(listing.id, product, SCHEDULER, now)
            linked += 1
    return linked, problems


def _product_of(
    known: Sequence[Stock], seen: Counter[str], listing_id: int, problems: dict[int, str]
) -> int | None:
    products = {stock.product_id for stock in known}
    repeated = [stock.sku for stock in known if seen[stock.sku] > 1]
    if repeated:
        problems[listing_id] = f"SKU {repeated[0]} is on Etsy more than once; link by hand"
    elif len(products) > 1:
        problems[listing_id] = "its SKUs belong to several products; link by hand"
    else:
        return next(iter(products), None)
    return None


def skus_of(listing: EtsyListing) -> list[str]:
    """The SKUs of a listing without surrounding blanks; blank ones are left out."""
    found = listing.skus or ((listing.sku,) if listing.sku else ())
    return [sku.strip() for sku in found if sku and sku.strip()]


def _link(
    before: EtsyListing, product_id: int, variants: Mapping[str, int], actor: Actor, now: datetime
) -> EtsyListing:
    shared = {sku: variants[sku] for sku in skus_of(before) if sku in variants}
    if len(shared) > MOST_SKUS:
        raise InvalidInput(f"A listing with more than {MOST_SKUS} SKUs cannot be linked")
    present = {link.sku: link for link in links_of_target(ETSY, str(before.id))}
    after = replace(
        before,
        product_id=product_id,
        variant_ids=shared,
        sync_status=PENDING if shared else ERROR,
        sync_error=None if shared else NO_SHARED_SKU,
        updated_at=iso(now),
    )
    with UnitOfWork() as work:
        stored = LISTINGS.change(work, before, after)
        allow_linking(work, ETSY, str(before.id), "")
        _record(work, before, after, actor, now)
        extra = {"shop_id": before.shop_id} if before.shop_id else {}
        for sku, link in present.items():
            if sku not in shared:
                dissolve(work, link)
            elif link.variant_id != shared[sku]:
                reassign(work, link, product_id, shared[sku])
        for sku in sorted(shared.keys() - present.keys()):
            add_link(work, new_link(ETSY, str(before.id), sku, (product_id, shared[sku]), extra, now))
    return stored


def _record(work: UnitOfWork, before: EtsyListing, after: EtsyListing, actor: Actor, now: datetime) -> None:
    changes = {"product_id": {"old": before.product_id, "new": after.product_id}}
    record(
        work,
        actor=actor,
        action="UPDATE",
        entity_type="EtsyListing",
        entity_id=before.id,
        now=now,
        changes=changes,
    )
