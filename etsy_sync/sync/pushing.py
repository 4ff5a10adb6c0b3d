"""Brings what there is of a SKU to a channel, safely against sales, other workers and lost answers.

The order of the steps is what makes it safe. Links are read before the stock, so that a sale applied in
between refuses the intent. The intent is stored before the channel is asked, so that a worker who dies
leaves a trace. One worker at a time works on a target, because a channel such as Etsy takes all SKUs of
a listing at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from common.clock import iso, parse_iso
from common.leases import held
from common.optimistic import StaleVersion
from common.stock_levels import Stock, current_stock
from etsy_sync.adapters.interface import Channel, ChannelError, Observation, Rejected, Stale, Transient
from etsy_sync.repositories.channel_links import (
    ChannelLink,
    Intent,
    begin_writes,
    confirm,
    drop_intents,
    finish_writes,
    links_of_target,
)
from etsy_sync.sync.rules import Decision, decide, resolve_intent

# A write is not begun when the lease may end before it is answered.
LEASE_SECONDS, LONGEST_WRITE = 180, 80
ATTEMPTS = 5

OFF_SALE = "taken off sale there"

Clock = Callable[[], datetime]
Connect = Callable[[ChannelLink], Channel]
FetchSales = Callable[[ChannelLink], None]
PushOutcome = Literal["written", "unchanged", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one link: `broadcast` is the quantity that the channel has now, `before` what it had."""

    link: ChannelLink
    outcome: PushOutcome
    before: int | None = None
    broadcast: int | None = None
    key: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Pusher:
    """Tells channels what there is.

    `connect` gives the channel of a link (NotConfigured, AuthExpired), `fetch_sales` applies what that
    channel has sold so far.
    """

    connect: Connect
    fetch_sales: FetchSales
    clock: Clock

    def push(self, channel: str, target: str) -> list[Pushed]:
        """Makes a target show what there is of all its linked SKUs.

        Raises LeaseTaken while another worker does, and the errors of the channel; Transient also when
        others kept changing the same numbers.
        """
        began = self.clock()
        deadline = began + timedelta(seconds=LEASE_SECONDS - LONGEST_WRITE)
        with held(f"{channel}#{target}", began, LEASE_SECONDS):
            for _ in range(ATTEMPTS):
                try:
                    return self._attempt(channel, target, deadline)
                except (StaleVersion, Stale):
                    continue
        raise Transient(f"{channel} {target}: its numbers kept changing")

    def _attempt(self, channel: str, target: str, deadline: datetime) -> list[Pushed]:
        links = [link for link in links_of_target(channel, target) if not link.is_kept_there]
        if not links:
            return []
        connected = self.connect(links[0])
        if any(link.intent for link in links):
            links = self._resolved(connected, links)
        stocks = current_stock(link.sku for link in links)
        seen = self.observed(connected, links)
        decisions = _decided(links, stocks, seen)
        if seen is not None and is_taken_off_sale(links, seen) and _has_news(decisions):
            return [Pushed(link, "skipped", 0, 0, reason=OFF_SALE) for link in links]
        return self._tell(connected, target, decisions, seen, deadline)

    def _tell(
        self,
        connected: Channel,
        target: str,
        decisions: Mapping[str, tuple[ChannelLink, Decision | None]],
        seen: Observation | None,
        deadline: datetime,
    ) -> list[Pushed]:
        decided = [(link, decision) for link, decision in decisions.values() if decision is not None]
        news = [(link, decision) for link, decision in decided if decision.is_news]
        key = str(uuid4())
        for link, decision in decided:
            if decision.is_confirmed:
                confirm(link, decision.base, self.clock())
        if news:
            self._write(connected, target, news, seen, key, deadline)
        return [_pushed(link, decision, seen, key) for link, decision in decisions.values()]

    def _write(
        self,
        connected: Channel,
        target: str,
        news: Sequence[tuple[ChannelLink, Decision]],
        seen: Observation | None,
        key: str,
        deadline: datetime,
    ) -> None:
        now = self.clock()
        if now > deadline:
            raise Transient(f"{connected.name} {target}: too slow to write within its lease")
        intents = [(link, _intent(link, decision, seen, key, now)) for link, decision in news]
        begin_writes(intents)
        begun = [replace(link, intent=intent) for link, intent in intents]
        quantities = {link.sku: intent.quantity for link, intent in intents}
        try:
            connected.write(target, quantities, seen or Observation({}), key)
        except Transient:
            # Nobody knows whether the channel accepted: the intent stays and says what was asked.
            raise
        except ChannelError:
            drop_intents(begun)
            raise
        finish_writes(begun, self.clock())

    def observed(self, connected: Channel, links: Sequence[ChannelLink]) -> Observation | None:
        """What the channel shows; None while it may still show what was there before the last write."""
        if connected.settles_after:
            settled = self.clock() - timedelta(seconds=connected.settles_after)
            written = [link.written_at for link in links if link.base is not None]
            if len(written) < len(links) or any(at and parse_iso(at) > settled for at in written):
                return None
        return connected.observe(links[0].target, [link.sku for link in links])

    def _resolved(self, connected: Channel, links: Sequence[ChannelLink]) -> list[ChannelLink]:
        """The links without what a worker left behind who died, or lost the channel's answer."""
        if connected.repeats_exactly:
            self._repeat(connected, [link for link in links if link.intent])
            return links_of_target(links[0].channel, links[0].target)
        self.fetch_sales(links[0])
        links = links_of_target(links[0].channel, links[0].target)
        if connected.settles_after:
            # What it shows tells nothing so soon: with nothing expected, the quantity is written again.
            drop_intents([link for link in links if link.intent])
            return [replace(link, base=None, intent=None) for link in links]
        self._compare(connected, links)
        return links_of_target(links[0].channel, links[0].target)

    def _repeat(self, connected: Channel, open_links: Sequence[ChannelLink]) -> None:
        for link in open_links:
            intent = link.intent
            if intent is None:
                continue
            seen = Observation({link.sku: intent.changed_from})
            try:
                connected.write(link.target, {link.sku: intent.quantity}, seen, intent.key)
            except (Stale, Rejected):
                drop_intents([link])
            else:
                finish_writes([link], self.clock())

    def _compare(self, connected: Channel, links: Sequence[ChannelLink]) -> None:
        seen = connected.observe(links[0].target, [link.sku for link in links])
        for link in links:
            observed = seen.quantities.get(link.sku)
            if link.intent is None:
                continue
            if observed is not None and resolve_intent(link, observed) is not link:
                finish_writes([link], self.clock())
            else:
                drop_intents([link])


def _intent(
    link: ChannelLink, decision: Decision, seen: Observation | None, key: str, now: datetime
) -> Intent:
    changed_from = seen.quantities.get(link.sku) if seen else None
    return Intent(decision.quantity, decision.base, link.sold_here, changed_from, key, iso(now))


def _decided(
    links: Sequence[ChannelLink], stocks: Mapping[str, Stock], seen: Observation | None
) -> dict[str, tuple[ChannelLink, Decision | None]]:
    """The decision about each link; None for a SKU that the channel does not have there, or twice."""
    decisions: dict[str, tuple[ChannelLink, Decision | None]] = {}
    for link in links:
        observed = seen.quantities.get(link.sku) if seen else None
        is_missing = seen is not None and observed is None
        decision = None if is_missing else decide(link, stocks[link.sku].broadcast, observed)
        decisions[link.sku] = (link, decision)
    return decisions


def is_taken_off_sale(links: Sequence[ChannelLink], seen: Observation) -> bool:
    """Whether somebody else took a target off sale, and not we by telling it that nothing is left.

    What is sold out expects nothing.
    """
    offered = (link for link in links if link.last_broadcast != 0)
    return not seen.is_on_sale and any(link.expected is not None and link.expected > 0 for link in offered)


def _has_news(decisions: Mapping[str, tuple[ChannelLink, Decision | None]]) -> bool:
    return any(decision is not None and decision.is_news for _, decision in decisions.values())


def _pushed(link: ChannelLink, decision: Decision | None, seen: Observation | None, key: str) -> Pushed:
    before = seen.quantities.get(link.sku) if seen else None
    if decision is None:
        return Pushed(link, "failed", reason=f"{link.channel} has no such SKU there, or has it twice")
    if decision.is_news:
        return Pushed(link, "written", before, decision.quantity, key)
    return Pushed(link, "unchanged", before, decision.quantity)
