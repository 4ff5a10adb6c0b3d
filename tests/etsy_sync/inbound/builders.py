"""Orders of channels to test with, what they leave behind, and a process that dies between two writes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from common.clock import iso
from common.dynamodb import UnitOfWork, get_client
from common.repositories.orders import Order, order_by_id
from common.repositories.stock_alerts import Alert, alerts_of_sku
from etsy_sync.adapters.orders import ChannelLine, ChannelOrder
from etsy_sync.inbound.lines import NO_SKU
from etsy_sync.inbound.sales import TakenOrder, take_sale
from etsy_sync.repositories.channel_links import ChannelLink, add_link, find_link
from orders.repositories.channel_orders import Cancellation, SoldLine, known_of, write_line
from tests.common.stock_builders import NOW, SKU, booked, physical

TARGET = "101"
WRITES = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem")


def a_line(event_id: str = "t-1", quantity: int = 1, sku: str = SKU, **fields: Any) -> ChannelLine:
    """A line of the tests' SKU."""
    values: dict[str, Any] = {"title": "A work", "price": Decimal("25.00"), "target": TARGET}
    return ChannelLine(event_id=event_id, sku=sku, quantity=quantity, **(values | fields))


def an_order(*lines: ChannelLine, order_id: str = "1", **fields: Any) -> ChannelOrder:
    """A paid order on Etsy, placed a minute ago."""
    sold = lines or (a_line(),)
    total = sum((line.price * line.quantity for line in sold), Decimal(0))
    values: dict[str, Any] = {
        "channel": "etsy",
        "number": f"ETSY-{order_id}",
        "created_at": NOW - timedelta(minutes=1),
        "updated_at": NOW,
        "currency": "EUR",
        "subtotal": total,
        "total": total,
        "customer_name": "Maria Rossi",
    }
    return ChannelOrder(id=order_id, lines=sold, **(values | fields))


def refund(quantity: int, *, restocks: bool = True, name: str = "refund:1") -> dict[str, Cancellation]:
    """What is refunded of a line."""
    return {name: Cancellation(quantity, restocks)}


def call_off(order: ChannelOrder, now: datetime, **fields: Any) -> TakenOrder:
    """The channel reports that an order is cancelled as a whole."""
    return take_sale(order.called_off(), now, **fields)


def note_early(order: ChannelOrder, cancellations: Mapping[str, Cancellation]) -> None:
    """Leaves the row of a line of which a refund was reported before its sale, as earlier reports did."""
    line = SoldLine(channel=order.channel, order_id=order.id, id=order.lines[0].event_id)
    with UnitOfWork() as work:
        write_line(work, line, line.cancelling(cancellations))


def linked(channel: str = "etsy", target: str = TARGET, sku: str = SKU, **fields: Any) -> ChannelLink:
    """Links a SKU to what a channel sells."""
    link = ChannelLink(
        sku=sku, channel=channel, target=target, created_at=iso(NOW), updated_at=iso(NOW), **fields
    )
    with UnitOfWork() as work:
        add_link(work, link)
    return link


def sold_here(channel: str = "etsy", target: str = TARGET, sku: str = SKU) -> int:
    """What a link says that its channel has sold."""
    link = find_link(sku, channel, target)
    assert link is not None
    return link.sold_here


def order_of_channel(order_id: str = "1", channel: str = "etsy") -> Order:
    """The shop's order of one on a channel."""
    local = known_of(channel, order_id).order_id
    assert local is not None
    order = order_by_id(local)
    assert order is not None
    return order


def adds_up(sku: str = SKU) -> bool:
    """Whether the books add up to what is there."""
    return sum(movement.delta for movement in booked(sku)) == physical(sku) >= 0


def reviews(sku: str = NO_SKU) -> list[Alert]:
    """The alerts that ask somebody to look at something."""
    return [alert for alert in alerts_of_sku(sku, 99) if alert.type == "manual_review"]


class Died(BaseException):
    """The process is gone."""


@dataclass
class Life:
    """How many writes a process still makes before it dies, and whether it died."""

    writes: int
    is_over: bool = False

    def spend(self, **_: object) -> None:
        """Makes one write, or dies."""
        if self.writes <= 0:
            self.is_over = True
            raise Died
        self.writes -= 1


@contextmanager
def dying_after(writes: int) -> Iterator[Life]:
    """Within the block the process dies when it has made so many writes and wants to make another."""
    life = Life(writes)
    events = get_client().meta.events
    for name in WRITES:
        events.register_first(f"before-call.dynamodb.{name}", life.spend)
    try:
        yield life
    except Died:
        pass
    finally:
        for name in WRITES:
            events.unregister(f"before-call.dynamodb.{name}", life.spend)


def dies_everywhere(act: Callable[[], object], check: Callable[[], Mapping[str, Any]]) -> None:
    """Runs `act` with a process that dies before its first write, then before its second, and so on.

    Each goes on where the one before died, until one lives; what `check` tells then is what it tells
    after `act` has been repeated once more.
    """
    deaths = 0
    for _ in range(40):
        with dying_after(1) as life:
            act()
        deaths += life.is_over
        if not life.is_over:
            break
    assert deaths
    before = check()
    act()
    assert check() == before
