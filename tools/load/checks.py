"""The essentials of the answers that the storefronts read; a missing or contradictory one is Unexpected."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tools.load.asking import Answer, need

_CENT = Decimal("0.01")


def product_page(answer: Answer) -> None:
    """A list of products: whole rows, the true total, the page."""
    body = answer.body
    need(isinstance(body.get("products"), list), "no list of products")
    need(all(_is_count(body.get(name)) for name in ("total", "page", "per_page")), "no total or page")
    need(len(body["products"]) <= body["per_page"], "more products than a page has")
    need(len(body["products"]) <= body["total"], "more products than there are")
    for row in body["products"]:
        product(row)


def one_product(answer: Answer) -> None:
    """A product by itself."""
    product(answer.body)


def product(row: Mapping[str, Any]) -> None:
    """What the storefront draws of a product, with a stock that is not below zero."""
    need(
        _is_count(row.get("id")) and bool(row.get("slug")) and bool(row.get("title")),
        "a product without a name",
    )
    need(_is_number(row.get("base_price")), "a price that is no number")
    need(all(_is_count(each.get("stock")) for each in row["variants"]), "a stock that is no count")
    need(
        all(str(each["url"]).startswith(("http", "/")) for each in row["images"]),
        "a picture without an address",
    )


def entries(answer: Answer) -> None:
    """Personaggi or fumetti: a bare list of things with a name or a title."""
    need(isinstance(answer.body, list), "no list")
    need(
        all(_is_count(each["id"]) and (each.get("name") or each.get("title")) for each in answer.body),
        "no name",
    )


def cart(answer: Answer) -> None:
    """A cart whose lines have products, and whose sums are right."""
    body = answer.body
    need(_is_number(body["cart"]["id"]), "a cart whose id is no number")
    lines = sum((line_total(line) for line in body["cart"]["items"]), Decimal(0))
    need(abs(lines - money(body["subtotal"])) < _CENT, "a subtotal that is not the sum of the lines")
    total = money(body["subtotal"]) + money(body["tax"]) - money(body["discount"])
    need(abs(total - money(body["total"])) < _CENT, "a total that is not subtotal, tax and discount")


def line_total(line: Mapping[str, Any]) -> Decimal:
    """What a line of a cart costs."""
    adjustment = money(line["variant"]["price_adjustment"]) if line.get("variant") else Decimal(0)
    return int(line["quantity"]) * (money(line["product"]["base_price"]) + adjustment)


def placed_order(answer: Answer) -> None:
    """An order that was just made, with the lines that make its total."""
    body = answer.body
    need(
        bool(body["order_number"]) and bool(body["access_token"]), "an order without its number or its secret"
    )
    lines = sum((money(line["total_price"]) for line in body["items"]), Decimal(0))
    need(abs(lines - money(body["order"]["subtotal"])) < _CENT, "an order whose lines are not its subtotal")


def order_page(answer: Answer) -> None:
    """An order as its buyer or the artist sees it."""
    need(bool(answer.body["order_number"]) and bool(answer.body["items"]), "an order without number or lines")
    need(answer.body["payment_status"] in {"pending", "paid", "failed", "refunded"}, "no state of payment")


def paid(answer: Answer) -> None:
    """The answer to a payment."""
    need(answer.body["order"]["payment_status"] == "paid", "a payment that did not pay")
    need(bool(answer.body["transaction_id"]), "a payment without its id")


def orders(answer: Answer) -> None:
    """A list of orders with the total of all."""
    need(_is_count(answer.body.get("total")), "no total")
    need(
        all(each["order_number"] and _is_number(each["total"]) for each in answer.body["orders"]), "no number"
    )


def notifications(answer: Answer) -> None:
    """A list of notifications with its counts."""
    body = answer.body
    need(_is_count(body.get("total")) and _is_count(body.get("unread_count")), "no counts")
    need(
        all(each["id"] and each["type"] for each in body["notifications"]), "a notification without its type"
    )


def money(amount: Any) -> Decimal:
    """A number of an answer as money."""
    return Decimal(str(amount))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
