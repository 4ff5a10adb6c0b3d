"""What an order takes from the shelves: its lines, what is short of them, and the conditions of taking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from common.dynamodb import UnitOfWork, attr
from common.errors import Conflict, InvalidInput, NotFound
from common.low_stock import notify_low_stock
from common.optimistic import StaleVersion
from common.repositories.product_writes import times_unmoved
from common.repositories.products import PUBLISHED, Product, Variant, status_partition
from common.repositories.stock import Shelf, shelf_of
from common.stock_ledger import Event, move
from orders.numbers import refuse_too_many
from orders.pricing import Line, sold_in, unit_price
from orders.repositories.offers import Offers


@dataclass(frozen=True, slots=True)
class RequestedItem:
    """So many pieces of a variant; without a variant, of the only one that the product has."""

    product_id: int
    variant_id: int | None
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line of which fewer pieces are left than it asks for."""

    product_id: int
    variant_id: int | None
    title: str
    requested: int
    available: int


class OutOfStock(Conflict):
    """Lines are short, so nothing was ordered; the answer's `lines` names each and what is left of it."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        names = ", ".join(f"{it.title} ({it.available} left)" for it in self.shortages)
        lines = [
            {
                "product_id": it.product_id,
                "variant_id": it.variant_id,
                "title": it.title,
                "requested": it.requested,
                "available": it.available,
            }
            for it in self.shortages
        ]
        super().__init__(f"Insufficient stock available: {names}", details={"lines": lines})


def lines_of(wanted: Iterable[RequestedItem], offers: Offers) -> tuple[Line, ...]:
    """The lines of these items at today's prices, the same variant added up.

    Raises NotFound for what is not on sale, InvalidInput where the variant has to be named, and
    OutOfStock for a product that has none.
    """
    lines: dict[int, Line] = {}
    for each in wanted:
        product = offers.products.get(each.product_id)
        if product is None:
            raise NotFound("Product not found")
        variant = _variant(product, each)
        quantity = each.quantity + (lines[variant.id].quantity if variant.id in lines else 0)
        lines[variant.id] = _line(product, variant, quantity)
    return tuple(lines.values())


def _variant(product: Product, wanted: RequestedItem) -> Variant:
    sold = product.live_variants
    if wanted.variant_id is not None:
        sold = tuple(variant for variant in sold if variant.id == wanted.variant_id)
        if not sold:
            raise NotFound("Variant not found")
    if not sold:
        raise OutOfStock([Shortage(product.id, None, product.title, wanted.quantity, 0)])
    if len(sold) > 1:
        raise InvalidInput.of_field("variant_id", "is required")
    return sold[0]


def _line(product: Product, variant: Variant, quantity: int) -> Line:
    left = variant.numbering
    return Line(
        product_id=product.id,
        variant_id=variant.id,
        title=product.title,
        variant_name=variant.name,
        sku=variant.sku or product.sku,
        unit_price=unit_price(product.base_price, variant.price_adjustment, product.currency),
        quantity=quantity,
        currency=sold_in(product.currency),
        tax_class=product.tax_class,
        # Of a line that is short there is nothing to number.
        numbers=left.first(quantity) if left and quantity <= left.left else None,
        cannot_be_withdrawn=bool(product.cannot_be_withdrawn),
    )


def left_after(line: Line, offers: Offers) -> int:
    """How many pieces are left when the line is taken; negative when it is short."""
    variant = offers.variant(line.product_id, line.variant_id)
    return (variant.stock if variant else 0) - line.quantity


def refuse_shortages(lines: Iterable[Line], offers: Offers) -> None:
    """Raises OutOfStock with every line that is short."""
    short = [
        Shortage(
            line.product_id,
            line.variant_id,
            line.title,
            line.quantity,
            max(0, left_after(line, offers) + line.quantity),
        )
        for line in lines
        if left_after(line, offers) < 0
    ]
    if short:
        raise OutOfStock(short)


def refuse_too_many_numbers(lines: Sequence[Line]) -> None:
    """InvalidInput for more pieces of editions than one order can number."""
    pieces = sum(len(line.numbers or ()) for line in lines)
    if pieces:
        refuse_too_many(len(lines), len({line.product_id for line in lines}), pieces)


def take(work: UnitOfWork, lines: Sequence[Line], offers: Offers, event: Event, repeated: Exception) -> None:
    """Takes the pieces of all lines out of stock, a product's variants in one step, and records each.

    StaleVersion at the commit when what the order was priced with no longer holds: read it again, and
    it shows what is short, dearer or gone. `repeated` when the event has taken a variant before.
    """
    places = {line.variant_id: number for number, line in enumerate(lines, start=1)}
    for product_id in dict.fromkeys(line.product_id for line in lines):
        product = offers.products[product_id]
        moves = [(_shelf(line, offers), -line.quantity) for line in lines if line.product_id == product_id]
        # Stops an order at a price that was changed, and of a work that was withdrawn, rejected or withheld,
        # or whose times were moved, since it was read.
        condition = attr("base_price").eq(product.base_price)
        condition &= attr("GSI2PK").eq(status_partition(PUBLISHED)) & times_unmoved(product)
        moved_meanwhile = StaleVersion(product.title)
        move(work, moves, event, failed=moved_meanwhile, condition=condition, repeated=repeated, lines=places)


def notify_low_lines(work: UnitOfWork, lines: Sequence[Line], offers: Offers, now: datetime) -> None:
    """Tells of each variant that the order makes low; add it last, where little room is left."""
    moves = [(_shelf(line, offers), -line.quantity, f"{line.title}, {line.variant_name}") for line in lines]
    notify_low_stock(work, moves, now)


def skus_of(lines: Iterable[Line], offers: Offers) -> list[str | None]:
    """The SKUs of the variants that these lines take."""
    return [_shelf(line, offers).sku for line in lines]


def _shelf(line: Line, offers: Offers) -> Shelf:
    variant = offers.variant(line.product_id, line.variant_id)
    if variant is None:
        raise StaleVersion(line.title)
    return shelf_of(variant)
