"""What the shop is asked beside its model, and how an order of each is compared."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest

from common.clock import utc_now
from common.dynamodb import Item, Key, call, from_wire, put_item, table_name
from common.http import Identity, Role
from common.repositories.orders import (
    ORDERS,
    Order,
    OrderLine,
    details_from_item,
    details_key,
    partition,
)
from common.repositories.product_writes import variant_pointer_key
from common.repositories.products import Variant
from orders.checkout import Purchase, place_order
from orders.idempotency import Token, token_for
from tests.catalog.builders import store
from tests.orders.cart_builders import SESSION, a_code, on_sale, variant
from tests.orders.order_builders import ADDRESS, BUYER
from tests.orders.shipping_builders import set_shipping
from tests.orders.shop_model import (
    CODES,
    FREE_FROM,
    OPENING_STOCK,
    PRICES,
    SHIPPING_STEPS,
    Code,
    Refusal,
    Sale,
)

ADMIN = Identity("1", "admin", Role.ADMIN)


def open_shop() -> None:
    """Puts the model's works on sale, and its codes and its shipping in force."""
    steps = [
        {"up_to": money(most) if most < 10**9 else None, "price": money(it)}
        for most, it in SHIPPING_STEPS.items()
    ]
    method = {"name": "Posta", "by": "value", "steps": steps, "free_from": money(FREE_FROM)}
    set_shipping(zones=[{"name": "Italia", "countries": ["IT"], "methods": [method]}])
    for name in PRICES:
        pk, sk = variant_pointer_key(name)
        put_item({"PK": pk, "SK": sk, "product_id": name // 10})
    works = sorted({name // 10 for name in PRICES})
    store([on_sale(work, str(money(PRICES[work * 10])), variants=_variants(work)) for work in works])
    for code_name, code in CODES.items():
        _put_in_force(code_name, code)


def meets(refusal: Refusal, step: Callable[[], object]) -> None:
    """Takes a step, which has to be refused with exactly this error, if with any."""
    if refusal is None:
        step()
        return
    with pytest.raises(refusal) as caught:
        step()
    assert caught.type is refusal


def place(**fields: Any) -> Order:
    """Asks for an order."""
    values: dict[str, Any] = {**BUYER, "payment_method": "mock", "shipping_address": ADDRESS}
    return place_order(Purchase(**values | fields), utc_now()).order


def token(key: str, body: str = "a request") -> Token:
    """The token of a request with this Idempotency-Key."""
    made = token_for(key, {"notes": body}, SESSION)
    assert made is not None
    return made


def money(cents: int) -> Decimal:
    """An amount of so many cents."""
    return Decimal(cents).scaleb(-2)


@dataclass(frozen=True)
class Books:
    """All that is written down about orders at a moment, by their ids, and all else by its key."""

    rows: dict[Key, Item]
    orders: dict[int, Order]
    lines: dict[int, tuple[OrderLine, ...]]

    @property
    def held(self) -> Counter[int]:
        """How many pieces of which variant the orders have that did not give theirs back."""
        kept = [self.lines[number] for number, order in self.orders.items() if not order.restocked]
        return pieces_of(chain.from_iterable(kept))

    def refunded(self, number: int) -> Decimal:
        """What went back of an order, by its refunds."""
        found = [row for (pk, sk), row in self.rows.items() if pk == partition(number) and "REFUND#" in sk]
        return sum((row["amount"] for row in found if row["status"] == "succeeded"), Decimal(0))

    def seen(self, number: int) -> dict[str, Any]:
        """What the shop says of an order."""
        order = self.orders[number]
        names = ("subtotal", "shipping", "shipping_discount", "tax", "discount", "total", "discount_code")
        later = ("refunded_amount", "refunded_shipping", "restocked", "payment_status")
        values = {name: getattr(order, name) for name in (*names, *later)}
        cancelled = order.cancelled_at is not None
        return values | {"lines": dict(pieces_of(self.lines[number])), "cancelled": cancelled}


def read_books() -> Books:
    """The whole table, by one consistent read."""
    answer = call("scan", TableName=table_name(), ConsistentRead=True)
    assert "LastEvaluatedKey" not in answer
    rows = {(str(item["PK"]), str(item["SK"])): item for item in map(from_wire, answer["Items"])}
    ids = sorted(int(row["id"]) for (pk, sk), row in rows.items() if pk == f"ORDER#{row.get('id')}")
    orders = {number: ORDERS.of(rows[ORDERS.key(number)]) for number in ids}
    lines = {number: details_from_item(rows[details_key(number)]).lines for number in ids}
    return Books(rows, orders, lines)


def pieces_of(lines: Iterable[OrderLine]) -> Counter[int]:
    """How many pieces of which variant there are in lines."""
    pieces: Counter[int] = Counter()
    for line in lines:
        assert line.variant_id is not None
        pieces[line.variant_id] += line.quantity
    return pieces


def expected(sale: Sale) -> dict[str, Any]:
    """What the model says of an order."""
    return {
        "subtotal": money(sale.subtotal),
        "shipping": money(sale.shipping),
        "shipping_discount": money(sale.shipping_off),
        "tax": money(sale.tax),
        "discount": money(sale.discount),
        "total": money(sale.total),
        "discount_code": sale.code,
        "refunded_amount": money(sale.refunded),
        "refunded_shipping": sale.is_shipping_back,
        "restocked": sale.restocked,
        "payment_status": sale.status,
        "lines": sale.lines,
        "cancelled": sale.cancelled,
    }


def _variants(work: int) -> tuple[Variant, ...]:
    first = PRICES[work * 10]
    return tuple(
        variant(work, name % 10, stock=OPENING_STOCK[name], price_adjustment=money(price - first))
        for name, price in PRICES.items()
        if name // 10 == work
    )


def _put_in_force(name: str, code: Code) -> None:
    value = Decimal(code.percent) if code.percent else money(code.amount)
    a_code(
        name,
        id=code.id,
        discount_type="percentage" if code.percent else "fixed",
        discount_value=value,
        min_purchase_amount=money(code.smallest),
        max_discount_amount=money(code.largest),
        max_uses=code.max_uses,
        includes_shipping=code.includes_shipping,
    )
