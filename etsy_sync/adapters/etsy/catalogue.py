"""Brings Etsy's listings in, marks those that have vanished, and links by SKU what is not linked yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.optimistic import StaleVersion
from etsy_sync.adapters.etsy import listings as etsy
from etsy_sync.adapters.etsy.client import PAGE, EtsyClient
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.links.etsy_listings import ETSY, NO_SHARED_SKU, link_by_sku
from etsy_sync.repositories.channel_links import dissolve, links_of_target
from etsy_sync.repositories.etsy_listings import LISTINGS, EtsyListing, all_listings, listings_by_ids

# Etsy allows 140 characters, the old database kept 255.
LONGEST_TITLE = 255


def fetch_listings(client: EtsyClient, now: datetime, progress: Progress | None = None) -> RunResult:
    """Reads every listing of a shop and keeps what changed; nothing is written for one that did not.

    What stands in the way of linking is kept with the listing. Raises the client's errors; then nothing
    counts as vanished.
    """
    seen: dict[int, etsy.Listing] = {}
    for found in etsy.all_listings(client):
        seen[found.listing_id] = found
        if progress is not None and not len(seen) % PAGE:
            progress(len(seen), None)
    known = listings_by_ids(seen)
    counts: Counter[str] = Counter(listings=len(seen))
    rows = [_keep(listing, known.get(listing.listing_id), now, counts) for listing in seen.values()]
    _drop_vanished(client, set(seen), now, counts)
    current = [row for row in rows if row is not None]
    linked, problems = link_by_sku(current, now)
    counts["linked"] += linked
    _note_problems(current, {each: problems.get(each) or _doubt(seen[each]) for each in seen}, now)
    errors = [f"listing {listing}: {problem}" for listing, problem in sorted(problems.items())]
    return RunResult(counts, errors)


def _keep(
    listing: etsy.Listing, before: EtsyListing | None, now: datetime, counts: Counter[str]
) -> EtsyListing | None:
    """The row as it is stored now; None when somebody else was writing it, which the next run repeats."""
    after = _as_row(listing, before, now)
    if before is not None and after == before:
        return before
    try:
        with UnitOfWork() as work:
            if before is None:
                LISTINGS.add(work, after)
                stored = after
            else:
                stored = LISTINGS.change(work, before, replace(after, updated_at=iso(now)))
    except StaleVersion:
        counts["busy"] += 1
        return None
    counts["added" if before is None else "changed"] += 1
    return stored


def _as_row(listing: etsy.Listing, before: EtsyListing | None, now: datetime) -> EtsyListing:
    moment = iso(now)
    known = before or EtsyListing(id=listing.listing_id, title="", created_at=moment, updated_at=moment)
    return replace(
        known,
        shop_id=listing.shop_id,
        title=listing.title[:LONGEST_TITLE],
        description=listing.description,
        price=listing.price,
        quantity=listing.quantity,
        sku=listing.skus[0] if listing.skus else None,
        skus=listing.skus,
        state=listing.state,
        url=listing.url,
        last_synced_at=known.last_synced_at or moment,
        deleted_at=None,
    )


def _doubt(listing: etsy.Listing) -> str | None:
    """What Etsy's own entries leave open, so that some of the listing cannot be kept in step."""
    if listing.doubled:
        return f"SKU {listing.doubled[0]} is in the listing more than once"
    return "a product of the listing has no SKU" if listing.has_blank else None


def _drop_vanished(client: EtsyClient, seen: set[int], now: datetime, counts: Counter[str]) -> None:
    """Keeps that listings are gone; without their SKUs, so that one that comes back is linked anew."""
    for before in all_listings():
        if before.id in seen or before.shop_id not in {client.shop_id, None}:
            continue
        if not etsy.is_gone(client, before.id):
            continue
        moment = iso(now)
        gone = replace(before, variant_ids={}, deleted_at=moment, updated_at=moment)
        try:
            with UnitOfWork() as work:
                LISTINGS.change(work, before, gone)
                for link in links_of_target(ETSY, str(before.id)):
                    dissolve(work, link)
        except StaleVersion:
            counts["busy"] += 1
            continue
        counts["vanished"] += 1


def _note_problems(rows: Sequence[EtsyListing], problems: Mapping[int, str | None], now: datetime) -> None:
    """Keeps with each listing what stands in its way, where that is news."""
    for before in rows:
        problem = problems[before.id] or (
            NO_SHARED_SKU if before.is_linked and not before.variant_ids else None
        )
        if problem == before.sync_error:
            continue
        try:
            with UnitOfWork() as work:
                LISTINGS.change(work, before, replace(before, sync_error=problem, updated_at=iso(now)))
        except StaleVersion:
            # The next run finds it again.
            continue
