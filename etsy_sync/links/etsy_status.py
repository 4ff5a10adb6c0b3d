"""How far Etsy's listings are in step with the shop, read off the links of their SKUs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.dynamodb import Key
from etsy_sync.repositories.channel_links import LINKS, ChannelLink, links_at
from etsy_sync.repositories.etsy_listings import FAILED, PENDING, SYNCED, UNLINKED, EtsyListing, all_listings

ETSY = "etsy"
STATUSES = (SYNCED, PENDING, FAILED, UNLINKED)


@dataclass(frozen=True, slots=True)
class ShownListing:
    """A listing with what its links tell: `status` is one of STATUSES, `last_synced_at` in ISO 8601 UTC.

    `error` says what stands in the way of it, or of one of its SKUs.
    """

    listing: EtsyListing
    status: str
    last_synced_at: str | None
    error: str | None


def shown(listings: Sequence[EtsyListing]) -> list[ShownListing]:
    """These listings, by one read of the links of all for each hundred."""
    links = links_at([key for listing in listings for key in _keys(listing)])
    return [_shown(listing, links) for listing in listings]


def page_of_listings(
    first: int, last: int, *, status: str | None = None, linked: bool | None = None
) -> tuple[list[ShownListing], int]:
    """The listings from place `first` to before `last`, and how many there are, of those that are wanted."""
    found = [each for each in all_listings() if linked is None or each.is_linked == linked]
    if status is None:
        return shown(found[first:last]), len(found)
    wanted = [each for each in shown(found) if each.status == status]
    return wanted[first:last], len(wanted)


def numbers_by_status() -> Counter[str]:
    """How many listings there are of each status."""
    return Counter(each.status for each in shown(all_listings()))


def _keys(listing: EtsyListing) -> list[Key]:
    return [LINKS.key(sku, ETSY, str(listing.id)) for sku in listing.variant_ids]


def _shown(listing: EtsyListing, links: Mapping[Key, ChannelLink]) -> ShownListing:
    own = [links.get(key) for key in _keys(listing)]
    known = [link for link in own if link is not None]
    synced_at = max((link.last_synced_at for link in known if link.last_synced_at), default=None)
    error = next((link.error for link in known if link.error), None) or listing.sync_error
    return ShownListing(listing, _status(listing, own), synced_at or listing.last_synced_at, error)


def _status(listing: EtsyListing, links: Sequence[ChannelLink | None]) -> str:
    if not listing.is_linked:
        return UNLINKED
    # A listing that shares no SKU with its product is never told anything.
    if not links or any(link is not None and link.sync_status == FAILED for link in links):
        return FAILED
    is_settled = all(link is not None and link.sync_status == SYNCED and not link.intent for link in links)
    return SYNCED if is_settled else PENDING
