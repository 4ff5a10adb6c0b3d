"""Orders that are paid on Etsy."""

import pytest

from common.dynamodb import Update, update_item
from common.errors import InvalidInput
from common.repositories.orders import details_key
from common.repositories.products import document_key
from orders.payments import begin, pay
from orders.refunds import cancel_order
from tests.orders.payments.builders import ADMIN, NOW, PRODUCT, placed, stored

LINK = "https://www.etsy.com/listing/42/work"


def test_the_customer_is_shown_where_the_works_are_sold(table: str) -> None:
    order = placed(payment_method="etsy")
    update_item(document_key(PRODUCT), Update().set("etsy_link", LINK))
    intent = begin(order)
    assert intent is not None
    assert intent.reference is None
    assert intent.metadata["checkoutUrl"] == LINK
    assert [entry["quantity"] for entry in intent.metadata["links"]] == [2, 1]


def test_works_without_a_link_lead_to_the_shop(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETSY_SHOP_URL", "https://www.etsy.com/shop/own")
    intent = begin(placed(payment_method="etsy"))
    assert intent is not None
    assert intent.metadata == {
        "provider": "etsy",
        "links": [],
        "checkoutUrl": "https://www.etsy.com/shop/own",
    }


def test_a_link_is_no_payment(table: str) -> None:
    order = placed(payment_method="etsy")
    begin(order)
    with pytest.raises(InvalidInput, match="paid on Etsy"):
        pay(order.id, {}, NOW)
    assert stored() == order


def test_an_unpaid_order_is_cancelled_without_asking_etsy(table: str) -> None:
    placed(payment_method="etsy")
    assert cancel_order(1, None, None, ADMIN, NOW).order.cancelled_at is not None


def test_lines_without_a_product_have_no_link(table: str) -> None:
    order = placed(payment_method="etsy")
    update_item(details_key(order.id), Update().remove(("lines", 0, "product_id")))
    update_item(document_key(PRODUCT), Update().set("etsy_link", LINK))
    intent = begin(order)
    assert intent is not None
    assert [entry["quantity"] for entry in intent.metadata["links"]] == [1]
