"""What is written down about stock and orders at a moment, read whole, and what buyers remember."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from common.dynamodb import Item, Key, call, from_wire, table_name
from common.repositories.stock_movements import Movement, movement_from_item, movement_mark
from tests.etsy_sync.machine_world import SKUS


@dataclass
class Purchase:
    """Pieces that somebody bought on a channel; `line` is what the shop knows the line of the order by.

    `quantity` is what was bought in all, with what was added later. Of that `gone` pieces were cancelled,
    refunded or taken off, and `returned` ones can be sold again. `is_contested` when the pieces were not
    there any more, or somebody else took pieces of the same SKU before the shop heard of the purchase.
    """

    channel: str
    order: str
    line: str
    sku: str
    quantity: int
    is_contested: bool
    returned: int = 0
    gone: int = 0
    is_over: bool = False

    @property
    def kept(self) -> int:
        """The pieces that the buyer keeps."""
        return self.quantity - self.returned


@dataclass(frozen=True)
class Books:
    """The rows of the table by their keys; `movements` of every SKU."""

    rows: dict[Key, Item]
    movements: tuple[Movement, ...]
    physical: dict[str, int]
    buffers: dict[str, int] = field(default_factory=dict)

    def sale(self, purchase: Purchase) -> Movement | None:
        """What the shop took out of stock for a purchase; None when it does not know of it."""
        row = self.rows.get(movement_mark(purchase.channel, purchase.line, purchase.sku).key)
        return movement_from_item(row) if row else None

    def held(self, purchase: Purchase) -> int:
        """How many pieces the shop holds for a purchase."""
        line = self._line(purchase)
        return sum(-each.delta for each in self._takings(purchase)) - int(line.get("put_back", 0))

    def shortfall(self, purchase: Purchase) -> int:
        """How many pieces were not there when the shop took what was bought, or added since."""
        return sum(each.shortfall for each in self._takings(purchase))

    def unheard(self, purchase: Purchase) -> int:
        """How many pieces the buyer keeps that the shop has not heard of yet."""
        line = self._line(purchase)
        back = sum(int(it["quantity"]) for it in line.get("given_up", {}).values() if it["restocks"])
        known = int(line.get("quantity", 0)) - back if self.sale(purchase) else 0
        return max(0, purchase.kept - known)

    def orders(self, channel: str) -> list[str]:
        """The ids on a channel of the orders that the shop has made of those there."""
        start = f"CHANNEL_ORDER#{channel}#"
        return [pk.removeprefix(start) for pk, sk in self.rows if pk.startswith(start) and sk == "METADATA"]

    def moved(self, sku: str, source: str | None = None) -> int:
        """By how many pieces a SKU has moved, in all or for one source."""
        return sum(it.delta for it in self.movements if it.sku == sku and source in (None, it.source))

    def _takings(self, purchase: Purchase) -> list[Movement]:
        """The movements that took pieces for a purchase: its sale, and each addition to it."""
        additions = int(self._line(purchase).get("additions", 0))
        lines = (purchase.line, *(f"{purchase.line}:{number}" for number in range(1, additions + 1)))
        keys = (movement_mark(purchase.channel, line, purchase.sku).key for line in lines)
        return [movement_from_item(self.rows[key]) for key in keys if key in self.rows]

    def _line(self, purchase: Purchase) -> Item:
        key = f"CHANNEL_ORDER#{purchase.channel}#{purchase.order}", f"LINE#{purchase.line}"
        return self.rows.get(key, {})


def read_books() -> Books:
    """The whole table, by consistent reads."""
    rows: dict[Key, Item] = {}
    start: dict[str, Any] = {}
    while True:
        answer = call("scan", TableName=table_name(), ConsistentRead=True, **start)
        rows |= {(str(item["PK"]), str(item["SK"])): item for item in map(from_wire, answer["Items"])}
        if "LastEvaluatedKey" not in answer:
            break
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    # The opening count of a variant stands in a row that is there for other reasons too.
    listed = (row for row in rows.values() if str(row.get("GSI1PK", "")).startswith("STOCK_MOVEMENT#"))
    found = tuple(movement_from_item(row) for row in listed)
    return Books(rows, found, _physical(rows), _buffers(rows))


def _physical(rows: dict[Key, Item]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for sku in SKUS:
        _, work, number = sku.split("-")
        counted[sku] = int(rows[f"PRODUCT#{work}", "LISTING"]["stock"][str(int(work) * 10 + int(number))])
    return dict(counted)


def _buffers(rows: dict[Key, Item]) -> dict[str, int]:
    return {sku: int(rows.get((f"SKU#{sku}", "METADATA"), {}).get("buffer", 0)) for sku in SKUS}
