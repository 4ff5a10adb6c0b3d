"""Time that goes by with every job running at its rate, and how long news took to reach the channels."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from common.repositories.products import PUBLISHED, status_partition
from etsy_sync.sync.rules import offered
from tests.etsy_sync.machine_books import Books, Purchase, read_books
from tests.etsy_sync.machine_world import CHANNELS, SKUS, World

# Minutes between two runs, as etsy_sync.schedules has them; the nightly one runs where the tests end.
EVERY = {"receipts": 5, "orders": 5, "tokens": 10, "inventory": 30}


@dataclass
class Spread:
    """Since when a SKU has been shown otherwise than its rule somewhere; `delays` are those that are over.

    A delay is the time from the first change to the moment when the last channel shows what it should, in
    seconds.
    """

    since: dict[str, datetime] = field(default_factory=dict)
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def look(self, world: World, books: Books, purchases: Iterable[Purchase]) -> None:
        """Compares what every channel shows with its rule."""
        there = available(books, purchases)
        for sku in SKUS:
            if wrong(world, books, sku, there[sku]):
                self.since.setdefault(sku, world.clock.now)
            elif sku in self.since:
                self.delays[sku].append((world.clock.now - self.since.pop(sku)).total_seconds())

    @property
    def longest(self) -> float:
        """The longest delay, in seconds."""
        return max((delay for delays in self.delays.values() for delay in delays), default=0.0)


def available(books: Books, purchases: Iterable[Purchase]) -> dict[str, int]:
    """The pieces that are there and that nobody has bought, known to the shop or not."""
    left = dict(books.physical)
    for purchase in purchases:
        left[purchase.sku] -= books.unheard(purchase)
    return left


def is_published(books: Books, sku: str) -> bool:
    """Whether the work of a SKU can be bought."""
    listing = books.rows[f"PRODUCT#{sku.split('-')[1]}", "LISTING"]
    return bool(listing["GSI2PK"] == status_partition(PUBLISHED))


def rule(books: Books, channel: str, sku: str, pieces: int) -> int:
    """What a channel has to show of so many pieces."""
    return offered(channel, max(0, pieces - books.buffers[sku])) if is_published(books, sku) else 0


def wrong(world: World, books: Books, sku: str, pieces: int) -> dict[str, tuple[int, int]]:
    """The channels that show another number of a SKU than they should: what they show, and should."""
    both = {name: (world.shown(name, sku), rule(books, name, sku, pieces)) for name in CHANNELS}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def pass_time(world: World, minutes: Sequence[int], spread: Spread, purchases: Iterable[Purchase]) -> None:
    """So many minutes go by, one stretch after the other; nobody hears anything but what the jobs find.

    At the end of a stretch every job runs once whose time has come in it.
    """
    bought = list(purchases)
    for stretch in minutes:
        before = world.clock.now
        world.clock.move(60 * stretch)
        for job in due(before, world.clock.now):
            world.run(job)
        spread.look(world, read_books(), bought)


def due(before: datetime, now: datetime) -> list[str]:
    """The jobs whose time comes after `before`, and not after `now`."""

    def runs(moment: datetime, minutes: int) -> int:
        return int(moment.timestamp()) // (60 * minutes)

    return [job for job, minutes in EVERY.items() if runs(now, minutes) > runs(before, minutes)]
