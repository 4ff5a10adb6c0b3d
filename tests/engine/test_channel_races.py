"""Channels and workers at once on DynamoDB Local: one token call, one write, one movement, one order."""

from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest

from common.repositories.stock_movements import Movement
from etsy_sync import wiring
from etsy_sync.adapters.etsy.tokens import access_token
from etsy_sync.adapters.http import Caller, process_caller
from etsy_sync.repositories.channel_links import ChannelLink, links_of_sku
from etsy_sync.sync.delivery import Delivery, deliver
from tests.engine.test_stock_races import at_once
from tests.etsy_sync.machine_books import read_books
from tests.etsy_sync.machine_world import CHANNELS, OPENING, SKUS, Died, World, dying
from tests.support.races import just_before
from tools.fakes.etsy_server import SHOP_ID

SKU = SKUS[0]
JOBS = {"etsy": "receipts", "shopify": "orders", "amazon": "orders"}
TOKEN = "/v3/public/oauth/token"


def told(world: World, channel: str) -> int:
    """How many times a channel was told a quantity."""
    writes = {"etsy": "PUT", "amazon": "PATCH"}
    asked = world.server(channel).asked
    if channel in writes:
        return sum(it.method == writes[channel] for it in asked)
    return sum(b"inventorySetQuantities" in it.body for it in asked)


def push(channel: str) -> None:
    """A worker brings the SKU to one channel."""
    wiring.pusher().push(channel, link_on(channel).target)


def link_on(channel: str) -> ChannelLink:
    """The link of the SKU to a channel."""
    return next(it for it in links_of_sku(SKU) if it.channel == channel)


def ask() -> Delivery:
    """A worker brings the SKU to the channels."""
    return deliver(wiring.pusher(), SKU)


def shown(world: World) -> dict[str, int]:
    """What the channels show of the SKU when everything has settled."""
    world.clock.move(1000)
    return {channel: world.shown(channel, SKU) for channel in CHANNELS}


def everywhere(pieces: int) -> dict[str, int]:
    """So many pieces on every channel."""
    return dict.fromkeys(CHANNELS, pieces)


def physical() -> int:
    """The pieces that are there."""
    return read_books().physical[SKU]


@pytest.mark.parametrize("minutes", [56, 61], ids=["soon over", "over"])
def test_two_workers_who_need_another_token_ask_for_one(world: World, minutes: int) -> None:
    etsy, found = world.fakes.etsy, dict[str, str]()
    waits, is_done = Event(), Event()

    def wait(_: float) -> None:
        waits.set()
        assert is_done.wait(30)

    def second() -> None:
        caller = Caller(process_caller().session, wait)
        found["second"] = access_token(str(SHOP_ID), world.clock.now, caller=caller)
        waits.set()

    worker = Thread(target=second)

    def begin_second() -> None:
        worker.start()
        assert waits.wait(30)

    world.clock.move(minutes * 60 - 1000)
    etsy.asked.clear()
    etsy.faults.before = begin_second
    found["first"] = access_token(str(SHOP_ID), world.clock.now)
    is_done.set()
    worker.join(30)
    assert [it.path for it in etsy.asked] == [TOKEN]
    # The second one takes the new token where the old one is of no use any more.
    assert (found["first"] == found["second"]) == (minutes > 60)
    assert access_token(str(SHOP_ID), world.clock.now) == found["first"]
    assert len(etsy.asked) == 1


def test_many_workers_who_push_one_sku_tell_each_channel_once(world: World) -> None:
    world.count(SKU, 3)
    before = {channel: told(world, channel) for channel in CHANNELS}
    deliveries = at_once(4, lambda _: ask())
    assert [error for each in deliveries for error in each.errors] == []
    assert {channel: told(world, channel) - before[channel] for channel in CHANNELS} == everywhere(1)
    assert shown(world) == everywhere(3)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_worker_who_finds_another_at_work_comes_back(world: World, channel: str) -> None:
    world.count(SKU, 3)
    seconds: list[Delivery] = []
    before = told(world, channel)
    world.server(channel).faults.before = lambda: seconds.append(ask())
    first = ask()
    assert (first.errors, seconds[0].errors) == ([], [])
    assert seconds[0].retry_after
    assert ask().retry_after is None
    assert told(world, channel) - before == 1
    assert shown(world) == everywhere(3)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_sale_on_a_channel_that_is_booked_while_it_is_told_is_counted_once(
    world: World, channel: str
) -> None:
    world.count(SKU, 3)

    def sell_and_book() -> None:
        world.buy(channel, SKU, 2)
        assert world.run(JOBS[channel]).outcome == "completed"

    with just_before("etsy_sync.sync.pushing.begin_writes", sell_and_book):
        push(channel)
    world.deliver_all()
    world.clock.move(1000)
    world.run("inventory")
    assert physical() == 1
    assert shown(world) == everywhere(1)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_sale_in_the_shop_while_a_channel_is_told_reaches_it_by_its_own_message(
    world: World, channel: str
) -> None:
    world.count(SKU, 5)
    world.queue.waiting.clear()
    with just_before("etsy_sync.sync.pushing.begin_writes", lambda: world.sell(SKU, 2)):
        push(channel)
    assert world.queue.skus() == [SKU]
    world.deliver_all()
    assert physical() == 3
    assert shown(world) == everywhere(3)


@pytest.mark.parametrize("bought", [0, 2])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_write_that_was_accepted_and_not_recorded_has_its_effect_once(
    world: World, channel: str, bought: int
) -> None:
    world.count(SKU, 3)
    with dying("etsy_sync.sync.pushing.finish_writes"), suppress(Died):
        push(channel)
    world.clock.move(300)
    assert world.shown(channel, SKU) == 3
    assert link_on(channel).intent is not None
    if bought:
        world.buy(channel, SKU, bought)
    assert ask().errors == []
    world.run(JOBS[channel])
    world.deliver_all()
    assert physical() == 3 - bought
    assert shown(world) == everywhere(3 - bought)
    assert world.run("inventory").counts["changed"] == 0
    assert world.run("reconcile").counts["drifted"] == 0


@pytest.mark.parametrize("step", ["lines.apply_channel_sale", "sales.make_order", "sales.advance"])
@pytest.mark.parametrize("channel", ["etsy", "shopify"])
def test_a_webhook_beside_the_poll_makes_one_movement_and_one_order(
    world: World, channel: str, step: str
) -> None:
    order, _ = world.buy(channel, SKU, 2)
    events = [each for each in world.events() if each[0] == channel]

    def post() -> None:
        assert {world.post(*each) for each in events} == {200}

    with just_before(f"etsy_sync.inbound.{step}", post):
        assert world.run(JOBS[channel]).outcome == "completed"
    check_one_order(channel, order)


@pytest.mark.parametrize("channel", CHANNELS)
def test_runs_and_webhooks_that_really_meet_make_one_movement_and_one_order(
    world: World, channel: str
) -> None:
    order, _ = world.buy(channel, SKU, 2)
    events = [each for each in world.events() if each[0] == channel]

    def act(number: int) -> None:
        if number % 2 and events:
            for each in events:
                world.post(*each)
        else:
            world.run(JOBS[channel])

    at_once(4, act)
    # Whoever was refused because others were faster comes again.
    assert world.run(JOBS[channel]).outcome == "completed"
    check_one_order(channel, order)


def check_one_order(channel: str, order: str) -> None:
    """Checks that two pieces were sold, once, by one order."""
    books = read_books()
    assert books.orders(channel) == [order]
    assert [it.delta for it in books.movements if it.source == channel] == [-2]
    assert books.physical[SKU] == OPENING[SKU] - 2


def moved() -> tuple[list[Movement], list[tuple[Any, ...]]]:
    """All movements, and how far each order is."""
    books = read_books()
    names = ("order_number", "payment_status", "cancelled_at", "refunded_amount", "version")
    orders = [row for (pk, sk), row in books.rows.items() if pk == f"ORDER#{row.get('id')}"]
    return list(books.movements), [tuple(row.get(name) for name in names) for row in orders]


def test_webhooks_that_are_sent_again_move_nothing(world: World) -> None:
    etsy, shopify = world.fakes.etsy, world.fakes.shopify
    receipts = [world.buy("etsy", sku, 2)[0] for sku in SKUS]
    orders = [world.buy("shopify", sku, 1)[0] for sku in SKUS]
    etsy.cancel_receipt(int(receipts[0]))
    shopify.cancel_order(int(orders[0]))
    shopify.refund(int(orders[1]), "return")
    for each in world.events():
        assert world.post(*each) == 200
    before = moved()
    assert read_books().physical == {SKUS[0]: 6, SKUS[1]: 2, SKUS[2]: 6}
    # The second time the shop does not remember the events any more, only what they did.
    for hours in (0, 24 * 40):
        world.clock.move(hours * 3600)
        world.connect_etsy()
        for each in reversed(world.events()):
            assert world.post(*each) == 200
        assert moved() == before


@pytest.mark.parametrize("is_delivered", [True, False], ids=["by message", "by job"])
def test_what_amazon_sells_before_it_shows_what_it_was_told_is_not_forgotten(
    world: World, is_delivered: bool
) -> None:
    world.count(SKU, 3)
    world.deliver_all()
    assert world.shown("amazon", SKU) == OPENING[SKU]
    world.buy("amazon", SKU, 2)
    world.run("orders")
    if is_delivered:
        world.deliver_all()
    world.clock.move(1000)
    world.run("inventory")
    assert physical() == 1
    assert shown(world) == everywhere(1)
    asked = len(world.fakes.amazon.asked)
    world.run("inventory")
    assert len(world.fakes.amazon.asked) == asked


def test_what_shopify_offers_again_of_an_order_that_was_not_served_is_taken_off(world: World) -> None:
    world.count(SKU, 1)
    order, _ = world.buy("shopify", SKU, 3)
    world.run("orders")
    world.deliver_all()
    world.fakes.shopify.refund(int(order), "return", 1)
    assert world.shown("shopify", SKU) == 1
    world.run("orders")
    world.deliver_all()
    assert physical() == 0
    assert shown(world) == everywhere(0)


def test_a_listing_that_the_shop_took_off_sale_comes_back_with_the_nightly_comparison(world: World) -> None:
    world.count(SKU, 4)
    world.deliver_all()
    # The artist's edit looks like sales that will be heard of, so nothing is left to offer.
    world.fakes.etsy.set_quantity(world.listings[SKU], SKU, 1)
    world.sell(SKU, 1)
    world.deliver_all()
    assert world.shown("etsy", SKU) == 0
    assert world.run("reconcile").counts["drifted"] == 1
    assert shown(world) == everywhere(3)
