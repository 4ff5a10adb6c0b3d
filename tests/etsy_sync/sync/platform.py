"""A channel's own books in memory: what it shows, what it sells, and how its answers get lost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.stock_ledger import Outcome, apply_channel_sale
from etsy_sync.adapters.interface import ChannelError, Observation, Stale, Transient
from etsy_sync.repositories.channel_links import (
    ChannelLink,
    add_link,
    count_sold_here,
    find_link,
)
from etsy_sync.sync.pushing import Pusher
from tests.common.stock_builders import NOW, SKU

TARGET = "101"


@dataclass
class Platform:
    """What buyers see by target and SKU; `sales` have happened there, whether or not the shop knows.

    `before_write` runs once before the next write, `refuse` is raised instead of the next write, and
    `lose_answers` writes are accepted with nobody hearing of it.
    """

    name: str = "etsy"
    settles_after: int = 0
    repeats_exactly: bool = False
    shown: dict[str, dict[str, int]] = field(default_factory=dict)
    off_sale: set[str] = field(default_factory=set)
    sales: list[tuple[str, str, str, int]] = field(default_factory=list)
    writes: list[dict[str, int]] = field(default_factory=list)
    reads: int = 0
    before_write: Callable[[], object] | None = None
    refuse: ChannelError | None = None
    lose_answers: int = 0
    accepted: set[str] = field(default_factory=set)

    def observe(self, target: str, skus: Sequence[str]) -> Observation:
        self.reads += 1
        shown = self.shown.get(target, {})
        is_on_sale = target not in self.off_sale
        return Observation({sku: shown.get(sku) if is_on_sale else 0 for sku in skus}, is_on_sale)

    def observe_many(self, targets: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Observation]]:
        for target, skus in targets.items():
            if target in self.shown:
                yield target, self.observe(target, skus)

    def write(self, target: str, quantities: Mapping[str, int], seen: Observation, key: str) -> None:
        hook, self.before_write = self.before_write, None
        if hook is not None:
            hook()
        if self.refuse is not None:
            error, self.refuse = self.refuse, None
            raise error
        if not (self.repeats_exactly and key in self.accepted):
            if self.repeats_exactly and any(
                self.shown[target][sku] != seen.quantities[sku] for sku in quantities
            ):
                raise Stale("somebody was faster")
            self.accepted.add(key)
            self.shown[target].update(quantities)
            self.writes.append(dict(quantities))
        if self.lose_answers:
            self.lose_answers -= 1
            raise Transient("the answer got lost")

    def sell(self, quantity: int, sku: str = SKU, target: str = TARGET) -> None:
        """A buyer buys what is shown."""
        assert self.shown[target][sku] >= quantity
        self.shown[target][sku] -= quantity
        self.sales.append((f"sale-{len(self.sales)}", target, sku, quantity))


def linked(platform: Platform, shown: int, sku: str = SKU, target: str = TARGET) -> ChannelLink:
    """Puts a SKU on a channel and links it."""
    platform.shown.setdefault(target, {})[sku] = shown
    link = ChannelLink(
        sku=sku, channel=platform.name, target=target, created_at=iso(NOW), updated_at=iso(NOW)
    )
    with UnitOfWork() as work:
        add_link(work, link)
    return link


def link_now(platform: Platform, sku: str = SKU, target: str = TARGET) -> ChannelLink:
    """The link as it is stored."""
    found = find_link(sku, platform.name, target)
    assert found is not None
    return found


def apply_sales(platform: Platform, number: int | None = None) -> list[Outcome]:
    """Applies the first sales of a channel here, or all of them; those before again."""
    return [
        apply_channel_sale(
            platform.name,
            event_id,
            sku,
            quantity,
            NOW,
            extra=lambda work, sku=sku, target=target, quantity=quantity: count_sold_here(  # type: ignore[misc]
                work, link_now(platform, sku, target), quantity
            ),
        )
        for event_id, target, sku, quantity in platform.sales[:number]
    ]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: int) -> None:
        """Lets time pass."""
        self.now += timedelta(seconds=seconds)


def pusher(platform: Platform, clock: Callable[[], datetime] | None = None) -> Pusher:
    """Who tells this channel."""

    def connect(_: ChannelLink) -> Platform:
        return platform

    def fetch_sales(_: ChannelLink) -> None:
        apply_sales(platform)

    return Pusher(connect, fetch_sales, clock or Clock())
