"""What a channel shows without a reason that is known here, and its repair."""

from collections.abc import Sequence
from enum import Enum

from common.dynamodb import UnitOfWork, batch_write
from common.optimistic import StaleVersion
from common.stock_alerts import raise_alert
from etsy_sync.adapters.interface import Observation
from etsy_sync.repositories.channel_links import ChannelLink, confirm, links_of_target
from etsy_sync.repositories.sync_log import ENTRIES, NEITHER, SUCCESS
from etsy_sync.sync.pushing import OFF_SALE, Pusher, is_taken_off_sale
from etsy_sync.sync.reporting import log_entry, note
from etsy_sync.sync.rules import offered

NOT_THERE = "the SKU is not there, or there twice"


class Finding(Enum):
    """What an observation says of a link."""

    AS_EXPECTED = "as_expected"
    DRIFTED = "drifted"
    MISSING = "missing"
    OFF_SALE = "off_sale"


def judge(link: ChannelLink, links: Sequence[ChannelLink], seen: Observation) -> Finding:
    """What is to be said of a link by what was seen of its target and all links of that."""
    observed, expected = seen.quantities.get(link.sku), link.expected
    if observed is None:
        return Finding.MISSING
    if is_taken_off_sale(links, seen):
        return Finding.OFF_SALE
    if expected is None or link.intent is not None or observed == offered(link.channel, expected):
        return Finding.AS_EXPECTED
    return Finding.DRIFTED


def note_finding(link: ChannelLink, finding: Finding, pusher: Pusher) -> None:
    """Keeps with a link that the channel cannot sell it, and why; the first time with an alert."""
    reasons = {Finding.MISSING: NOT_THERE, Finding.OFF_SALE: OFF_SALE}
    if finding in reasons:
        note(link, reasons[finding], pusher.clock(), is_permanent=True)


def repair(pusher: Pusher, channel: str, target: str) -> list[ChannelLink]:
    """Accepts what a target shows where nothing explains it, and answers which links that concerned.

    A sale may come at any moment, so the sales are fetched again after looking: what was applied since the
    links were read refuses the repair, which the next comparison makes then. Raises the channel's errors.
    """
    links = [link for link in links_of_target(channel, target) if not link.is_kept_there]
    if not links:
        return []
    seen = pusher.observed(pusher.connect(links[0]), links)
    if seen is None:
        return []
    drifted = [link for link in links if judge(link, links, seen) is Finding.DRIFTED]
    if drifted:
        pusher.fetch_sales(links[0])
    return [link for link in drifted if _accept(pusher, link, seen.quantities[link.sku] or 0)]


def _accept(pusher: Pusher, link: ChannelLink, observed: int) -> bool:
    try:
        confirm(link, observed, pusher.clock())
    except StaleVersion:
        return False
    now = pusher.clock()
    expected = link.expected or 0
    text = f"{link.channel} {link.target} shows {observed} of {link.sku} where {expected} were expected"
    entry = log_entry(
        link,
        now,
        status=SUCCESS,
        direction=NEITHER,
        old=expected,
        new=observed,
        error=text,
        sync_type="drift",
    )
    batch_write([ENTRIES.item(entry)])
    if observed > expected:
        # It may have sold what is not there.
        with UnitOfWork() as work:
            raise_alert(work, type="manual_review", sku=link.sku, message=text, now=now)
    return True
