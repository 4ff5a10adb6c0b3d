"""Tests of how soon a sale shows on the other channels."""

from collections.abc import Callable

import pytest

from tests.etsy_sync.machine_books import Purchase, read_books
from tests.etsy_sync.machine_clockwork import Spread, pass_time
from tests.etsy_sync.machine_world import SKUS, World


def sell_in_the_shop(world: World) -> list[Purchase]:
    """Somebody buys in the shop."""
    world.sell(SKUS[0], 2)
    return []


def buy_on_etsy(world: World) -> list[Purchase]:
    """Somebody buys on Etsy."""
    return [Purchase("etsy", *world.buy("etsy", SKUS[0], 2), SKUS[0], 2, is_contested=False)]


@pytest.mark.parametrize(
    ("sale", "has_queue", "minutes"),
    [
        (sell_in_the_shop, True, 5),
        (sell_in_the_shop, False, 35),
        (buy_on_etsy, True, 10),
        (buy_on_etsy, False, 40),
    ],
    ids=["by message", "message lost", "polled", "polled, message lost"],
)
def test_the_last_channel_shows_a_sale_within(
    world: World, sale: Callable[[World], list[Purchase]], has_queue: bool, minutes: int
) -> None:
    spread = Spread()
    bought = sale(world)
    spread.look(world, read_books(), bought)
    for _ in range(60):
        if has_queue:
            world.deliver_all()
        pass_time(world, [1], spread, bought)
    assert 0 < spread.longest <= minutes * 60
    assert not spread.since
