"""Orders to test with: an app, buyers, bodies of both shapes, and what is left in the table."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from common.clock import utc_now
from common.dynamodb import Item, UnitOfWork, batch_write, fetch_all, get_item
from common.dynamodb import Query as TableQuery
from common.http import ShopApp, create_app
from common.repositories.order_counter import COUNTER_KEY
from common.repositories.orders import Order, OrderDetails, add_order
from orders.allocation import RequestedItem
from orders.checkout import Purchase
from orders.idempotency import REQUESTS, Token
from orders.routes import routes
from tests.support.http import Answer, Client

BUYER = {"customer_email": "Maria.Rossi@example.com", "customer_name": "Maria Rossi"}
ADDRESS = {"street": "Via Roma 12", "city": "Torino", "state": "TO", "zip_code": "10121", "country": "IT"}
MOMENT = "2026-01-31T10:00:00.000Z"


@cache
def orders_app() -> ShopApp:
    """An app with all routes of the domain."""
    return create_app("orders", [routes])


def buyer(session: str = "session-of-a-buyer", address: str = "127.0.0.1") -> Client:
    """A guest with a session."""
    return Client(orders_app(), headers={"X-Cart-Session": session}, address=address)


def stranger(address: str = "203.0.113.9") -> Client:
    """Somebody elsewhere, who has nothing of anybody's order."""
    return Client(orders_app(), address=address)


def half_past() -> datetime:
    """The middle of this hour, so that nothing that is counted by the hour begins anew within a test."""
    return utc_now().replace(minute=30, second=0, microsecond=0)


def wanted(product_id: int, quantity: Any = 1, **fields: Any) -> dict[str, Any]:
    """A line of a body: pieces of the first variant of a product."""
    return {"product_id": product_id, "variant_id": product_id * 10, "quantity": quantity} | fields


def body_of(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A body that names its items."""
    return {**BUYER, "shipping_address": ADDRESS, "items": list(items), **fields}


def body_of_cart(**fields: Any) -> dict[str, Any]:
    """A body as the storefront sends it for what is in the cart."""
    buyer_fields = {"email": BUYER["customer_email"], "name": BUYER["customer_name"]}
    return {**buyer_fields, "payment_method": "mock", "shipping_address": ADDRESS} | fields


def check_out(client: Client, body: dict[str, Any], key: str = "") -> Answer:
    """Asks for an order, with an Idempotency-Key where one is given."""
    return client.post("/api/orders", json=body, headers={"Idempotency-Key": key} if key else {})


def purchase(*items: tuple[int, int], **fields: Any) -> Purchase:
    """What the service is asked for: pairs of a product and a quantity."""
    lines = tuple(RequestedItem(product_id, product_id * 10, quantity) for product_id, quantity in items)
    values: dict[str, Any] = {**BUYER, "payment_method": "mock", "wanted": lines or None}
    return Purchase(**(values | fields))


def token(name: str = "a") -> Token:
    """An idempotency token, other names other keys."""
    return Token(REQUESTS.of(name), "fingerprint")


def stock_of(product_id: int, number: int = 0) -> int:
    """How many pieces of a variant are left."""
    row = get_item((f"PRODUCT#{product_id}", "LISTING"), consistent=True)
    assert row is not None
    return int(row["stock"][str(product_id * 10 + number)])


def counter() -> tuple[int, int]:
    """The last order id that was given out, and how many orders are counted."""
    row = get_item(COUNTER_KEY, consistent=True) or {}
    return int(row.get("value", 0)), int(row.get("orders", 0))


def order_rows() -> list[Item]:
    """The summary rows of all orders, oldest first."""
    return fetch_all(TableQuery("ORDER", index="GSI3"))


def told(kind: str) -> list[Item]:
    """The notifications of a type."""
    return [row for row in fetch_all(TableQuery("NOTIFICATION", index="GSI2")) if row["type"] == kind]


def an_order(number: int, **fields: Any) -> Order:
    """An order as it is stored; each is a minute younger than the one before."""
    values: dict[str, Any] = {
        "order_number": f"ORD-{number:08d}",
        "customer_email": f"buyer-{number}@example.com",
        "customer_name": f"Buyer {number}",
        "subtotal": Decimal("10.00"),
        "tax": Decimal("0.00"),
        "discount": Decimal("0.00"),
        "total": Decimal("10.00"),
        "currency": "EUR",
        "payment_method": "mock",
        "created_at": f"2026-01-{number // 60 + 1:02d}T10:{number % 60:02d}:00.000Z",
        "updated_at": MOMENT,
    }
    return Order(id=number, **(values | fields))


def store_orders(orders: Iterable[Order]) -> list[Order]:
    """Writes orders without lines, and their counter."""
    stored = list(orders)
    for order in stored:
        with UnitOfWork() as work:
            add_order(work, order, OrderDetails(lines=(), shipping_address=ADDRESS), ValueError("taken"))
    last = max((order.id for order in stored), default=0)
    counted = {"PK": COUNTER_KEY[0], "SK": COUNTER_KEY[1], "value": last, "orders": len(stored)}
    assert not batch_write([counted]).failed
    return stored
