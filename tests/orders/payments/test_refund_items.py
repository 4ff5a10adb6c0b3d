"""Refunds that name pieces: what they cost goes back, and each piece comes back on sale once."""

from decimal import Decimal
from typing import Any

import pytest

from common.errors import Conflict
from orders.providers import RefundRefused
from orders.refund_plans import ReturnedItem
from orders.refunds import refund_order
from orders.repositories.refunds import refunds_of
from tests.orders.payments.builders import (
    ADMIN,
    COMMIT,
    LARGE,
    LEFT,
    NOW,
    SMALL,
    changed,
    paid,
    stock,
    stored,
    whole_stock,
)
from tests.support.http import Answer, Client
from tests.support.races import just_before

PATH = "/api/admin/orders/1"


def refund(admin: Client, *items: dict[str, Any], **body: Any) -> Answer:
    return admin.post(f"{PATH}/refund", json={"items": list(items), **body})


def pieces(line: int, quantity: int) -> dict[str, int]:
    return {"line": line, "quantity": quantity}


def counts(answer: Answer) -> list[tuple[int, int]]:
    """How many pieces of each line were refunded and are on sale again."""
    return [(it["refunded_quantity"], it["restocked_quantity"]) for it in answer.json["items"]]


@pytest.mark.parametrize(
    "item",
    [{"line": 1}, {"line_id": 1}, {"variant": LARGE}, {"variant_id": LARGE}, {"line": 1, "variant": None}],
)
def test_a_piece_is_named_by_its_line_or_its_variant(admin: Client, item: dict[str, Any]) -> None:
    paid()
    answer = refund(admin, {**item, "quantity": 1})
    assert (answer.status, answer.json["payment_status"]) == (200, "partially_refunded")
    assert answer.json["refund"]["amount"] == Decimal("10.00")
    assert counts(answer) == [(1, 1), (0, 0)]
    assert stock() == LEFT | {str(LARGE): LEFT[str(LARGE)] + 1}


def test_the_amount_has_its_share_of_discount_and_tax(admin: Client) -> None:
    paid(total="33.34")
    amounts = [refund(admin, pieces(1, 1)).json["refund"]["amount"]]
    amounts.append(refund(admin, pieces(2, 1)).json["refund"]["amount"])
    answer = refund(admin, pieces(1, 1), reason="The other one")
    # The same pieces again are a repetition, unless the request has a key of its own.
    assert answer.status == 409
    answer = admin.post(
        f"{PATH}/refund", json={"items": [pieces(1, 1)]}, headers={"Idempotency-Key": "the other one"}
    )
    amounts.append(answer.json["refund"]["amount"])
    assert amounts == [Decimal("11.11"), Decimal("11.11"), Decimal("11.12")]
    assert (answer.json["payment_status"], stored().refunded_amount) == ("refunded", Decimal("33.34"))
    assert counts(answer) == [(2, 2), (1, 1)]
    assert (stock(), stored().restocked) == (whole_stock(), True)


def test_a_cancellation_gives_back_only_the_rest(admin: Client) -> None:
    paid()
    refund(admin, pieces(1, 1))
    answer = admin.post(f"{PATH}/cancel")
    assert counts(answer) == [(2, 2), (1, 1)]
    assert answer.json["refund"]["amount"] == Decimal("20.00")
    assert stock() == whole_stock()


@pytest.mark.parametrize(("restock", "large"), [(None, 1), (True, 2), (False, 0)])
def test_a_piece_that_was_kept_away_comes_back_only_when_all_are_asked_for(
    admin: Client, restock: bool | None, large: int
) -> None:
    paid()
    assert counts(refund(admin, pieces(1, 1), restock=False)) == [(1, 0), (0, 0)]
    assert stock() == LEFT
    admin.post(f"{PATH}/cancel", json={"restock": restock})
    assert stock()[str(LARGE)] == LEFT[str(LARGE)] + large


def test_pieces_of_a_shipped_order_come_back_when_asked(admin: Client) -> None:
    paid(fulfillment_status="fulfilled")
    assert counts(refund(admin, pieces(2, 1))) == [(0, 0), (1, 0)]
    assert counts(refund(admin, pieces(1, 2), restock=True)) == [(2, 2), (1, 0)]


def test_pieces_that_are_back_already_do_not_come_back_twice(admin: Client) -> None:
    changed(paid(), restocked=True)
    answer = refund(admin, pieces(1, 2), restock=True)
    assert (answer.status, stock()) == (200, LEFT)
    assert counts(answer) == [(2, 2), (0, 1)]


@pytest.mark.parametrize(
    ("items", "body", "status"),
    [
        ([pieces(1, 3)], {}, 400),
        ([pieces(7, 1)], {}, 400),
        ([{"variant": 99, "quantity": 1}], {}, 400),
        ([pieces(1, 2), {"variant": LARGE, "quantity": 1}], {}, 409),
        ([pieces(1, 0)], {}, 400),
        ([pieces(1, -1)], {}, 400),
        ([{"line": 1}], {}, 400),
        ([{"quantity": 1}], {}, 400),
        ([{"line": 1, "variant": LARGE, "quantity": 1}], {}, 400),
        (["1"], {}, 400),
        ([], {}, 400),
        ([pieces(1, 1)], {"amount": 3}, 400),
    ],
)
def test_impossible_pieces_are_refused_and_change_nothing(
    admin: Client, items: list[Any], body: dict[str, Any], status: int
) -> None:
    order = paid()
    assert refund(admin, *items, **body).status == status
    assert (stored(), refunds_of(1), stock()) == (order, [], LEFT)


def test_no_piece_is_refunded_twice(admin: Client) -> None:
    paid()
    refund(admin, pieces(2, 1))
    answer = refund(admin, {"variant": SMALL, "quantity": 1})
    assert (answer.status, answer.error) == (409, "Only 0 more of Work can be refunded")


def test_what_was_given_back_before_is_not_given_back_again_with_the_pieces(admin: Client) -> None:
    paid()
    admin.post(f"{PATH}/refund", json={"amount": 15})
    assert refund(admin, pieces(1, 2)).json["refund"]["amount"] == Decimal("15.00")
    assert stored().payment_status == "refunded"


def test_an_amount_that_completes_the_refund_is_for_all_pieces(admin: Client) -> None:
    paid()
    admin.post(f"{PATH}/refund", json={"amount": 10})
    answer = admin.post(f"{PATH}/refund", json={"amount": 20})
    assert counts(answer) == [(2, 2), (1, 1)]


def test_of_two_refunds_of_one_piece_at_once_one_is_made(table: str) -> None:
    paid()

    def take(item: ReturnedItem) -> None:
        refund_order(1, None, None, None, ADMIN, NOW, items=[item])

    by_line, by_variant = ReturnedItem(1, line=2), ReturnedItem(1, variant=SMALL)
    with just_before(COMMIT, lambda: take(by_line)), pytest.raises(Conflict, match="Only 0 more"):
        take(by_variant)
    assert (stored().refunded_amount, stock()[str(SMALL)]) == (Decimal("10.00"), LEFT[str(SMALL)] + 1)


def test_pieces_whose_refund_was_refused_can_be_refunded_again(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid()

    def refuse(*_: object) -> None:
        raise RefundRefused("No")

    with monkeypatch.context() as refusing:
        refusing.setattr("orders.providers.mock.MockProvider.refund", refuse)
        assert refund(admin, pieces(2, 1)).status == 409
    assert (stored().refunded_pieces, stock()) == ({}, LEFT)
    assert counts(refund(admin, pieces(2, 1))) == [(0, 0), (1, 1)]


@pytest.mark.parametrize("status", ["fulfilled", "partially_fulfilled"])
def test_an_order_whose_pieces_are_on_sale_again_is_not_shipped(admin: Client, status: str) -> None:
    changed(paid(), restocked=True, payment_status="partially_refunded")
    assert admin.patch(f"{PATH}/status", json={"status": status}).status == 409


def test_what_is_left_of_an_order_is_shipped(admin: Client) -> None:
    paid()
    refund(admin, pieces(1, 1))
    assert admin.patch(f"{PATH}/status", json={"status": "fulfilled"}).status == 200


def test_an_order_whose_money_is_on_its_way_back_is_not_shipped(admin: Client) -> None:
    changed(paid(), refunded_amount=Decimal("30.00"))
    assert admin.patch(f"{PATH}/status", json={"status": "fulfilled"}).status == 409


def test_the_refunds_of_an_order_are_listed(admin: Client) -> None:
    paid()
    refund(admin, pieces(1, 1), reason="Torn")
    (shown,) = admin.get(f"{PATH}/refunds").json["refunds"]
    assert (shown["number"], shown["amount"], shown["status"]) == (1, Decimal("10.00"), "succeeded")
    assert (shown["items"], shown["reason"]) == ([pieces(1, 1)], "Torn")
    assert admin.get("/api/admin/orders/2/refunds").status == 404
