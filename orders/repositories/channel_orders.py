"""What is known of an order that was placed on a channel: its order in the shop, and its lines.

`CHANNEL_ORDER#{channel}#{id}/METADATA` names the shop's order, and makes it the only one;
`.../LINE#{line}` says what a line sold and what of it was cancelled or refunded. The row of a line makes
it sell once, whatever SKU the channel names the next time, and remembers what was cancelled before that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from common import once, prefixes
from common.dynamodb import Query, UnitOfWork, attr, fetch_all
from common.dynamodb.rows import Rows
from common.errors import Conflict
from common.once import Marks

_ORDER, _LINE = "METADATA", "LINE#"

# An order of a channel is made here once, for good.
_MADE = Marks(prefixes.CHANNEL_ORDER)

# What pieces that an edit took off an order are called among its cancellations.
EDIT = "edit"


class LineMoved(Conflict):
    """Somebody else changed what is known of the line since it was read."""

    def __init__(self) -> None:
        super().__init__("The line was changed by somebody else at the same moment, please try again")


@dataclass(frozen=True, slots=True)
class Cancellation:
    """So many pieces of a line were cancelled or refunded; `restocks` when they can be sold again."""

    quantity: int
    restocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """A line of an order on a channel; `quantity` None while its sale has not been reported.

    `is_known` when the shop counts its SKU, `cancellations` holds what was cancelled or refunded, by the
    name of what happened; `put_back` pieces of it are in stock again. Where the channel lets orders be
    edited, `as_of` is the moment whose numbers these are (ISO 8601 UTC), and `additions` counts how often
    an edit has taken more pieces.
    """

    channel: str
    order_id: str
    id: str
    sku: str = ""
    quantity: int | None = None
    is_known: bool = True
    cancellations: Mapping[str, Cancellation] = field(default_factory=dict)
    put_back: int = 0
    as_of: str | None = None
    additions: int | None = None
    version: int = 0

    @property
    def left(self) -> int:
        """How many pieces the buyer still gets, or has got and keeps out of stock."""
        back = sum(it.quantity for it in self.cancellations.values() if it.restocks)
        return max(0, (self.quantity or 0) - back)

    @property
    def is_cancelled(self) -> bool:
        """Whether every piece was cancelled or refunded."""
        gone = sum(it.quantity for it in self.cancellations.values())
        return self.quantity is not None and gone >= self.quantity

    def cancelling(self, news: Mapping[str, Cancellation]) -> "SoldLine":
        """The line when this is known too; of one name the larger number holds, however they arrive."""
        merged = dict(self.cancellations)
        for name, each in news.items():
            before = merged.get(name)
            if before is None or before.quantity < each.quantity:
                merged[name] = each
        return replace(self, cancellations=merged)

    def edited(self, quantity: int, removed: int, as_of: str) -> "SoldLine":
        """The line with the numbers that its channel gave it at a moment, unless later ones are known.

        Numbers of the same moment replace each other: what is read last is nearest to what holds.
        """
        if self.as_of is not None and as_of < self.as_of:
            return self
        others = {name: each for name, each in self.cancellations.items() if name != EDIT}
        edit = {EDIT: Cancellation(removed, restocks=True)} if removed else {}
        return replace(self, quantity=quantity, cancellations=others | edit, as_of=as_of)


LINES = Rows(
    SoldLine,
    "Line",
    key=prefixes.CHANNEL_ORDER + "#{channel}#{order_id}",
    sort=_LINE + "{id}",
    stored_as={"cancellations": "given_up"},
)


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of an order on a channel; `order_id` is the shop's, None before it was made."""

    order_id: int | None
    lines: Mapping[str, SoldLine]


def known_of(channel: str, order_id: str) -> Known:
    """All that is known of an order on a channel, by one consistent query."""
    rows = fetch_all(Query(_MADE.of(channel, order_id).key[0], consistent=True))
    lines = [LINES.of(row) for row in rows if row["SK"].startswith(_LINE)]
    local = next((int(row["order_id"]) for row in rows if row["SK"] == _ORDER), None)
    return Known(local, {line.id: line for line in lines})


def claim_channel_order(
    work: UnitOfWork,
    channel: str,
    channel_order_id: str,
    order_id: int,
    number: str,
    now: datetime,
    *,
    taken: Exception,
) -> None:
    """Says which order of the shop it is; `taken` at the commit when another one is already."""
    # Two who handle one order at once, or one after a crash, do not make two orders of it.
    made = {"order_id": order_id, "order_number": number}
    once.add(work, _MADE.of(channel, channel_order_id), now, made, repeated=taken)


def write_line(work: UnitOfWork, before: SoldLine, after: SoldLine) -> SoldLine:
    """Writes what is known of a line now, and answers it as stored; LineMoved at the commit."""
    stored = replace(after, version=before.version + 1)
    # Stops two who saw the same line from both selling it, or both putting its pieces back.
    unchanged = attr("version").eq(before.version) if before.version else attr("PK").missing()
    work.put(LINES.item(stored), condition=unchanged, failed=LineMoved())
    return stored
