"""Orders that stand in the table as a checkout leaves them, and what becomes of them."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

from common.clock import iso, parse_iso, utc_now
from common.dynamodb import Query, UnitOfWork, fetch_all, get_item
from common.errors import Conflict
from common.http import Identity, Role
from common.repositories.orders import (
    Order,
    OrderDetails,
    OrderLine,
    add_order,
    change_order,
    number_of,
    order_by_id,
)
from common.repositories.products import Variant, listing_key
from orders.payments import pay
from orders.repositories.discounts import DISCOUNTS, DiscountCode
from tests.catalog.builders import audit_of, row, store

NOW = utc_now()
OPENING = parse_iso("2026-01-01T09:00:00Z")
COMMIT = "common.dynamodb.transaction.UnitOfWork.commit"
ADMIN = Identity("1", "admin", Role.ADMIN)

PRODUCT, LARGE, SMALL = 1, 11, 12
BOUGHT = {str(LARGE): 2, str(SMALL): 1}
LEFT = {str(LARGE): 3, str(SMALL): 0}
DISCOUNT = 7


class Crash(Exception):
    """The process ends here."""


def crash() -> None:
    """Ends the process."""
    raise Crash


def placed(order_id: int = 1, *, total: str = "30.00", **fields: Any) -> Order:
    """An unpaid order of three pieces bought with a discount code; LEFT is what is still on sale."""
    store([row(PRODUCT, variants=tuple(_variant(int(name), left) for name, left in LEFT.items()))])
    lines = tuple(_line(number, int(name), count) for number, (name, count) in enumerate(BOUGHT.items(), 1))
    values: dict[str, Any] = {
        "order_number": number_of(order_id),
        "customer_email": "buyer@example.com",
        "customer_name": "A Buyer",
        "subtotal": Decimal(total),
        "tax": Decimal("0.00"),
        "discount": Decimal("0.00"),
        "total": Decimal(total),
        "currency": "EUR",
        "payment_method": "mock",
        "discount_id": DISCOUNT,
        "discount_code": "SAVE",
        "created_at": iso(OPENING),
        "updated_at": iso(OPENING),
    }
    order = Order(id=order_id, **(values | fields))
    code = DiscountCode(
        id=DISCOUNT,
        code="SAVE",
        discount_type="fixed",
        discount_value=Decimal(5),
        valid_from=iso(OPENING),
        created_at=iso(OPENING),
        updated_at=iso(OPENING),
        times_used=1,
    )
    with UnitOfWork() as work:
        add_order(work, order, OrderDetails(lines), taken=Conflict("taken"))
        DISCOUNTS.add(work, code)
    return order


def paid(**fields: Any) -> Order:
    """An order that was paid by the mock provider."""
    return pay(placed(**fields).id, {}, NOW)[0]


def changed(order: Order, **fields: Any) -> Order:
    """The order after somebody else's change of some fields."""
    with UnitOfWork() as work:
        return change_order(work, order, replace(order, **fields))


def stored(order_id: int = 1) -> Order:
    """The order as it is now."""
    order = order_by_id(order_id)
    assert order is not None
    return order


def stock() -> dict[str, int]:
    """What is on sale of each variant."""
    listing = get_item(listing_key(PRODUCT), consistent=True)
    assert listing is not None
    return dict(listing["stock"])


def whole_stock() -> dict[str, int]:
    """What is on sale once the order's pieces are back."""
    return {name: LEFT[name] + BOUGHT[name] for name in LEFT}


def uses() -> int:
    """How many uses of the discount code count."""
    code = DISCOUNTS.get(DISCOUNT)
    assert code is not None
    return code.times_used


def told() -> Counter[str]:
    """How many notifications there are of each type."""
    return Counter(str(item["type"]) for item in fetch_all(Query("NOTIFICATION", index="GSI2")))


def audited(order_id: int = 1) -> list[str]:
    """The audited steps of an order, oldest first."""
    return [entry.action for entry in audit_of("Order", order_id)]


def _variant(variant_id: int, left: int) -> Variant:
    return Variant(
        id=variant_id,
        product_id=PRODUCT,
        sku=f"SKU-{variant_id}",
        name="Large" if variant_id == LARGE else "Small",
        attributes={},
        price_adjustment=Decimal(0),
        stock=left,
        created_at=iso(OPENING),
        updated_at=iso(OPENING),
    )


def _line(number: int, variant_id: int, quantity: int) -> OrderLine:
    price = Decimal("10.00")
    return OrderLine(
        number, PRODUCT, variant_id, "Work", "Large", f"SKU-{variant_id}", quantity, price, price * quantity
    )
