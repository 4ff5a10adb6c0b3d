"""Currencies without hundredths, with three decimals, and several at once: carts, codes, orders, refunds."""

from decimal import Decimal
from typing import Any

import pytest

from common.repositories.order_counter import sales_tally
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import a_code, on_sale, put
from tests.orders.order_builders import body_of, buyer, check_out, orders_app, stock_of, wanted
from tests.support.http import Client
from tests.support.tokens import admin_token

pytestmark = pytest.mark.usefixtures("table")

YEN, EURO, DINAR = 1, 2, 3


@pytest.fixture(autouse=True)
def shop(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A work in each of three currencies, and a tax that no yen can be divided by."""
    monkeypatch.setenv("TAX_RATE", "0.105")
    store(
        [
            on_sale(YEN, "1234", currency="JPY"),
            on_sale(EURO, "25.00"),
            on_sale(DINAR, "1.250", currency="KWD"),
        ]
    )


@pytest.fixture
def admin() -> Client:
    """An administrator."""
    return Client(orders_app(), token=admin_token())


def placed(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An order, as it was answered."""
    answer = check_out(buyer(), body_of(*items, payment_method="mock", **fields))
    assert answer.status == 201, answer.text
    return dict(answer.json["order"])


def amounts(body: dict[str, Any]) -> list[str]:
    """The four amounts, as they are written."""
    return [str(body[name]) for name in ("subtotal", "tax", "discount", "total")]


def test_an_order_in_yen_is_whole_yen() -> None:
    a_code("SAVE33", discount_value=Decimal(33))
    assert amounts(placed(wanted(YEN), discount_code="SAVE33")) == ["1234", "130", "407", "957"]


def test_an_order_in_dinars_has_three_decimals() -> None:
    assert amounts(placed(wanted(DINAR))) == ["1.250", "0.131", "0.000", "1.381"]


def test_the_older_storefront_gets_the_decimals_of_the_currency() -> None:
    client = buyer()
    ok(put(client, YEN))
    body = {"email": "a@example.com", "name": "A", "payment_method": "mock"}
    answer = client.post("/api/shop/checkout", json=body)
    assert (answer.status, answer.json["total"], answer.json["tax"]) == (200, "1364", "130")


def test_works_that_were_brought_along_without_a_currency_are_in_the_shops() -> None:
    store([on_sale(4, "5.00", currency="eur"), on_sale(5, "5.00", currency="")])
    client = buyer()
    for product in (EURO, 4, 5):
        ok(put(client, product))
    assert str(ok(client.get("/api/cart"))["subtotal"]) == "35.00"
    assert placed(wanted(4), wanted(5))["currency"] == "EUR"


def test_what_was_sold_in_each_currency_is_counted_by_itself() -> None:
    placed(wanted(YEN))
    assert sales_tally().by_currency == {"JPY": Decimal(1364)}
    month = placed(wanted(EURO))["created_at"][:7]
    assert sales_tally().by_currency == {"EUR": Decimal("27.63"), "JPY": Decimal(1364)}
    assert (sales_tally().currency, sales_tally().of_month(month)) == ("EUR", Decimal("27.63"))


def test_a_part_of_a_yen_is_not_refunded(admin: Client) -> None:
    order = placed(wanted(YEN))
    ok(buyer().post(f"/api/orders/{order['order_number']}/payment", json={}))
    path = f"/api/admin/orders/{order['id']}/refund"
    refused(admin.post(path, json={"amount": Decimal("0.5")}), 400, "amount must be a whole number in JPY")
    assert ok(admin.post(path, json={"amount": 364}))["refunded_amount"] == 364


def test_a_cart_of_two_currencies_shows_no_sum_and_says_why() -> None:
    a_code("SAVE10")
    client = buyer()
    ok(put(client, YEN))
    one = ok(client.get("/api/cart"))
    assert "notice" not in one
    ok(put(client, EURO))
    for path in ("/api/cart", "/api/shop/cart"):
        body = ok(client.get(path))
        assert amounts(body) == ["0", "0", "0", "0"], "a number, for the pages write it by toFixed"
        assert body["currency"] is None
        assert "EUR, JPY" in body["notice"]
        assert [(each["currency"], str(each["total"])) for each in body["totals_by_currency"]] == [
            ("EUR", "27.63"),
            ("JPY", "1364"),
        ]
        assert len(body["cart"]["items"]) == 2
    refused(client.post("/api/cart/discount", json={"code": "SAVE10"}), 400, "same currency")
    body = {"email": "a@example.com", "name": "A", "payment_method": "mock"}
    refused(client.post("/api/shop/checkout", json=body), 400, "same currency")
    assert stock_of(YEN) == stock_of(EURO) == 10


@pytest.mark.parametrize(
    "fields",
    [
        {"discount_type": "fixed", "discount_value": Decimal(10)},
        {"min_purchase_amount": Decimal(20)},
        {"max_discount_amount": Decimal(20)},
    ],
)
def test_a_code_that_names_euros_takes_nothing_off_yen(fields: dict[str, Any]) -> None:
    a_code("TEN", **fields)
    reason = "Discount code is for orders in EUR, and this one is in JPY"
    client = buyer()
    ok(put(client, YEN))
    refused(client.post("/api/cart/discount", json={"code": "TEN"}), 400, reason)
    tried = ok(
        client.post("/api/discounts/validate", json={"code": "TEN", "cartTotal": 5000, "currency": "JPY"})
    )
    assert (tried["valid"], tried["discount_amount"], tried["reason"]) == (False, 0, reason)
    body = body_of(wanted(YEN), payment_method="mock", discount_code="TEN")
    refused(check_out(client, body), 400, reason)
    assert stock_of(YEN) == 10
    assert placed(wanted(EURO), discount_code="TEN")["discount"] > 0


def test_a_code_in_yen_takes_yen_off() -> None:
    a_code("YEN", discount_type="fixed", discount_value=Decimal(500), currency="JPY")
    assert str(placed(wanted(YEN), discount_code="YEN")["discount"]) == "500"
    tried = ok(buyer().post("/api/discounts/validate", json={"code": "YEN", "cartTotal": 400}))
    assert (tried["valid"], str(tried["discount_amount"])) == (True, "400")


def test_a_code_is_no_finer_than_its_currency(admin: Client) -> None:
    path = "/api/admin/discounts"
    new = {"code": "YEN", "type": "fixed_amount", "value": Decimal("500.5"), "currency": "JPY"}
    refused(admin.post(path, json=new), 400, "discount_value must be a whole number in JPY")
    refused(admin.post(path, json=new | {"currency": "yen"}), 400, "currency must be three capital letters")
    made = admin.post(path, json=new | {"currency": "EUR"}).json["discount"]
    assert made["currency"] == "EUR"
    change = admin.patch(f"{path}/{made['id']}", json={"currency": "JPY"})
    refused(change, 400, "discount_value must be a whole number in JPY")
    change = admin.patch(f"{path}/{made['id']}", json={"currency": "JPY", "value": 500})
    assert ok(change)["discount"]["currency"] == "JPY"
    change = admin.patch(f"{path}/{made['id']}", json={"min_purchase": Decimal("1.5")})
    refused(change, 400, "min_purchase_amount must be a whole number in JPY")
