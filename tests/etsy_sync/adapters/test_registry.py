"""The registry: whatever serves every channel serves one that only the registry knows of."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import cast

import pytest

from common.config import ConfigurationError
from etsy_sync import jobs, wiring
from etsy_sync.adapters.definition import MAIN, ChannelDefinition
from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.orders import ChannelOrder, Notice
from etsy_sync.adapters.registry import CHANNELS
from etsy_sync.adapters.runs import RunResult
from etsy_sync.inbound.orders import handle
from etsy_sync.routes import routes
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import a_line, an_order, order_of_channel, sold_here
from tests.etsy_sync.sync.platform import TARGET, Platform, linked

MARKET = "market"


class Market:
    """A channel that takes three pieces of a SKU at most, and what was ordered there."""

    def __init__(self) -> None:
        self.platform = Platform(name=MARKET)
        self.orders: dict[str, ChannelOrder] = {}
        self.is_usable = True

    def definition(self) -> ChannelDefinition:
        return ChannelDefinition(
            name=MARKET,
            is_configured=self.is_configured,
            connect=lambda _shop, _purpose: self.platform,
            orders_since=self.orders_since,
            read_catalogue=lambda _shop, _now, _progress: RunResult(Counter(listings=1)),
            find_order=lambda _shop, number: self.orders.get(number),
            read_notice=self.read_notice,
            largest_quantity=3,
        )

    def is_configured(self) -> bool:
        if not self.is_usable:
            raise ConfigurationError("MARKET_KEY is no key")
        return True

    def orders_since(self, _shop: str, moment: datetime) -> Iterator[ChannelOrder]:
        return (order for order in self.orders.values() if order.updated_at >= moment)

    def read_notice(self, headers: Mapping[str, str], _body: bytes, _now: datetime) -> Notice:
        return Notice(headers["id"], "ordered", MAIN, order_id=headers["order"])

    def sell(self, number: str, quantity: int) -> None:
        """A buyer orders pieces of the tests' SKU."""
        self.platform.sell(quantity)
        line = a_line(f"{number}-1", quantity)
        self.orders[number] = an_order(line, order_id=number, channel=MARKET, number=f"MARKET-{number}")


@pytest.fixture
def market(table: str, monkeypatch: pytest.MonkeyPatch) -> Market:
    """The registry with one channel more, which is the only one that is configured."""
    market = Market()
    monkeypatch.setitem(cast("dict[str, ChannelDefinition]", CHANNELS), MARKET, market.definition())
    on_shelf(10)
    linked(market.platform, 1)
    return market


def test_a_channel_is_named_once_and_found_by_its_name() -> None:
    assert [each.name for each in CHANNELS.values()] == list(CHANNELS) == ["etsy", "shopify", "amazon"]


def test_each_channel_that_sends_webhooks_has_a_route_for_them() -> None:
    paths = {route.path for route in routes}
    sending = {f"/api/webhooks/{each.name}" for each in CHANNELS.values() if each.read_notice}
    assert {path for path in paths if path.startswith("/api/webhooks/")} == sending


def test_the_jobs_serve_a_channel_that_only_the_registry_knows(market: Market) -> None:
    assert [each.name for each in wiring.enabled_channels()] == [MARKET]
    assert jobs.run("products", NOW).counts["listings"] == 1
    assert jobs.run("inventory", NOW).outcome == "completed"
    assert market.platform.shown[TARGET][SKU] == 3
    market.sell("1", 2)
    assert jobs.run("orders", NOW).counts == {"taken": 1}
    assert (physical(), sold_here(MARKET, TARGET)) == (8, 2)
    assert order_of_channel("1", MARKET).order_number == "MARKET-1"
    report = jobs.run("reconcile", NOW)
    assert (report.outcome, report.errors, market.platform.shown[TARGET][SKU]) == ("completed", (), 3)
    for name in ("receipts", "returns", "tokens"):
        assert not jobs.run(name, NOW).is_configured


def test_a_webhook_of_a_channel_that_only_the_registry_knows_is_handled(market: Market) -> None:
    channel = CHANNELS[MARKET]
    assert channel.read_notice is not None
    market.platform.shown[TARGET][SKU] = 3
    market.sell("1", 2)
    notice = channel.read_notice({"id": "n-1", "order": "1"}, b"", NOW)
    assert [handle(notice, channel, NOW) for _ in range(2)] == ["taken", "repeated"]
    assert physical() == 8


def test_a_channel_whose_settings_are_unusable_is_left_alone(market: Market) -> None:
    market.is_usable = False
    assert wiring.enabled_channels() == []
    assert not jobs.run("inventory", NOW).is_configured
    with pytest.raises(NotConfigured, match=MARKET):
        wiring.pusher().push(MARKET, TARGET)
