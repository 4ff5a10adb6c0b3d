"""What one changed SKU costs on DynamoDB Local: calls of the channels' APIs, round trips, units."""

from decimal import Decimal

import pytest

from common.dynamodb import Usage, meter
from etsy_sync import wiring
from etsy_sync.repositories.channel_links import links_of_sku
from etsy_sync.sync.delivery import Delivery, deliver, deliver_target
from tests.etsy_sync.machine_world import CHANNELS, SKUS, World

SKU = SKUS[0]


def calls(world: World) -> int:
    """How many calls the channels have been asked."""
    return sum(len(world.server(channel).asked) for channel in CHANNELS)


def cost_of_one(world: World, channel: str) -> tuple[int, Usage]:
    """The calls and the usage of telling one channel of the SKU, which has to be told."""
    link = next(each for each in links_of_sku(SKU) if each.channel == channel)
    before, delivery = calls(world), Delivery()
    with meter() as usage:
        deliver_target(wiring.pusher(), link, delivery)
    assert [each.outcome for each in delivery.results] == ["written"]
    return calls(world) - before, usage


@pytest.mark.parametrize(
    ("channel", "cost"),
    [
        ("etsy", (2, 13, Decimal("7.5"), Decimal(16))),
        ("shopify", (2, 11, Decimal("5.5"), Decimal(16))),
        ("amazon", (2, 11, Decimal("5.5"), Decimal(16))),
    ],
)
def test_telling_a_channel_of_a_changed_sku(
    world: World, channel: str, cost: tuple[int, int, Decimal, Decimal]
) -> None:
    world.count(SKU, 3)
    found, usage = cost_of_one(world, channel)
    assert (found, usage.calls, usage.read_units, usage.write_units) == cost


def test_telling_every_channel_of_a_changed_sku(world: World) -> None:
    world.count(SKU, 3)
    before = calls(world)
    with meter() as usage:
        assert deliver(wiring.pusher(), SKU).errors == []
    found = calls(world) - before
    units = usage.read_units, usage.write_units
    assert (found, usage.calls, *units) == (6, 36, Decimal("19.5"), Decimal(48))


def test_a_sku_that_every_channel_shows_is_read_and_not_written(world: World) -> None:
    before = calls(world)
    with meter() as usage:
        assert deliver(wiring.pusher(), SKU).errors == []
    found = calls(world) - before
    # Taking and giving back a lease for each channel is all that is written.
    units = usage.read_units, usage.write_units
    assert (found, usage.calls, *units) == (3, 24, Decimal("19.5"), Decimal(6))


@pytest.mark.parametrize(("job", "asked"), [("inventory", 0), ("receipts", 1), ("orders", 2)])
def test_a_run_without_news_asks_no_more_than_whether_there_are_any(
    world: World, job: str, asked: int
) -> None:
    world.run(job)
    world.clock.move(300)
    before = calls(world)
    assert world.run(job).outcome == "completed"
    assert calls(world) - before == asked
