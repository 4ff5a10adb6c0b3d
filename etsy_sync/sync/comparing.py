"""Whole channels at once: tells each what it has not been told, and finds what differs without a reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from common.stock_levels import Stock, all_stock
from etsy_sync.adapters.interface import ChannelError, Observation, RateLimited
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.repositories.channel_links import ChannelLink, all_links
from etsy_sync.sync.delivery import Delivery, deliver_target
from etsy_sync.sync.drift import Finding, judge, note_finding, repair
from etsy_sync.sync.pushing import Pusher
from etsy_sync.sync.rules import is_unsure, offered

Targets = dict[str, list[ChannelLink]]


def tell_what_changed(pusher: Pusher, channel: str, progress: Progress | None = None) -> RunResult:
    """Tells a channel of every SKU whose number is another than what it was told last.

    One read of the channel's links and one of all stock; only targets that differ cost calls. A channel
    whose day is used up is left alone for the rest of the run.
    """
    links, stocks = list(all_links(channel)), all_stock()
    changed = [link for link in links if _differs(link, stocks)]
    run = RunResult(Counter(links=len(links), changed=len(changed)))
    _tell(pusher, changed, run, progress)
    return run


def reconcile(pusher: Pusher, channel: str, progress: Progress | None = None) -> RunResult:
    """Compares what a channel shows with what it should, repairs what differs, and tells what changed.

    Apply the channel's sales first: then a difference has no reason but drift. What differs is logged;
    a channel that shows more than it should raises an alert, because it might have sold it. The shop's
    stock is the master: afterwards the channel is told what there is.
    """
    run = RunResult()
    by_target: Targets = defaultdict(list)
    for link in all_links(channel):
        run.counts["links"] += 1
        if not link.is_kept_there:
            by_target[link.target].append(link)
    for target in _suspicious(pusher, by_target, run, progress):
        try:
            run.counts["drifted"] += len(repair(pusher, channel, target))
        except ChannelError as error:
            run.errors.append(f"{channel} {target}: {error}")
            run.is_cut_short = True
            if isinstance(error, RateLimited):
                break
    stocks = all_stock()
    behind = (link for link in all_links(channel) if _differs(link, stocks))
    _tell(pusher, behind, run, None)
    return run


def _differs(link: ChannelLink, stocks: dict[str, Stock]) -> bool:
    if link.is_kept_there:
        return False
    if link.intent is not None or is_unsure(link):
        return True
    stock = stocks.get(link.sku)
    return link.expected != offered(link.channel, stock.broadcast if stock else 0)


def _tell(pusher: Pusher, links: Iterable[ChannelLink], run: RunResult, progress: Progress | None) -> None:
    targets = {link.target: link for link in links}
    for number, link in enumerate(targets.values()):
        delivery = Delivery()
        deliver_target(pusher, link, delivery)
        run.counts.update(result.outcome for result in delivery.results)
        run.errors += delivery.errors
        if progress is not None:
            progress(number + 1, len(targets))
        if delivery.is_day_used_up:
            run.is_cut_short = True
            run.counts["left_for_later"] += len(targets) - number - 1
            return


def _suspicious(pusher: Pusher, by_target: Targets, run: RunResult, progress: Progress | None) -> list[str]:
    """The targets that show what nothing explains; what else cannot be sold is noted with its links."""
    found: list[str] = []
    done = 0
    for shop in _by_connection(by_target):
        unseen = {links[0].target: links for links in shop}
        try:
            for target, seen in _observations(pusher, shop):
                links = unseen.pop(target)
                if Finding.DRIFTED in _judged(pusher, links, seen, run):
                    found.append(target)
                done += 1
                if progress is not None:
                    progress(done, len(by_target))
        except ChannelError as error:
            run.errors.append(f"{shop[0][0].channel}: {error}")
            run.is_cut_short = True
            continue
        for links in unseen.values():
            _judged(pusher, links, Observation({}), run)
    return found


def _judged(pusher: Pusher, links: Sequence[ChannelLink], seen: Observation, run: RunResult) -> set[Finding]:
    findings = set[Finding]()
    for link in links:
        finding = judge(link, links, seen)
        note_finding(link, finding, pusher)
        if finding is not Finding.DRIFTED:
            run.counts[finding.value] += 1
        findings.add(finding)
    return findings


def _observations(pusher: Pusher, shop: list[list[ChannelLink]]) -> Iterator[tuple[str, Observation]]:
    wanted = {links[0].target: [link.sku for link in links] for links in shop}
    return pusher.connect(shop[0][0]).observe_many(wanted)


def _by_connection(by_target: Targets) -> list[list[list[ChannelLink]]]:
    """The targets by the shop that they are in: each shop is asked for all of its own at once."""
    shops: dict[object, list[list[ChannelLink]]] = defaultdict(list)
    for links in by_target.values():
        shops[links[0].extra.get("shop_id")].append(links)
    return list(shops.values())
