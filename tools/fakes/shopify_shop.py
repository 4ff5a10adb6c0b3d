"""What a Shopify shop holds, and what buyers and the artist do to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

LOCATION = "655441491"

RESTOCKING = ("cancel", "return", "legacy_restock")
RESTOCK_TYPES = (*RESTOCKING, "no_restock")


@dataclass
class Variant:
    """A variant with its inventory item; `levels` is what is available at each location."""

    id: int
    item: int
    product: int
    title: str
    product_title: str
    sku: str | None
    price: Decimal
    is_tracked: bool = True
    levels: dict[str, int] = field(default_factory=dict)


@dataclass
class Line:
    """A line of an order; `quantity` counts the `refunded` pieces too, and those that an edit `removed`.

    What an edit removed and left a refund for counts as refunded.
    """

    id: int
    variant: Variant
    quantity: int
    refunded: int = 0
    removed: int = 0

    @property
    def current(self) -> int:
        """The pieces that are neither refunded nor removed."""
        return self.quantity - self.refunded - self.removed


@dataclass
class Refund:
    """A refund: its lines are (line, quantity, restock type)."""

    id: int
    order: "Order"
    created_at: datetime
    lines: list[tuple[Line, int, str]]


@dataclass
class Order:
    """An order, paid when it was made or later."""

    id: int
    number: int
    created_at: datetime
    updated_at: datetime
    lines: list[Line]
    is_test: bool = False
    email: str | None = None
    buyer: str | None = None
    cancelled_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)
    shipping: Decimal = Decimal("4.50")
    is_paid: bool = True

    @property
    def subtotal(self) -> Decimal:
        """What the pieces cost."""
        return sum((line.variant.price * line.quantity for line in self.lines), Decimal(0))

    @property
    def financial_status(self) -> str:
        """What Shopify says of its payment."""
        if not self.is_paid:
            return "PENDING" if self.cancelled_at is None else "VOIDED"
        if not self.refunds:
            return "PAID"
        is_whole = all(line.current == 0 for line in self.lines)
        return "REFUNDED" if is_whole else "PARTIALLY_REFUNDED"


class Shop:
    """The state; `changed` is told of what Shopify would send a webhook for: a topic and the thing."""

    def __init__(self, clock: Callable[[], datetime], changed: Callable[[str, Any], None]) -> None:
        self.clock = clock
        self.changed = changed
        self.variants: dict[int, Variant] = {}
        self.orders: dict[int, Order] = {}
        self._ids: Iterator[int] = count(44_000_000_000_001)
        self._numbers: Iterator[int] = count(1001)

    def add_product(self, title: str, rows: list[dict[str, Any]]) -> list[Variant]:
        """A product with variants of `sku`, `available` (None: kept nowhere), `price`, `title`, `tracked`."""
        product = next(self._ids)
        made = []
        for row in rows:
            available = row.get("available", 0)
            variant = Variant(
                id=next(self._ids),
                item=next(self._ids),
                product=product,
                title=row.get("title", "Default Title"),
                product_title=title,
                sku=row.get("sku"),
                price=Decimal(str(row.get("price", "10.00"))),
                is_tracked=row.get("tracked", True),
                levels={} if available is None else {LOCATION: int(available)},
            )
            self.variants[variant.item] = variant
            made.append(variant)
        return made

    def named(self, sku: str | None = None, item: int | str | None = None) -> Variant:
        """The variant of an inventory item, or the only one of a SKU; ValueError for none or several."""
        found = [
            variant
            for variant in self.variants.values()
            if (variant.item == int(item) if item is not None else variant.sku == sku)
        ]
        if len(found) != 1:
            raise ValueError(f"{len(found)} variants are named by {item or sku}")
        return found[0]

    def set_level(self, variant: Variant, quantity: int, location: str = LOCATION) -> None:
        """What is available becomes `quantity`."""
        variant.levels[location] = quantity
        self.changed("inventory_levels/update", (variant, location, quantity, self.clock()))

    def move(self, variant: Variant, pieces: int) -> None:
        """What is available goes up or down."""
        if variant.is_tracked:
            self.set_level(variant, variant.levels.get(LOCATION, 0) + pieces)

    def buy(
        self,
        wanted: list[tuple[Variant, int]],
        *,
        is_test: bool,
        email: str | None = None,
        buyer: str | None = None,
        is_paid: bool = True,
    ) -> Order:
        """The order of a buyer of that name and address; ValueError when more is wanted than is available."""
        for variant, quantity in wanted:
            if quantity < 1 or (variant.is_tracked and variant.levels.get(LOCATION, 0) < quantity):
                raise ValueError(f"{quantity} of {variant.sku} are not available")
        now = self.clock()
        lines = [Line(next(self._ids), variant, quantity) for variant, quantity in wanted]
        order = Order(
            next(self._ids), next(self._numbers), now, now, lines, is_test, email, buyer, is_paid=is_paid
        )
        self.orders[order.id] = order
        self.changed("orders/create", order)
        for variant, quantity in wanted:
            self.move(variant, -quantity)
        return order

    def cancel(self, order: Order, *, is_restocked: bool) -> Refund:
        """The rest of an order is given up."""
        if order.cancelled_at is not None:
            raise ValueError(f"order {order.id} is cancelled already")
        rest = [(line, line.current) for line in order.lines]
        order.cancelled_at = self.clock()
        restock_type = "cancel" if is_restocked else "no_restock"
        refund = self._refund(order, [(line, left, restock_type) for line, left in rest if left])
        self.changed("orders/cancelled", order)
        return refund

    def refund(self, order: Order, line: Line, quantity: int, restock_type: str) -> Refund:
        """Pieces of a line are given up; ValueError for more than are left of it."""
        if restock_type not in RESTOCK_TYPES:
            raise ValueError(f"{restock_type} is none of {RESTOCK_TYPES}")
        if not 1 <= quantity <= line.current:
            raise ValueError(f"{line.current} pieces are left of line {line.id}")
        return self._refund(order, [(line, quantity, restock_type)])

    def edit(self, order: Order, line: Line, quantity: int, *, restock: bool, leaves_refund: bool) -> None:
        """The artist changes how many pieces of a line are ordered, down to none.

        A removal is put back into stock or not, and mostly leaves a refund of no money. ValueError for a
        cancelled order, and for more than is available.
        """
        change = self._editable(order, line.variant, quantity - line.current)
        if change < 0 and leaves_refund:
            self._refund(order, [(line, -change, "cancel" if restock else "no_restock")])
        elif change < 0:
            line.removed -= change
        else:
            line.quantity += change
        self._edited(order, {line.id: change})
        if change > 0 or (restock and not leaves_refund):
            self.move(line.variant, -change)

    def add_line(self, order: Order, variant: Variant, quantity: int) -> Line:
        """The artist adds a line to an order. ValueError as for `edit`."""
        self._editable(order, variant, quantity)
        line = Line(next(self._ids), variant, quantity)
        order.lines.append(line)
        self._edited(order, {line.id: quantity})
        self.move(variant, -quantity)
        return line

    def _editable(self, order: Order, variant: Variant, change: int) -> int:
        if order.cancelled_at is not None:
            raise ValueError(f"order {order.id} is cancelled and cannot be edited")
        if change == 0 or (variant.is_tracked and variant.levels.get(LOCATION, 0) < change):
            raise ValueError(f"order {order.id} cannot have {change} more of {variant.sku}")
        return change

    def _edited(self, order: Order, changes: dict[int, int]) -> None:
        order.updated_at = self.clock()
        self.changed("orders/edited", (order, changes))

    def _refund(self, order: Order, lines: list[tuple[Line, int, str]]) -> Refund:
        now = self.clock()
        refund = Refund(next(self._ids), order, now, lines)
        order.refunds.append(refund)
        order.updated_at = now
        self.changed("refunds/create", refund)
        for line, quantity, restock_type in lines:
            line.refunded += quantity
            if restock_type in RESTOCKING:
                self.move(line.variant, quantity)
        return refund
