"""What a channel says of itself once, so that nothing else has to know which channels there are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from etsy_sync.repositories.sync_states import Kind

if TYPE_CHECKING:
    from etsy_sync.adapters.interface import Channel, Unreadable
    from etsy_sync.adapters.orders import ChannelOrder, Notice
    from etsy_sync.adapters.returns import ReturnsReport
    from etsy_sync.adapters.runs import Progress, RunResult
    from etsy_sync.repositories.channel_links import ChannelLink
    from etsy_sync.stock.returns import Returned

# What follows a sale, or what can wait a day.
Purpose = Literal["sale", "routine"]

# The only shop of a channel that has no more.
MAIN = "main"


def _only_shop() -> list[str]:
    return [MAIN]


def _in_the_only_shop(_link: "ChannelLink") -> str:
    return MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDefinition:
    """One channel: what it is called, what it can do, and how each of that is reached.

    The functions import what they need when they are called, so that listing the channels costs nothing.
    Those that may be None are what a channel need not have. All raise ChannelErrors, `is_configured` and
    `shops` ConfigurationError.
    """

    name: str
    # Whether its settings are complete, and it is not switched off.
    is_configured: Callable[[], bool]
    # The channel of a shop, for what is wanted of it.
    connect: Callable[[str, Purpose], "Channel"]
    # What was ordered or changed in a shop at a moment or later, the earliest change first.
    orders_since: Callable[[str, datetime], "Iterator[ChannelOrder | Unreadable]"]
    # Reads what a shop sells, and links it by SKU.
    read_catalogue: Callable[[str, datetime, "Progress | None"], "RunResult"]
    # What a run over its orders is called, and so which job makes it.
    order_kind: Kind = "order"
    # Its shops that are connected, and the one that a link is to.
    shops: Callable[[], list[str]] = _only_shop
    shop_of: Callable[["ChannelLink"], str] = _in_the_only_shop
    # One order of a shop by its id; None when the channel does not give it.
    find_order: "Callable[[str, str], ChannelOrder | None] | None" = None
    # What a webhook tells, by its headers and body at a moment; as `Notice` says, verified first.
    read_notice: "Callable[[Mapping[str, str], bytes, datetime], Notice] | None" = None
    # Keeps an order of a shop besides, with the id of the shop's own order where there is one.
    keep_order: "Callable[[ChannelOrder, str, int | None, datetime], None] | None" = None
    # What came back since a moment, of one of these kinds; with the id of a report that was pending.
    return_kinds: tuple[str, ...] = ()
    returned_since: "Callable[[str, datetime, str | None], ReturnsReport[Returned]] | None" = None
    # Renews access that ends soon.
    refresh_tokens: "Callable[[datetime], RunResult] | None" = None
    # The largest quantity that it takes.
    largest_quantity: int | None = None
    # It shows a quantity some time after it has accepted it, and sets it as it was told then.
    shows_late: bool = False
    # Its targets are numbers, and are logged as such.
    has_numeric_targets: bool = False
