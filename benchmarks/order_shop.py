"""The carts, the discount code and the orders that the calls of carts and orders find."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from benchmarks.order_calls import CODE, OrderCall, product_of_line, variant_of_line
from benchmarks.order_terms import numbered, set_terms
from benchmarks.shop import OPENED, fill, make_shop
from common.clock import epoch, iso
from common.dynamodb import Item, UnitOfWork, batch_write
from common.repositories.order_counter import COUNTER_KEY
from common.repositories.orders import ORDERS, Order, OrderDetails, OrderLine, details_item, number_of
from common.repositories.products import Product
from orders.repositories.carts import LIFETIME, Cart, CartItem, cart_item, cart_key
from orders.repositories.discounts import DISCOUNTS, PERCENTAGE, DiscountCode

PRODUCTS = 50
STOCK = 1_000_000

_CODE_ID = 1
_LINE = Decimal("30.00")


def fill_for_orders(products: int, orders: int, *, in_full: bool = False) -> None:
    """Write so many products that never sell out and orders, and the code, into an empty table.

    `in_full` with all terms of selling, and the first product an edition. RuntimeError when a row could not
    be written.
    """
    shop = make_shop(products)
    first, *others = (_stocked(product) for product in shop.products)
    fill(replace(shop, products=[numbered(first) if in_full else first, *others]))
    if in_full:
        set_terms(iso(OPENED))
    with UnitOfWork() as work:
        DISCOUNTS.add(work, _code())
    write(_order_rows(orders))


def write(rows: Iterable[Item]) -> None:
    """Write rows; RuntimeError when one could not be written."""
    report = batch_write(rows)
    if report.failed:
        raise RuntimeError(f"{len(report.failed)} rows were not written, the first: {report.failed[0]}")


def cart_row(call: OrderCall, session_id: str, now: datetime) -> Item:
    """The stored cart that a request of `call` finds under its session."""
    moment = iso(now)
    items = (
        CartItem(product_of_line(line), variant_of_line(line), 1, moment, moment)
        for line in range(call.lines)
    )
    return cart_item(
        Cart(
            key=cart_key(session_id),
            session_id=session_id,
            created_at=moment,
            updated_at=moment,
            expires_at=epoch(now + LIFETIME),
            items=tuple(items),
            discount_code=CODE if call.has_code else None,
            discount_id=_CODE_ID if call.has_code else None,
            version=1,
        )
    )


def _stocked(product: Product) -> Product:
    return replace(product, variants=tuple(replace(each, stock=STOCK) for each in product.variants))


def _code() -> DiscountCode:
    begun = iso(OPENED)
    return DiscountCode(
        id=_CODE_ID,
        code=CODE,
        discount_type=PERCENTAGE,
        discount_value=Decimal(10),
        valid_from=begun,
        created_at=begun,
        updated_at=begun,
    )


def _order_rows(count: int) -> Iterable[Item]:
    for order_id in range(1, count + 1):
        yield ORDERS.item(_order(order_id))
        yield details_item(order_id, _details(order_id))
    yield {"PK": COUNTER_KEY[0], "SK": COUNTER_KEY[1], "value": count, "orders": count}


def _order(order_id: int) -> Order:
    moment = iso(OPENED + timedelta(hours=order_id))
    return Order(
        id=order_id,
        order_number=number_of(order_id),
        customer_email=f"buyer-{order_id % 40}@example.com",
        customer_name=f"Buyer {order_id % 40}",
        subtotal=_LINE,
        tax=Decimal("6.60"),
        discount=Decimal("3.00"),
        total=Decimal("33.60"),
        currency="EUR",
        payment_method="mock",
        created_at=moment,
        updated_at=moment,
        discount_code=CODE,
        discount_id=_CODE_ID,
    )


def _details(order_id: int) -> OrderDetails:
    product_id = 1 + order_id % PRODUCTS
    name, sku = f"Work {product_id}", f"PRT-{product_id:05d}-A4"
    line = OrderLine(1, product_id, 3 * product_id, name, "A4", sku, 1, _LINE, _LINE)
    return OrderDetails(lines=(line,))
