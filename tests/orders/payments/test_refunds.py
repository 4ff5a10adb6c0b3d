"""Refunds and cancellations over HTTP: what goes back, and what does not."""

from decimal import Decimal
from typing import Any

import pytest

from common.clock import utc_now
from common.dynamodb import UnitOfWork, Update, update_item
from common.stock_ledger import Event
from orders.repositories.discounts import DISCOUNTS
from orders.repositories.refunds import refunds_of
from orders.restocking import restock
from tests.catalog.builders import row, store
from tests.orders.payments.builders import (
    DISCOUNT,
    LEFT,
    PRODUCT,
    audited,
    changed,
    paid,
    placed,
    stock,
    stored,
    told,
    uses,
    whole_stock,
)
from tests.support.http import Answer, Client

REFUND, CANCEL = "/api/admin/orders/1/refund", "/api/admin/orders/1/cancel"


def refund(admin: Client, **body: Any) -> Answer:
    return admin.post(REFUND, json=body)


def cancel(admin: Client, **body: Any) -> Answer:
    return admin.post(CANCEL, json=body)


def test_a_whole_refund_puts_the_stock_back_and_is_told_and_audited(admin: Client) -> None:
    paid()
    answer = refund(admin, reason="Lost in the post")
    assert answer.status == 200
    assert (answer.json["payment_status"], answer.json["status"]) == ("refunded", "refunded")
    assert stored().refunded_amount == Decimal("30.00")
    assert stock() == whole_stock()
    assert told() == {"order_paid": 1, "order_refunded": 1}
    assert audited() == ["REFUND"]
    # The use of a discount code goes back with a cancellation only.
    assert uses() == 1


def test_partial_refunds_add_up_to_the_whole(admin: Client) -> None:
    paid()
    assert refund(admin, amount=10).json["payment_status"] == "partially_refunded"
    assert refund(admin, amount="12.50").json["payment_status"] == "partially_refunded"
    assert stored().refunded_amount == Decimal("22.50")
    assert stock() == LEFT
    assert refund(admin).json["payment_status"] == "refunded"
    assert [it.amount for it in refunds_of(1)] == [Decimal("10.00"), Decimal("12.50"), Decimal("7.50")]
    assert stock() == whole_stock()
    assert refund(admin).status == 409


@pytest.mark.parametrize("amount", [0, -1, "0.001", "1.234", True, "ten", [], 10**12, "30.01"])
def test_impossible_amounts_are_refused_and_change_nothing(admin: Client, amount: object) -> None:
    order = paid()
    assert refund(admin, amount=amount).status == 400
    assert (stored(), refunds_of(1)) == (order, [])


def test_no_more_goes_back_than_is_left(admin: Client) -> None:
    paid()
    refund(admin, amount=20)
    answer = refund(admin, amount="10.01")
    assert (answer.status, answer.error) == (409, "Only 10.00 EUR of order ORD-00000001 are left to refund")
    assert stored().refunded_amount == Decimal("20.00")


def test_an_order_that_cost_nothing_is_not_refunded(admin: Client) -> None:
    paid(total="0.00")
    assert refund(admin).status == 409
    assert refunds_of(1) == []


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_what_was_not_paid_is_not_refunded(admin: Client, status: str) -> None:
    placed(payment_status=status)
    assert refund(admin).status == 409
    assert refunds_of(1) == []


@pytest.mark.parametrize(
    ("fulfilment", "restock", "expected"),
    [
        ("unfulfilled", None, whole_stock()),
        ("unfulfilled", False, LEFT),
        ("fulfilled", None, LEFT),
        ("partially_fulfilled", None, LEFT),
        ("fulfilled", True, whole_stock()),
    ],
)
@pytest.mark.parametrize("step", [refund, cancel])
def test_stock_comes_back_by_choice(
    admin: Client, step: Any, fulfilment: str, restock: bool | None, expected: dict[str, int]
) -> None:
    paid(fulfillment_status=fulfilment)
    assert step(admin, restock=restock).status == 200
    assert stock() == expected


def test_an_amount_alone_puts_stock_back_only_when_it_completes_the_refund(admin: Client) -> None:
    order = paid()
    answer = refund(admin, amount=5, restock=True)
    assert (answer.status, "restock" in answer.json["fields"]) == (400, True)
    assert (stored(), stock(), refunds_of(1)) == (order, LEFT, [])
    assert refund(admin, amount=5).status == 200
    assert refund(admin, amount=25, restock=True).status == 200
    assert cancel(admin, restock=True).status == 200
    assert stock() == whole_stock()


def test_cancelling_a_paid_order_gives_everything_back_once(admin: Client) -> None:
    paid()
    answer = cancel(admin, reason="Customer changed their mind")
    assert answer.status == 200
    assert (answer.json["status"], answer.json["payment_status"]) == ("cancelled", "refunded")
    assert (stock(), uses()) == (whole_stock(), 0)
    assert audited() == ["CANCEL"]
    assert cancel(admin).status == 409
    assert (stock(), uses()) == (whole_stock(), 0)


def test_cancelling_an_unpaid_order_gives_everything_back_once(admin: Client) -> None:
    placed()
    assert cancel(admin).json["payment_status"] == "pending"
    assert (stock(), uses()) == (whole_stock(), 0)
    assert cancel(admin).status == 409
    assert (stock(), uses()) == (whole_stock(), 0)
    assert refunds_of(1) == []


def test_cancelling_a_partly_refunded_order_gives_the_rest_back(admin: Client) -> None:
    paid()
    refund(admin, amount=10)
    assert cancel(admin).json["payment_status"] == "refunded"
    assert [it.amount for it in refunds_of(1)] == [Decimal("10.00"), Decimal("20.00")]
    assert uses() == 0


def test_cancelling_a_refunded_order_refunds_nothing_more(admin: Client) -> None:
    paid()
    refund(admin)
    assert cancel(admin).json["status"] == "cancelled"
    assert len(refunds_of(1)) == 1
    assert (stock(), uses()) == (whole_stock(), 0)


def test_a_delivered_order_is_refunded_and_not_cancelled(admin: Client) -> None:
    order = changed(paid(fulfillment_status="fulfilled"), delivered_at="2026-01-02T00:00:00.000Z")
    assert cancel(admin).status == 409
    assert stored() == order
    assert refund(admin).status == 200


def test_a_cancelled_order_without_a_discount_gives_none_back(admin: Client) -> None:
    placed(discount_id=None, discount_code=None)
    assert cancel(admin).status == 200
    assert uses() == 1


def test_a_discount_code_that_is_gone_stops_no_cancellation(admin: Client) -> None:
    placed(discount_id=999)
    assert cancel(admin).status == 200
    assert stock() == whole_stock()


def test_a_discount_code_without_uses_stops_no_cancellation(admin: Client) -> None:
    placed()
    update_item(DISCOUNTS.key(DISCOUNT), Update().set("times_used", 0))
    assert cancel(admin).status == 200
    assert uses() == 0


def test_pieces_of_a_variant_that_is_gone_stay_away(admin: Client) -> None:
    placed()
    store([row(PRODUCT)])
    assert cancel(admin).status == 200
    assert stock() == {}


def test_nothing_is_put_back_for_an_order_without_lines(table: str) -> None:
    order = placed()
    with UnitOfWork() as work:
        assert restock(work, (), {"1": 2}, Event("refund", str(order.id), "return", utc_now())) == []
        assert len(work) == 0


@pytest.mark.parametrize("body", [{"restock": "perhaps"}, {"reason": 7}, {"reason": "x" * 501}])
@pytest.mark.parametrize("path", [REFUND, CANCEL])
def test_unusable_choices_are_refused(admin: Client, path: str, body: dict[str, Any]) -> None:
    order = paid()
    assert admin.post(path, json=body).status == 400
    assert stored() == order


@pytest.mark.parametrize("path", ["/api/admin/orders/{}/refund", "/api/admin/orders/{}/cancel"])
@pytest.mark.parametrize("name", ["2", "ORD-00000002", "nonsense"])
def test_unknown_orders_are_not_found(admin: Client, path: str, name: str) -> None:
    assert admin.post(path.format(name), json={}).status == 404


def test_older_clients_refund_by_their_own_path(admin: Client) -> None:
    paid()
    assert admin.post("/api/admin/shop/orders/ORD-00000001/refund").json["payment_status"] == "refunded"


def test_status_words_refund_and_cancel(admin: Client) -> None:
    paid()
    path = "/api/admin/orders/1/status"
    assert admin.patch(path, json={"status": "refunded", "amount": 5}).status == 200
    assert stored().refunded_amount == Decimal("5.00")
    assert admin.patch(path, json={"status": "cancelled"}).status == 200
    assert (stored().payment_status, uses()) == ("refunded", 0)
