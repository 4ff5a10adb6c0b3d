"""Measures what it takes to keep the channels in step, with fakes of their servers that answer at once.

Time on the channels' clock goes by only where a call has to wait for a channel's limit.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from benchmarks.channel_shop import OPENING, change_stock, fill, sku_of
from common.dynamodb import create_table, delete_table, meter, reset_client, table_name
from etsy_sync import wiring
from etsy_sync.adapters.etsy.channel import etsy_channel
from etsy_sync.adapters.etsy.listings import all_listings
from etsy_sync.schedules import SCHEDULES
from etsy_sync.sync.delivery import deliver
from tests.etsy_sync.machine_world import CHANNELS, World, open_world
from tools.fakes.etsy_server import SHOP_ID

CHANGED = 50
LISTINGS, IMPORTED = 10_000, 1_000
# Of a hundred SKUs one changes in a day.
SHARE = 100

# Settings by which the other channels are not there.
ETSY_ALONE = {"SHOPIFY_SHOP_DOMAIN": "", "AMAZON_CLIENT_ID": ""}

ALL = " and ".join((", ".join(CHANNELS[:-1]), CHANNELS[-1]))

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cost:
    """What was done once: calls of channels' APIs, round trips to DynamoDB and their units, time in ns.

    `waited` are the seconds that the channels' limits demanded.
    """

    calls: int
    trips: int
    read: Decimal
    write: Decimal
    spent: int
    waited: float


@dataclass(frozen=True, slots=True)
class ChannelSample:
    """What was measured.

    `pushes` is the cost of `CHANGED` SKUs by the channels that sell them, `runs` that of runs over
    `listings` listings on Etsy by what was done, `imports` that of runs over `imported` of them.
    """

    listings: int
    imported: int
    pushes: Mapping[str, Cost]
    runs: Mapping[str, Cost]
    imports: Mapping[str, Cost]


class Counting:
    """What is done within `cost` is counted, whichever channel is called."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: Cost | None = None

    @contextmanager
    def cost(self) -> Iterator[None]:
        """Leaves the cost of the block in `found`."""
        world, before = self.world, self._calls()
        moment, began = world.clock.now, time.perf_counter_ns()
        with meter() as usage:
            yield
        self.found = Cost(
            self._calls() - before,
            usage.calls,
            usage.read_units,
            usage.write_units,
            time.perf_counter_ns() - began,
            (world.clock.now - moment).total_seconds(),
        )

    def of(self, step: Callable[[], object]) -> Cost:
        """The cost of a step."""
        with self.cost():
            step()
        if self.found is None:
            raise RuntimeError("nothing was counted")
        return self.found

    def _calls(self) -> int:
        return sum(len(self.world.server(channel).asked) for channel in CHANNELS)


def measure_channels(progress: Progress, listings: int = LISTINGS) -> ChannelSample:
    """Everything, with so many listings on Etsy."""
    imported = min(listings, IMPORTED)
    pushes = {}
    for chosen in (*((channel,) for channel in CHANNELS), CHANNELS):
        progress(f"channels: telling {', '.join(chosen)}")
        with _opened() as counting:
            pushes[chosen[0] if len(chosen) == 1 else ALL] = _pushed(counting, chosen)
    progress(f"channels: {imported} listings are imported")
    with _opened(**ETSY_ALONE) as counting:
        imports = _imported(counting, imported)
    progress(f"channels: {listings} listings")
    with _opened(**ETSY_ALONE) as counting:
        runs = _runs(counting, listings)
    return ChannelSample(listings, imported, pushes, runs, imports)


def runs_a_day(job: str) -> int:
    """How often a job's schedule runs it; one with a time of day once."""
    schedule = SCHEDULES[job]
    if not schedule.startswith("rate("):
        return 1
    number, unit = schedule.removeprefix("rate(").rstrip(")").split()
    minutes = int(number) * {"minute": 1, "hour": 60, "day": 1440}[unit.rstrip("s")]
    return 1440 // minutes


def _pushed(counting: Counting, channels: Sequence[str]) -> Cost:
    """Tells channels of `CHANGED` SKUs; a first one warms up connections and tokens."""
    world, works = counting.world, range(1, CHANGED + 2)
    fill(world, works, channels)
    change_stock(world, works, OPENING - 2)
    pusher = wiring.pusher()
    first, *others = [sku_of(work) for work in works]
    deliver(pusher, first)

    def tell() -> None:
        for sku in others:
            delivery = deliver(pusher, sku)
            if delivery.errors or {it.outcome for it in delivery.results} != {"written"}:
                raise RuntimeError(f"{sku} was not told: {delivery.errors}")

    return counting.of(tell)


def _imported(counting: Counting, listings: int) -> dict[str, Cost]:
    """Reads listings that nobody knew, links and tells them; then reads them again."""
    world = counting.world
    fill(world, range(1, listings + 1), ["etsy"], are_linked=False)
    first = counting.of(lambda: _completed(world, "products"))
    world.clock.move(3600)
    world.connect_etsy()
    return {"first": first, "again": counting.of(lambda: _completed(world, "products"))}


def _runs(counting: Counting, listings: int) -> dict[str, Cost]:
    world, works = counting.world, range(1, listings + 1)
    fill(world, works, ["etsy"])
    runs = {
        "listings": counting.of(lambda: _read(world, listings)),
        "nothing": counting.of(lambda: _completed(world, "inventory")),
        "receipts": counting.of(lambda: _completed(world, "receipts")),
    }
    change_stock(world, works[::SHARE], OPENING - 2)
    runs["changed"] = counting.of(lambda: _completed(world, "inventory"))
    runs["reconcile"] = counting.of(lambda: _completed(world, "reconcile"))
    return runs


def _read(world: World, listings: int) -> None:
    client = etsy_channel(str(SHOP_ID), purpose="routine").client
    if sum(1 for _ in all_listings(client)) != listings:
        raise RuntimeError(f"Etsy has not shown all of {len(world.fakes.etsy.shop.listings)} listings")


def _completed(world: World, job: str) -> None:
    report = world.run(job)
    if report.outcome != "completed":
        raise RuntimeError(f"{job}: {report.errors[:3]}")


@contextmanager
def _opened(**settings: str) -> Iterator[Counting]:
    """A table of its own and a connected shop, without any output."""
    reset_client()
    create_table()
    try:
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere),
            # A local key seals tokens in tests only.
            open_world(ENVIRONMENT="test", **settings) as world,
        ):
            world.connect_etsy()
            yield Counting(world)
    finally:
        delete_table(table_name())
