"""Carts and discount codes to test with: an app, products on sale, and shoppers who fill carts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from common.clock import iso, utc_now
from common.dynamodb import Item, Key, UnitOfWork, fetch_all
from common.dynamodb import Query as TableQuery
from common.http import ShopApp, create_app
from common.repositories.products import Product, Variant
from orders.repositories.carts import CartItem, cart_key, new_cart, save
from orders.repositories.discounts import DISCOUNTS, DiscountCode
from orders.routes import carts, discounts
from tests.catalog.builders import OPENING, row
from tests.support.http import Answer, Client

SESSION = "session-of-the-tests"
MOMENT = iso(OPENING)
CART = cart_key(SESSION)


@cache
def cart_app() -> ShopApp:
    """An app with the routes of carts and discount codes."""
    return create_app("orders", [carts.routes, discounts.routes])


def shopper(session: str = SESSION, token: str = "") -> Client:
    """Somebody with a session, signed in when there is a token."""
    return Client(cart_app(), headers={"X-Cart-Session": session}, token=token)


def variant(product_id: int, number: int = 0, **fields: Any) -> Variant:
    """A variant of a product, with ten pieces in stock."""
    values: dict[str, Any] = {
        "sku": f"V-{product_id}-{number}",
        "name": ("Small", "Medium", "Large")[number],
        "attributes": {},
        "price_adjustment": Decimal(0),
        "stock": 10,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
    return Variant(id=product_id * 10 + number, product_id=product_id, **(values | fields))


def on_sale(product_id: int, price: str = "25.00", *, stock: int = 10, **fields: Any) -> Product:
    """A published product with one variant, whose id is ten times the product's."""
    values = {"base_price": Decimal(price), "variants": (variant(product_id, stock=stock),)}
    return row(product_id, **(values | fields))


def put(client: Client, product: int, quantity: Any = 1, **fields: Any) -> Answer:
    """Asks for pieces of a product's first variant to be put into the cart."""
    body = {"product_id": product, "variant_id": product * 10, "quantity": quantity} | fields
    return client.post("/api/cart/items", json=body)


def fill(products: Iterable[int], key: Key = CART) -> None:
    """Writes a cart with a piece of each product's first variant, put in one after the other."""
    now = utc_now()
    empty = new_cart(key, SESSION, None, now)
    times = (iso(now + timedelta(milliseconds=number)) for number in count())
    items = (CartItem(it, it * 10, 1, at, at) for it, at in zip(products, times, strict=False))
    save(empty, replace(empty, items=tuple(items)), now)


def quantities(client: Client) -> dict[int, int]:
    """How many pieces of which variant the cart shows."""
    return {item["variant_id"]: item["quantity"] for item in client.get("/api/cart").json["items"]}


def cart_rows() -> list[Item]:
    """The row of the tests' session as it is stored."""
    return fetch_all(TableQuery(f"CART#{SESSION}", consistent=True))


def a_code(code: str = "SAVE10", **fields: Any) -> DiscountCode:
    """A stored code of ten percent that can be used now."""
    begun = iso(utc_now() - timedelta(days=1))
    values: dict[str, Any] = {
        "id": 1,
        "discount_type": "percentage",
        "discount_value": Decimal(10),
        "valid_from": begun,
        "created_at": begun,
        "updated_at": begun,
    }
    stored = DiscountCode(code=code, **(values | fields))
    with UnitOfWork() as work:
        DISCOUNTS.add(work, stored)
    return stored


def uses(discount_id: int = 1) -> int:
    """How often a code has been used."""
    code = DISCOUNTS.get(discount_id)
    assert code is not None
    return code.times_used
