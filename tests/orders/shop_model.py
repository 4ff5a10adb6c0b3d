"""A shop in plain Python, to hold the real one against: amounts are cents, an order's id is its position.

Each step answers the error that the real shop must refuse it with, or None and carries it out.
"""

from dataclasses import dataclass, field

from common.errors import Conflict, InvalidInput, NotFound, ShopError
from common.repositories.stock import InsufficientStock
from orders.allocation import OutOfStock
from orders.cart_items import ShortOf
from orders.states import ImpossibleStep

Refusal = type[ShopError] | None

TAX_PERCENT = 22
PRICES = {10: 2500, 20: 1001, 21: 1251}
OPENING_STOCK = {10: 6, 20: 9, 21: 4}

# Up to which value of the lines a parcel costs what, and from which on nothing.
SHIPPING_STEPS = {3000: 600, 10**9: 900}
FREE_FROM = 20_000

REFUNDABLE = ("paid", "partially_refunded")


@dataclass(frozen=True)
class Code:
    """A discount code: a percentage, or an amount in cents when `percent` is 0."""

    id: int
    percent: int = 0
    amount: int = 0
    smallest: int = 0
    largest: int = 10**9
    max_uses: int = 10**9
    includes_shipping: bool = False

    def off(self, subtotal: int) -> int:
        """What it takes off."""
        wanted = half_up(subtotal * self.percent, 100) if self.percent else self.amount
        return min(wanted, self.largest, subtotal)


CODES = {
    "SAVE15": Code(1, percent=15, smallest=1500, largest=700, max_uses=3),
    "GIFT": Code(2, amount=3000, includes_shipping=True),
}


@dataclass
class Sale:
    """An order."""

    lines: dict[int, int]
    code: str | None
    status: str = "pending"
    refunded: int = 0
    cancelled: bool = False
    restocked: bool = False
    is_shipping_back: bool = False

    @property
    def subtotal(self) -> int:
        return worth(self.lines)

    @property
    def shipping(self) -> int:
        cost = next(price for most, price in SHIPPING_STEPS.items() if self.subtotal <= most)
        return 0 if self.subtotal >= FREE_FROM else cost

    @property
    def tax(self) -> int:
        return half_up((self.subtotal + self.shipping) * TAX_PERCENT, 100)

    @property
    def discount(self) -> int:
        if self.code is None:
            return 0
        code = CODES[self.code]
        return code.off(self.subtotal + (self.shipping if code.includes_shipping else 0))

    @property
    def total(self) -> int:
        return self.subtotal + self.shipping + self.tax - self.discount

    @property
    def shipping_off(self) -> int:
        """What of the discount is off the shipping."""
        if self.code is None or not CODES[self.code].includes_shipping:
            return 0
        return half_up(self.discount * self.shipping, self.subtotal + self.shipping)

    @property
    def shipping_charge(self) -> int:
        """What the shipping came to, with its tax."""
        whole = self.subtotal + self.shipping
        return half_up((self.shipping - self.shipping_off) * whole + self.tax * self.shipping, whole)


@dataclass
class Shop:
    """What is on the shelves, in the cart and in the books; `supplied` is all that was ever put in."""

    stock: dict[int, int] = field(default_factory=lambda: dict(OPENING_STOCK))
    supplied: dict[int, int] = field(default_factory=lambda: dict(OPENING_STOCK))
    cart: dict[int, int] = field(default_factory=dict)
    cart_code: str | None = None
    sales: list[Sale] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)

    def uses(self, code: str) -> int:
        """How many orders use a code up."""
        return sum(sale.code == code and not sale.cancelled for sale in self.sales)

    def put(self, variant: int, pieces: int) -> Refusal:
        """Makes it so many pieces of a variant in the cart."""
        if pieces > self.stock[variant]:
            return ShortOf
        self.cart[variant] = pieces
        return None

    def change(self, variant: int, pieces: int) -> Refusal:
        """Like `put`, for what is in the cart already."""
        return self.put(variant, pieces) if variant in self.cart else NotFound

    def apply(self, code: str) -> Refusal:
        """Puts a code on the cart."""
        if not self._is_usable(code, worth(self.cart)):
            return InvalidInput
        self.cart_code = code
        return None

    def check_out(self, key: str | None) -> Refusal:
        """Orders what is in the cart, which is empty afterwards."""
        refusal = self.order(self.cart, self.cart_code, key)
        if refusal is None:
            self.cart, self.cart_code = {}, None
        return refusal

    def order(self, lines: dict[int, int], code: str | None, key: str | None) -> Refusal:
        """Orders these pieces; `key` is one that was not used before."""
        if not lines:
            return InvalidInput
        if any(pieces > self.stock[variant] for variant, pieces in lines.items()):
            return OutOfStock
        if code and not self._is_usable(code, worth(lines)):
            return InvalidInput
        self._move(lines, -1)
        self.sales.append(Sale(dict(lines), code))
        if key is not None:
            self.keys[key] = len(self.sales)
        return None

    def pay(self, sale: Sale, *, fails: bool) -> Refusal:
        """Pays an order, unless the payment fails."""
        if sale.cancelled or sale.status not in {"pending", "failed"}:
            return Conflict
        sale.status = "failed" if fails else "paid"
        return InvalidInput if fails else None

    def refund(self, sale: Sale, amount: int | None, restock: bool | None) -> Refusal:
        """Gives money back, all that is left when `amount` is None."""
        rest = sale.total - sale.refunded
        if sale.status not in REFUNDABLE:
            return Conflict
        amount = rest if amount is None else amount
        if amount > rest:
            return InvalidInput if amount > sale.total else Conflict
        if restock and amount < rest:
            return InvalidInput
        sale.refunded += amount
        sale.status = "refunded" if amount == rest else "partially_refunded"
        sale.is_shipping_back |= amount == rest and sale.shipping > 0
        if amount == rest and restock is not False:
            self._restock(sale)
        return None

    def refund_shipping(self, sale: Sale) -> Refusal:
        """Gives back what the shipping came to, once, as far as it is left."""
        if sale.status not in REFUNDABLE:
            return Conflict
        if not sale.shipping:
            return InvalidInput
        if sale.is_shipping_back:
            return Conflict
        sale.refunded += min(sale.shipping_charge, sale.total - sale.refunded)
        sale.status = "refunded" if sale.refunded == sale.total else "partially_refunded"
        sale.is_shipping_back = True
        return None

    def cancel(self, sale: Sale, restock: bool | None) -> Refusal:
        """Cancels an order and gives back what was paid."""
        if sale.cancelled:
            return ImpossibleStep
        # A refund of the whole has decided about the pieces.
        is_open = sale.status != "refunded"
        if sale.status in REFUNDABLE:
            sale.refunded, sale.status = sale.total, "refunded"
            sale.is_shipping_back |= sale.shipping > 0
        sale.cancelled = True
        if restock or (restock is None and is_open):
            self._restock(sale)
        return None

    def count(self, variant: int, operation: str, pieces: int) -> Refusal:
        """Sets, adds to or takes from what is there of a variant."""
        before = self.stock[variant]
        after = {"set": pieces, "add": before + pieces, "subtract": before - pieces}[operation]
        if after < 0:
            return InsufficientStock
        self.stock[variant] = after
        self.supplied[variant] += after - before
        return None

    def _is_usable(self, code: str, subtotal: int) -> bool:
        return subtotal >= CODES[code].smallest and self.uses(code) < CODES[code].max_uses

    def _restock(self, sale: Sale) -> None:
        if not sale.restocked:
            self._move(sale.lines, 1)
        sale.restocked = True

    def _move(self, lines: dict[int, int], direction: int) -> None:
        for variant, pieces in lines.items():
            self.stock[variant] += direction * pieces


def worth(lines: dict[int, int]) -> int:
    """What pieces cost without tax."""
    return sum(PRICES[variant] * pieces for variant, pieces in lines.items())


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two positive numbers, rounded half-up."""
    return (2 * numerator + denominator) // (2 * denominator)
