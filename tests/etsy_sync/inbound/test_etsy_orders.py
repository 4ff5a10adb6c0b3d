"""Etsy's receipts: the window that is read, what fails in it, their rows, and webhooks."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import iso
from common.dynamodb import TransactionBusy
from common.repositories.orders import details_of, order_by_id
from etsy_sync.adapters.definition import ChannelDefinition
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.orders import order_of
from etsy_sync.adapters.etsy.receipts import Receipt, receipts_since
from etsy_sync.adapters.etsy.webhooks import notice_of
from etsy_sync.adapters.interface import Transient
from etsy_sync.adapters.orders import Notice
from etsy_sync.adapters.registry import CHANNELS
from etsy_sync.inbound import orders as inbound
from etsy_sync.inbound.sales import TakenOrder, take_sale
from etsy_sync.repositories.etsy_receipts import RECEIPTS
from etsy_sync.repositories.sync_states import (
    COMPLETED,
    ERROR,
    PARTIAL,
    STALE_AFTER,
    SyncState,
    begin_sync,
    sync_state,
)
from orders import states
from tests.common.stock_builders import SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import dying_after, linked, order_of_channel, reviews, sold_here
from tests.etsy_sync.inbound.conftest import Time
from tests.etsy_sync.readable import readable
from tests.orders.order_builders import counter, order_rows
from tests.support.races import just_before
from tools.fakes.etsy_server import SHOP_ID, EtsyServer

SHOP = str(SHOP_ID)


@pytest.fixture
def listing(etsy: EtsyServer) -> int:
    """A listing of the tests' SKU, linked, with ten pieces here and there."""
    on_shelf(10)
    listing_id = etsy.create_listing("Dawn", {SKU: 10}, price="12.50")
    linked(target=str(listing_id))
    return listing_id


def sync() -> SyncState:
    state = sync_state(SHOP)
    assert state is not None
    return state


def fetch(channel: ChannelDefinition, time: Time, **fields: Any) -> dict[str, int]:
    return dict(inbound.fetch(channel, SHOP, time.now, **fields).counts)


def read(client: EtsyClient, time: Time) -> Receipt:
    """The newest receipt."""
    return list(readable(receipts_since(client, time.now - timedelta(days=9))))[-1]


def take(receipt: Receipt, time: Time) -> TakenOrder:
    """Takes a receipt as it was read."""
    return inbound.take_order(CHANNELS["etsy"], SHOP, order_of(receipt), time.now)


def event(kind: str, resource: str, number: int = 1) -> Notice:
    body = {"event_type": kind, "resource_url": f"https://api.etsy.com/v3/{resource}", "shop_id": SHOP}
    return notice_of(f"wh_{number}", json.dumps(body).encode())


def test_receipts_become_movements_orders_and_rows(
    etsy: EtsyServer, etsy_orders: ChannelDefinition, listing: int, time: Time
) -> None:
    number = etsy.buy(listing, SKU, 3)
    seen: list[tuple[int, int | None]] = []
    assert fetch(etsy_orders, time, progress=lambda done, total: seen.append((done, total))) == {"taken": 1}
    assert (physical(), sold_here(target=str(listing)), seen) == (7, 3, [(1, None)])
    order = order_of_channel(str(number))
    assert (order.order_number, order.total, order.payment_status) == (
        f"ETSY-{number}",
        Decimal("37.50"),
        "paid",
    )
    details = details_of(order.id)
    assert details is not None
    assert details.shipping_address["street"].endswith(", Second floor")
    row = RECEIPTS.get(number)
    assert row is not None
    assert (row.order_id, row.grand_total, row.status, row.shop_id) == (
        order.id,
        Decimal("37.50"),
        "paid",
        SHOP,
    )


def test_the_next_window_overlaps_the_last_one_and_takes_nothing_twice(
    etsy: EtsyServer, etsy_client: EtsyClient, etsy_orders: ChannelDefinition, listing: int, time: Time
) -> None:
    etsy.buy(listing, SKU)
    fetch(etsy_orders, time)
    time.sleep(300)
    etsy.buy(listing, SKU)
    assert fetch(etsy_orders, time) == {"taken": 2}
    time.sleep(3600)
    assert fetch(etsy_orders, time) == {"taken": 2}
    assert fetch(etsy_orders, time) == {}
    row = RECEIPTS.get(read(etsy_client, time).receipt_id)
    assert (physical(), len(order_rows()), counter()) == (8, 2, (2, 2))
    assert row is not None
    assert row.version == 1
    assert sync().last_receipt_sync == iso(time.now)


def test_the_first_run_looks_a_day_back_and_old_sales_do_not_count(
    etsy: EtsyServer, etsy_orders: ChannelDefinition, listing: int, time: Time
) -> None:
    old = etsy.buy(listing, SKU)
    time.sleep(2 * 86_400)
    etsy.buy(listing, SKU)
    etsy.change_receipt(old, is_shipped=True)
    assert fetch(etsy_orders, time) == {"taken": 2}
    assert (physical(), len(order_rows())) == (9, 1)
    etsy.cancel_receipt(old)
    assert fetch(etsy_orders, time)["taken"] == 2
    row = RECEIPTS.get(old)
    assert row is not None
    assert (physical(), row.status, row.order_id) == (9, "canceled", None)


def test_one_receipt_that_fails_does_not_stop_the_others_and_the_window_stays(
    etsy: EtsyServer,
    etsy_orders: ChannelDefinition,
    listing: int,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, *_ = [etsy.buy(listing, SKU) for _ in range(3)]

    def take_most(order: Any, now: datetime, **fields: Any) -> Any:
        if order.id == str(bad):
            raise ValueError("no sense")
        return take_sale(order, now, **fields)

    with monkeypatch.context() as patched:
        patched.setattr(inbound, "take_sale", take_most)
        inbound.fetch(etsy_orders, SHOP, time.now)
        done = inbound.fetch(etsy_orders, SHOP, time.now)
    assert done.counts == {"taken": 2, "failed": 1}
    assert done.errors == [f"etsy {bad}: ValueError"]
    assert (sync().sync_status, sync().last_receipt_sync, physical()) == (PARTIAL, None, 8)
    (alert,) = reviews()
    assert f"etsy receipt {bad} could not be taken" in alert.message
    assert fetch(etsy_orders, time) == {"taken": 3}
    assert (sync().sync_status, physical()) == (COMPLETED, 7)


def test_a_receipt_that_others_are_busy_with_is_taken_by_the_next_run_without_an_alert(
    etsy: EtsyServer,
    etsy_orders: ChannelDefinition,
    listing: int,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    etsy.buy(listing, SKU)

    def busy(*_: object, **__: object) -> None:
        raise TransactionBusy

    with monkeypatch.context() as patched:
        patched.setattr(inbound, "take_sale", busy)
        assert fetch(etsy_orders, time) == {"failed": 1}
    assert (sync().sync_status, reviews()) == (PARTIAL, [])
    assert (fetch(etsy_orders, time), physical()) == ({"taken": 1}, 9)


def test_a_receipt_that_cannot_be_read_does_not_stop_the_others(
    etsy: EtsyServer, etsy_orders: ChannelDefinition, listing: int, time: Time
) -> None:
    first = etsy.buy(listing, SKU)
    etsy.buy(listing, SKU)
    paid = etsy.shop.receipts[first].pop("grandtotal")
    for _ in range(2):
        assert fetch(etsy_orders, time) == {"failed": 1, "taken": 1}
    assert (physical(), sync().last_receipt_sync, len(reviews())) == (9, None, 1)
    etsy.shop.receipts[first]["grandtotal"] = paid
    assert (fetch(etsy_orders, time), physical()) == ({"taken": 2}, 8)


def test_when_etsy_fails_in_between_the_window_stays(
    etsy: EtsyServer,
    etsy_orders: ChannelDefinition,
    listing: int,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    etsy.buy(listing, SKU)

    def broken(client: EtsyClient, since: datetime) -> Any:
        yield from receipts_since(client, since)
        raise Transient("Etsy is away")

    monkeypatch.setattr("etsy_sync.adapters.etsy.receipts.receipts_since", broken)
    with pytest.raises(Transient):
        fetch(etsy_orders, time)
    assert (sync().sync_status, sync().sync_error, sync().last_receipt_sync) == (
        ERROR,
        "Etsy is away",
        None,
    )
    assert (sync().receipt_sync_started_at, physical()) == (None, 9)


def test_beside_another_run_the_sales_are_applied_and_the_window_is_left_alone(
    etsy: EtsyServer, etsy_orders: ChannelDefinition, listing: int, time: Time
) -> None:
    etsy.buy(listing, SKU)
    assert begin_sync(SHOP, "receipt", time.now - timedelta(minutes=1), timedelta(hours=1))
    assert fetch(etsy_orders, time) == {"taken": 1}
    assert (physical(), sync().last_receipt_sync, sync().sync_status) == (9, None, "in_progress")


def test_an_older_reading_does_not_overwrite_a_newer_one(
    etsy: EtsyServer, etsy_client: EtsyClient, listing: int, time: Time
) -> None:
    number = etsy.buy(listing, SKU)
    paid = read(etsy_client, time)
    time.sleep(60)
    etsy.cancel_receipt(number)
    cancelled = read(etsy_client, time)
    for each in (cancelled, paid, cancelled):
        take(each, time)
    row = RECEIPTS.get(number)
    assert row is not None
    assert (row.status, row.version, physical()) == ("canceled", 1, 10)
    assert order_by_id(row.order_id or 0) == order_of_channel(str(number))
    assert states.word(order_of_channel(str(number))) == "cancelled"


def test_a_process_that_dies_in_a_run_is_made_good_by_the_next(
    etsy: EtsyServer, etsy_client: EtsyClient, etsy_orders: ChannelDefinition, listing: int, time: Time
) -> None:
    numbers = [etsy.buy(listing, SKU, 2) for _ in range(2)]
    etsy_client.get("/users/me")
    deaths = 0
    for _ in range(20):
        with dying_after(2) as life:
            fetch(etsy_orders, time)
        if not life.is_over:
            break
        deaths += 1
    assert deaths > 3
    time.sleep(STALE_AFTER.total_seconds())
    fetch(etsy_orders, time)
    assert sync().last_receipt_sync == iso(time.now)
    assert (physical(), counter(), len(order_rows())) == (6, (2, 2), 2)
    assert [getattr(RECEIPTS.get(number), "order_id", None) for number in numbers] == [1, 2]


@pytest.mark.parametrize(
    "place",
    [
        "etsy_sync.inbound.lines.apply_channel_sale",
        "orders.channel_orders.add_order",
        "etsy_sync.adapters.etsy.receipt_rows._row",
    ],
)
def test_two_who_take_one_receipt_at_once_count_it_once(
    place: str, etsy: EtsyServer, etsy_client: EtsyClient, listing: int, time: Time
) -> None:
    etsy.buy(listing, SKU, 2)
    receipt = read(etsy_client, time)
    taken: list[TakenOrder] = []

    def rival() -> None:
        taken.append(take(receipt, time))

    with just_before(place, rival):
        rival()
    assert len({each.order.id for each in taken if each.order}) == 1
    assert (physical(), len(order_rows()), counter()[1]) == (8, 1, 1)


def test_events_of_orders_read_the_receipt_and_take_it_once(
    etsy: EtsyServer, etsy_orders: ChannelDefinition, listing: int, time: Time
) -> None:
    number = etsy.buy(listing, SKU)
    path = f"shops/{SHOP}/receipts/{number}"
    paid = event("order.paid", path)
    assert inbound.handle(paid, etsy_orders, time.now) == "taken"
    assert inbound.handle(paid, etsy_orders, time.now) == "repeated"
    etsy.change_receipt(number, is_shipped=True)
    assert inbound.handle(event("order.delivered", path, 2), etsy_orders, time.now) == "taken"
    assert states.word(order_of_channel(str(number))) == "delivered"
    etsy.cancel_receipt(number)
    assert inbound.handle(event("order.canceled", path, 3), etsy_orders, time.now) == "taken"
    assert inbound.handle(paid, etsy_orders, time.now) == "repeated"
    assert (physical(), states.word(order_of_channel(str(number)))) == (10, "cancelled")


def test_events_of_listings_only_announce(
    etsy: EtsyServer,
    etsy_orders: ChannelDefinition,
    listing: int,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    announced: list[str] = []
    monkeypatch.setattr(inbound, "announce", announced.extend)
    resource = f"listings/{listing}/inventory"
    assert inbound.handle(event("inventory.updated", resource), etsy_orders, time.now) == "taken"
    for kind, where in (("inventory.updated", "shops/1"), ("shop.updated", resource), ("order.paid", "x")):
        assert inbound.handle(event(kind, where, 2), etsy_orders, time.now) == "ignored"
    assert (announced, physical()) == ([SKU], 10)


def test_a_receipt_without_an_address_or_a_listing_is_taken(
    etsy: EtsyServer, etsy_client: EtsyClient, listing: int, time: Time
) -> None:
    etsy.buy(listing, SKU)
    read_one = read(etsy_client, time)
    withheld: dict[str, Any] = dict.fromkeys(
        ("first_line", "second_line", "city", "state", "zip", "country_iso")
    )
    lines = tuple(replace(line, listing_id=None) for line in read_one.lines)
    take(replace(read_one, lines=lines, buyer_name=None, **withheld), time)
    order = order_of_channel(str(read_one.receipt_id))
    details = details_of(order.id)
    assert details is not None
    assert (order.customer_name, order.customer_email, details.shipping_address) == ("", "", None)
    assert sold_here(target=str(listing)) == 1
