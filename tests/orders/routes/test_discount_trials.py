"""Tests of trying a discount code, and of the days for which it holds."""

from decimal import Decimal
from typing import Any

import pytest

from common.clock import parse_iso
from orders.pricing import refusal
from orders.repositories.discounts import DISCOUNTS
from tests.catalog.builders import ok, refused
from tests.orders.cart_builders import a_code, cart_app
from tests.orders.routes.test_discounts import PATH, _changed, _make, _try
from tests.support.http import Client

pytestmark = pytest.mark.usefixtures("table")


def test_trying_a_code_uses_nothing_up(artist: Client) -> None:
    a_code(max_discount_amount=Decimal(5))
    for subtotal, amount in ((20, 2), (Decimal("0.30000000000000004"), Decimal("0.03")), (200, 5), (0, 0)):
        body = ok(_try(" save10 ", subtotal))
        assert (body["valid"], body["calculatedAmount"], body["discount_amount"]) == (True, amount, amount)
        assert body["discount"]["times_used"] == 0
        assert not {"reason", "message"} & body.keys()


def test_an_unknown_code_is_answered_plainly() -> None:
    body = ok(_try("NOTHING", 20))
    assert (body["valid"], body["discount"], body["calculatedAmount"]) == (False, None, 0)
    assert "reason" not in body


def test_a_refused_code_comes_with_its_reason() -> None:
    a_code(min_purchase_amount=Decimal(20))
    body = ok(_try("SAVE10", Decimal("19.99")))
    assert (body["valid"], body["calculatedAmount"]) == (False, 0)
    assert body["reason"] == body["message"] == "Minimum order value of 20.00 is required"
    assert body["discount"]["code"] == "SAVE10"


def test_older_clients_try_a_code_under_their_own_path() -> None:
    a_code()
    assert ok(_try("SAVE10", 20, "/api/shop/discounts/validate")) == ok(_try("SAVE10", 20))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"cartTotal": 5}, "code is required"),
        ({"code": " ", "cartTotal": 5}, "code is required"),
        ({"code": "SAVE10"}, "cartTotal is required"),
        ({"code": "SAVE10", "cartTotal": -1}, "cartTotal must be a non-negative number"),
        ({"code": "SAVE10", "cartTotal": "much"}, "cartTotal must be a non-negative number"),
        ({"code": "SAVE10", "cartTotal": True}, "cartTotal must be a non-negative number"),
        ({"code": "SAVE10", "cartTotal": 10**13}, "cartTotal must be a non-negative number"),
    ],
    ids=repr,
)
def test_a_bad_trial_is_refused(body: dict[str, Any], text: str) -> None:
    refused(Client(cart_app()).post("/api/discounts/validate", json=body), 400, text)


def test_the_last_day_of_a_code_is_a_whole_day_of_the_shop(artist: Client) -> None:
    made = _make(artist, starts_at="2026-06-01", expires_at="2026-06-30")
    code = DISCOUNTS.get(made["id"])
    assert code is not None
    assert (code.valid_from, code.valid_until) == ("2026-05-31T22:00:00.000Z", "2026-06-30T22:00:00.000Z")
    for moment, reason in (
        ("2026-05-31T21:59:59.999Z", "Discount code is not yet valid"),
        ("2026-05-31T22:00:00.000Z", None),
        ("2026-06-30T21:59:59.999Z", None),
        ("2026-06-30T22:00:00.000Z", "Discount code has expired"),
    ):
        assert refusal(code, Decimal(1), "EUR", parse_iso(moment)) == reason, moment


def test_a_date_that_is_saved_back_as_it_was_shown_means_the_same(artist: Client) -> None:
    made = _make(artist, starts_at="2026-06-01", expires_at="2026-06-01")
    assert (made["starts_at"], made["expires_at"], made["valid_until"]) == ("2026-06-01",) * 3
    stored = DISCOUNTS.get(made["id"])
    form = {name: made[name] for name in ("code", "type", "value", "starts_at", "expires_at")}
    again = _changed(artist.patch(f"{PATH}/{made['id']}", json=form | {"value": 20}))
    assert (again["starts_at"], again["expires_at"]) == ("2026-06-01", "2026-06-01")
    after = DISCOUNTS.get(made["id"])
    assert stored is not None
    assert after is not None
    assert (after.valid_from, after.valid_until) == (stored.valid_from, stored.valid_until)


def test_a_time_takes_the_place_of_a_day(artist: Client) -> None:
    made = _make(artist, starts_at="2026-06-01", expires_at="2026-06-30")
    changed = _changed(artist.patch(f"{PATH}/{made['id']}", json={"expires_at": "2026-07-01T10:00"}))
    assert changed["expires_at"] == "2026-07-01T08:00:00.000Z"
    cleared = _changed(artist.patch(f"{PATH}/{made['id']}", json={"expires_at": None}))
    assert (cleared["expires_at"], cleared["starts_at"]) == (None, "2026-06-01")
