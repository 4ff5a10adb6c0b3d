"""The shop's own type of an order on a channel, in which every adapter answers, and what a webhook names."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.repositories.channel_orders import Cancellation

# What a cancellation is called; a refund is called by its id.
CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A line as its channel reports it; `event_id` is its id there, which no other line of it has.

    `quantity` is what was ordered in all, with what was added or taken off later. `target` is what the
    channel sells it under (a listing, a variant, a seller's SKU), `price` of one piece. `cancellations`
    names what happened to pieces of it, each name with the number that it has reached. `removed` pieces
    were taken off by editing the order; None where the channel lets no order be edited.
    """

    event_id: str
    sku: str
    title: str
    quantity: int
    price: Decimal
    target: str | None = None
    cancellations: Mapping[str, Cancellation] = field(default_factory=dict)
    removed: int | None = None

    @property
    def wanted(self) -> int:
        """How many pieces the order names, whatever was cancelled or refunded of them."""
        return self.quantity - (self.removed or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrder:
    """An order as its channel reports it; amounts in `currency`, times aware.

    `number` is what the shop will know it by. `total` None while the channel does not say what it costs:
    then its pieces are taken, and the order is made when it says so. What tells of the buyer may be
    unknown. `is_refunded` and `is_partly_refunded` tell of its money, not of its pieces. `is_ours` is False
    when it takes none of the shop's pieces. `source` is what the adapter keeps of it besides.
    """

    channel: str
    id: str
    number: str
    created_at: datetime
    updated_at: datetime
    currency: str
    lines: tuple[ChannelLine, ...]
    total: Decimal | None
    subtotal: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    is_ours: bool = True
    is_paid: bool = True
    is_cancelled: bool = False
    is_shipped: bool = False
    is_delivered: bool = False
    is_refunded: bool = False
    is_partly_refunded: bool = False
    customer_name: str | None = field(default=None, repr=False)
    customer_email: str | None = field(default=None, repr=False)
    address: Any = field(default=None, repr=False)
    notes: str | None = field(default=None, repr=False)
    source: Any = field(default=None, repr=False)

    def called_off(self) -> "ChannelOrder":
        """The order when it is cancelled as a whole: what each of its lines took is put back."""
        lines = (
            replace(
                line,
                cancellations={**line.cancellations, CANCEL: Cancellation(line.quantity, restocks=True)},
            )
            for line in self.lines
        )
        return replace(self, lines=tuple(lines), is_cancelled=True)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a verified webhook tells: that an order, or what the channel shows of a target, has changed.

    The content is read from the channel, never from the webhook. `id` is the same for each delivery of it,
    `kind` the channel's own word, `shop` the shop there that it is about. One that names neither is of no
    interest. `is_delivered` when it says of the order what the order itself does not.
    """

    id: str
    kind: str
    shop: str
    order_id: str | None = None
    target: str | None = None
    is_delivered: bool = False
