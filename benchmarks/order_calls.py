"""The measured calls of carts and orders, each with the budget of the design and what it starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from benchmarks.calls import Budget

ORDERS = 100
PAGE = 25
CODE = "HARBOUR10"

CART, ITEMS, CHECKOUT = "/api/cart", "/api/cart/items", "/api/orders"
ADMIN_LIST = f"/api/admin/orders?per_page={PAGE}"

_ADDRESS = {
    "street": "Via del Molo 12",
    "city": "Camogli",
    "state": "GE",
    "zip_code": "16032",
    "country": "IT",
}
_ABROAD = {"street": "Mariahilfer Straße 12", "city": "Wien", "zip_code": "1070", "country": "Austria"}
_BUYER = {
    "email": "buyer@example.com",
    "name": "A Buyer",
    "payment_method": "mock",
    "shipping_address": _ADDRESS,
}


@dataclass(frozen=True, slots=True)
class OrderCall:
    """One call: what is asked, of a cart with how many lines, and what it may cost.

    A call that writes finds a cart of its own each time it is asked, with the discount code on it where
    `has_code` is set, and sends an Idempotency-Key of its own where `has_key` is. `lines` 0 is no cart.
    `in_full` is of a shop with mail, shipping, taxes by country, papers and an edition (`order_terms`).
    """

    name: str
    method: str
    path: str
    lines: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    budget: Budget | None = None
    has_code: bool = False
    has_key: bool = False
    is_admin: bool = False
    in_full: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes what it finds."""
        return self.method != "GET"

    @property
    def is_checkout(self) -> bool:
        """Whether it makes an order."""
        return self.path == CHECKOUT


def product_of_line(line: int) -> int:
    """The id of the product in a line of a cart, counted from 0."""
    return line + 1


def variant_of_line(line: int) -> int:
    """The id of its variant, the smallest of three."""
    return 3 * product_of_line(line)


def _checkout(name: str, lines: int, budget: Budget | None = None, *, in_full: bool = False) -> OrderCall:
    buyer = _BUYER | {"shipping_address": _ABROAD} if in_full else _BUYER
    return OrderCall(
        name, "POST", CHECKOUT, lines, buyer, budget, has_code=True, has_key=True, in_full=in_full
    )


_SECOND_PRODUCT = {"product_id": product_of_line(1), "variant_id": variant_of_line(1), "quantity": 1}

# The list stands first, so that no checkout adds to the orders it finds.
ORDER_CALLS = (
    OrderCall(
        f"admin list, {PAGE} of {ORDERS} orders",
        "GET",
        ADMIN_LIST,
        # Of the list two trips and 6 units, and one of each to know that the token still counts.
        budget=Budget(2 + 1, Decimal(6 + 1)),
        is_admin=True,
    ),
    OrderCall("cart of 3 lines", "GET", CART, lines=3, budget=Budget(2, Decimal(4))),
    OrderCall(
        "add a second product to a cart",
        "POST",
        ITEMS,
        lines=1,
        body=_SECOND_PRODUCT,
        budget=Budget(3, Decimal(3), Decimal(3)),
    ),
    _checkout("checkout of 1 line", 1, Budget(3, write=Decimal(27))),
    _checkout("checkout of 3 lines", 3),
    _checkout("checkout of 10 lines", 10),
    _checkout("checkout of 1 line in full", 1, Budget(3), in_full=True),
    _checkout("checkout of 3 lines in full", 3, Budget(3), in_full=True),
    _checkout("checkout of 10 lines in full", 10, Budget(3), in_full=True),
)
