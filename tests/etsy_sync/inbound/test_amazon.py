"""Amazon's orders and returns: what the shop's own stock serves, and what is in Amazon's."""

from datetime import datetime
from decimal import Decimal

import pytest

from common.repositories.stock_alerts import alerts_of_sku
from etsy_sync.adapters.definition import MAIN, ChannelDefinition
from etsy_sync.adapters.interface import Rejected
from etsy_sync.inbound import orders
from etsy_sync.inbound import returns as inbound
from etsy_sync.repositories.channel_reports import report_state
from etsy_sync.repositories.stock_returns import returns_of
from etsy_sync.repositories.sync_states import COMPLETED, PARTIAL, sync_state
from etsy_sync.stock.returns import Returned, TakenReturn, take_return
from orders.states import word
from tests.common.stock_builders import SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import adds_up, linked, order_of_channel, reviews, sold_here
from tests.etsy_sync.inbound.conftest import Time
from tests.orders.order_builders import order_rows
from tools.fakes.amazon_server import AmazonServer


@pytest.fixture(autouse=True)
def _listed(amazon: AmazonServer) -> None:
    """The tests' SKU, linked, with ten pieces here and there, and one that Amazon sends."""
    on_shelf(10)
    amazon.create_listing(SKU, 10)
    amazon.create_listing("FBA-1", 10, is_fba=True)
    linked("amazon", SKU)


def fetch(channel: ChannelDefinition, time: Time) -> dict[str, int]:
    return dict(orders.fetch(channel, MAIN, time.now).counts)


def returns(channel: ChannelDefinition, time: Time) -> dict[str, int]:
    """What a run over the returns counts, but for zeros."""
    return dict(+inbound.fetch(channel, time.now).counts)


def taken_in_the_end(channel: ChannelDefinition, time: Time) -> int:
    """How many returns are taken when the reports have been waited for."""
    found = 0
    for _ in range(6):
        time.sleep(300)
        found += returns(channel, time).get("taken", 0)
    return found


def test_only_what_the_shop_sends_is_taken(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    number = amazon.buy(SKU, 3)
    amazon.buy("FBA-1", 2)
    for _ in range(2):
        assert fetch(amazon_orders, time) == {"taken": 1, "ignored": 1}
    assert (physical(), sold_here("amazon", SKU), len(order_rows())) == (7, 3, 1)
    order = order_of_channel(number, "amazon")
    assert (order.order_number, order.total) == (f"AMAZON-{number}", Decimal("60.00"))
    amazon.ship(number)
    fetch(amazon_orders, time)
    assert word(order_of_channel(number, "amazon")) == "shipped"


def test_a_pending_order_takes_its_pieces_and_becomes_an_order_when_it_is_paid(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    number = amazon.buy(SKU, 3, is_pending=True)
    fetch(amazon_orders, time)
    assert (physical(), order_rows()) == (7, [])
    amazon.pay(number)
    fetch(amazon_orders, time)
    assert (physical(), order_of_channel(number, "amazon").payment_status) == (7, "paid")


def test_a_pending_order_that_is_cancelled_never_becomes_one(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    number = amazon.buy(SKU, 3, is_pending=True)
    fetch(amazon_orders, time)
    amazon.cancel(number)
    fetch(amazon_orders, time)
    assert (physical(), order_rows()) == (10, [])


def test_an_order_whose_proceeds_amazon_does_not_tell_costs_what_its_lines_cost(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    number = amazon.buy(SKU, 3)
    del amazon.account.orders[number]["proceeds"]
    fetch(amazon_orders, time)
    assert order_of_channel(number, "amazon").total == Decimal("60.00")


@pytest.mark.parametrize("is_seen_before", [True, False])
def test_a_cancelled_order_gives_its_pieces_back(
    is_seen_before: bool, amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    number = amazon.buy(SKU, 3)
    if is_seen_before:
        fetch(amazon_orders, time)
    amazon.cancel(number)
    for _ in range(2):
        fetch(amazon_orders, time)
    assert (physical(), sold_here("amazon", SKU)) == (10, 3)
    assert adds_up()


def test_one_cancelled_line_gives_back_its_own_pieces(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    amazon.create_listing("LOOSE", 5)
    number = amazon.buy_all({SKU: 2, "LOOSE": 1})
    fetch(amazon_orders, time)
    amazon.cancel(number, SKU)
    fetch(amazon_orders, time)
    order = order_of_channel(number, "amazon")
    assert (physical(), order.cancelled_at, order.payment_status) == (10, None, "paid")
    assert len(reviews("LOOSE")) == 1


def test_what_comes_back_to_amazon_is_recorded_and_not_counted(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    number = amazon.buy("FBA-1", 2)
    amazon.return_item(number, "FBA-1", license_plate="LPN1")
    amazon.return_item(number, "FBA-1", disposition="CUSTOMER_DAMAGED", license_plate="LPN2")
    assert taken_in_the_end(amazon_orders, time) == 2
    assert (physical("FBA-1"), len(returns_of("FBA-1", 9))) == (0, 2)
    assert [alert.type for alert in alerts_of_sku("FBA-1", 9)] == ["return_unsellable"]


def test_what_comes_back_to_the_shop_waits_for_somebody_to_look_at_it(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    amazon.return_item(amazon.buy(SKU), SKU)
    assert taken_in_the_end(amazon_orders, time) == 1
    (returned,) = returns_of(SKU, 9)
    assert (returned.disposition, returned.quantity, physical()) == ("UNKNOWN", 1, 10)
    assert len(alerts_of_sku(SKU, 9)) == 1


def test_a_report_is_requested_by_one_run_and_read_by_a_later_one(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    assert returns(amazon_orders, time) == {"requested": 2}
    pending = report_state("amazon", "fba").pending
    assert pending
    assert returns(amazon_orders, time) == {"pending": 2}
    assert report_state("amazon", "fba").pending == pending
    for _ in range(4):
        time.sleep(300)
        returns(amazon_orders, time)
    state = sync_state("main", channel="amazon")
    assert report_state("amazon", "fba").until
    assert state is not None
    assert (state.sync_status, state.sales_since is not None) == (COMPLETED, True)


def test_a_report_that_amazon_gave_up_is_requested_again(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time
) -> None:
    amazon.end_reports("FATAL")
    returns(amazon_orders, time)
    seen = [report_state("amazon", "fba").pending]
    for _ in range(6):
        time.sleep(300)
        inbound.fetch(amazon_orders, time.now)
        seen.append(report_state("amazon", "fba").pending)
    assert None in seen
    amazon.end_reports("DONE")
    for _ in range(6):
        time.sleep(300)
        returns(amazon_orders, time)
    assert report_state("amazon", "fba").until


def test_a_return_that_fails_does_not_stop_the_others_and_is_read_again(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = amazon.buy("FBA-1", 2)
    for plate in ("LPN1", "LPN2"):
        amazon.return_item(number, "FBA-1", license_plate=plate)

    def take(returned: Returned, now: datetime) -> TakenReturn:
        if returned.license_plate == "LPN1":
            raise ValueError("no sense")
        return take_return(returned, now)

    with monkeypatch.context() as patched:
        patched.setattr(inbound, "take_return", take)
        assert taken_in_the_end(amazon_orders, time) == 1
    state = sync_state("main", channel="amazon")
    assert state is not None
    assert (state.sync_status, len(reviews())) == (PARTIAL, 1)
    assert taken_in_the_end(amazon_orders, time) == 1


def test_when_amazon_refuses_the_run_ends_and_what_was_requested_is_remembered(
    amazon: AmazonServer, amazon_orders: ChannelDefinition, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    returns(amazon_orders, time)

    def refuse(*_: object, **__: object) -> None:
        raise Rejected("denied", "no access")

    pending = report_state("amazon", "fba").pending
    monkeypatch.setattr("etsy_sync.adapters.amazon.returns.report_of", refuse)
    monkeypatch.setattr("etsy_sync.adapters.amazon.returns.request_report", refuse)
    assert inbound.fetch(amazon_orders, time.now).errors == ["amazon: denied: no access"] * 2
    assert pending != report_state("amazon", "fba").pending is None
    with pytest.raises(Rejected):
        inbound.fetch(amazon_orders, time.now)
    state = sync_state("main", channel="amazon")
    assert state is not None
    assert (state.sync_status, state.return_sync_started_at) == ("error", None)
