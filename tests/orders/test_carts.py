"""Carts in time: expiry, renewal, signing in, and changes that happen at once."""

from datetime import datetime, timedelta

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork, get_item, meter
from common.http import Role, issue_token
from common.optimistic import ATTEMPTS, StaleVersion
from orders.carts import open_cart, view_cart
from orders.repositories.carts import LIFETIME, cart_key, empty, user_cart_key
from orders.sessions import Visitor
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import (
    SESSION,
    a_code,
    cart_rows,
    fill,
    on_sale,
    put,
    quantities,
    shopper,
    variant,
)
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token
from tests.support.wire import lose_answer, without_waiting

SAVE = "orders.carts.save"
COMMIT = "common.dynamodb.UnitOfWork.commit"
VISITOR = Visitor(SESSION)

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def client() -> Client:
    """A guest before a shop with four works of ten pieces each."""
    store([on_sale(number) for number in range(1, 5)])
    return shopper()


@pytest.fixture
def buyer(client: Client) -> Client:
    """The same person, signed in."""
    return shopper(token=admin_token())


class Clock:
    """Lets time pass for the whole program."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = utc_now()
        monkeypatch.setattr("common.clock.utc_now", lambda: self.now)

    def passes(self, span: timedelta) -> datetime:
        self.now += span
        return self.now


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that is moved by hand."""
    return Clock(monkeypatch)


def _expiry() -> int:
    return int(cart_rows()[0]["expires_at"])


def test_an_expired_cart_is_absent_and_a_new_one_takes_its_place(client: Client, later: Clock) -> None:
    put(client, 1, 3)
    later.passes(LIFETIME)
    assert quantities(client) == {}
    put(client, 2)
    assert quantities(client) == {20: 1}
    assert len(cart_rows()) == 1


def test_a_cart_lives_for_thirty_days_from_its_last_change(client: Client, later: Clock) -> None:
    put(client, 1)
    later.passes(timedelta(days=20))
    put(client, 2)
    later.passes(timedelta(days=29, hours=23))
    assert quantities(client) == {10: 1, 20: 1}


def test_looking_at_a_cart_renews_it_once_a_day(client: Client, later: Clock) -> None:
    put(client, 1)
    written, first = cart_rows(), _expiry()
    later.passes(timedelta(hours=23))
    quantities(client)
    assert cart_rows() == written
    later.passes(timedelta(hours=2))
    quantities(client)
    assert _expiry() == first + 25 * 3600
    with meter() as usage:
        quantities(client)
    assert usage.write_units == 0


def test_a_renewal_does_not_bring_back_what_was_merged_meanwhile(client: Client, later: Clock) -> None:
    put(client, 1)
    now = later.passes(timedelta(days=2))
    token = issue_token("1", "admin", Role.ADMIN, now)

    def sign_in() -> None:
        assert quantities(shopper(token=token)) == {10: 1}

    with just_before("orders.carts.renew", sign_in):
        view_cart(VISITOR, now)
    assert cart_rows() == []


def test_a_renewal_whose_answer_is_lost_beside_a_change_is_no_error(
    client: Client, later: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(client, 1)
    later.passes(timedelta(days=2))
    without_waiting(monkeypatch)
    lost = lose_answer("UpdateItem", lambda: put(client, 2))
    assert quantities(client) == {10: 1}
    assert len(lost) == 1
    assert quantities(client) == {10: 1, 20: 1}


def test_two_additions_at_once_both_count(client: Client) -> None:
    with just_before(SAVE, lambda: ok(put(client, 1, 2))):
        ok(put(client, 1, 3))
    assert quantities(client) == {10: 5}
    with just_before(SAVE, lambda: ok(put(client, 2))):
        ok(put(client, 3))
    assert quantities(client) == {10: 5, 20: 1, 30: 1}


def test_additions_at_once_do_not_pass_the_stock(client: Client) -> None:
    with just_before(SAVE, lambda: ok(put(client, 1, 8))):
        refused(put(client, 1, 3), 400, "Requested: 11, Available: 10")
    assert quantities(client) == {10: 8}


def test_a_change_beside_a_removal_finds_the_item_gone(client: Client) -> None:
    item = ok(put(client, 1))["items"][0]["id"]
    put(client, 2)
    with just_before(SAVE, lambda: ok(client.delete(f"/api/cart/items/{item}"))):
        refused(client.patch(f"/api/cart/items/{item}", json={"quantity": 4}), 404)
    assert quantities(client) == {20: 1}


def test_clearing_beside_an_addition_leaves_no_half(client: Client) -> None:
    put(client, 1)
    with just_before(SAVE, lambda: ok(put(client, 2))):
        ok(client.delete("/api/cart"))
    assert quantities(client) == {}


def test_a_cart_that_never_stands_still_is_a_conflict(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def always_late(*_: object) -> None:
        calls.append(1)
        raise StaleVersion("Cart")

    monkeypatch.setattr(SAVE, always_late)
    refused(put(client, 1), 409, "Cart")
    assert len(calls) == ATTEMPTS


def test_a_checkout_does_not_empty_a_cart_that_was_changed_meanwhile(client: Client) -> None:
    put(client, 1)
    priced = open_cart(VISITOR, utc_now())
    put(client, 2)
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        empty(work, priced, utc_now())
    assert quantities(client) == {10: 1, 20: 1}


def test_a_checkout_empties_the_cart_and_takes_its_code_off(client: Client) -> None:
    a_code()
    put(client, 1)
    ok(client.post("/api/cart/discount", json={"code": "SAVE10"}))
    with UnitOfWork() as work:
        empty(work, open_cart(VISITOR, utc_now()), utc_now())
    body = ok(client.get("/api/cart"))
    assert (body["items"], "discount_code" in body["cart"]) == ([], False)
    ok(put(client, 1))


def test_signing_in_takes_the_cart_along_once(client: Client, buyer: Client) -> None:
    put(client, 1, 2)
    assert quantities(buyer) == {10: 2}
    assert quantities(buyer) == {10: 2}
    assert (quantities(client), cart_rows()) == ({}, [])
    # What is put in before signing in again is added to what is there.
    put(client, 1, 3)
    put(client, 2)
    assert quantities(buyer) == {10: 5, 20: 1}


def test_the_buyers_cart_is_the_same_in_every_session(client: Client, buyer: Client) -> None:
    put(buyer, 1)
    elsewhere = shopper("session-on-the-telephone", admin_token())
    assert quantities(elsewhere) == {10: 1}
    assert elsewhere.get("/api/cart").json["cart"]["id"] == buyer.get("/api/cart").json["cart"]["id"]
    assert get_item(user_cart_key("1")) is not None


def test_any_call_merges_and_then_does_its_own(client: Client, buyer: Client) -> None:
    put(client, 1, 2)
    ok(put(buyer, 1, 3))
    assert quantities(buyer) == {10: 5}
    put(client, 2)
    ok(buyer.delete("/api/cart"))
    assert (quantities(buyer), quantities(client)) == ({}, {})


def test_merged_quantities_are_capped_at_the_stock(client: Client, buyer: Client) -> None:
    put(buyer, 1, 7)
    put(client, 1, 8)
    assert quantities(buyer) == {10: 10}


def test_what_cannot_be_bought_any_more_is_not_taken_along(client: Client, buyer: Client) -> None:
    put(buyer, 3, 2)
    for number in (1, 2, 3):
        put(client, number)
    store([on_sale(1, status="draft"), on_sale(2, variants=(variant(2, 1),)), on_sale(3, stock=0)])
    assert quantities(buyer) == {30: 2}
    store([on_sale(1), on_sale(2), on_sale(3)])
    assert quantities(buyer) == {30: 2}


def test_at_most_40_items_are_merged(client: Client, buyer: Client) -> None:
    store([on_sale(number) for number in range(100, 155)])
    fill(range(100, 130), user_cart_key("1"))
    fill(range(125, 155))
    merged = quantities(buyer)
    assert len(merged) == 40
    assert [merged[number * 10] for number in range(124, 131)] == [1, 2, 2, 2, 2, 2, 1]


def test_the_buyers_own_code_is_kept_before_the_guests(client: Client, buyer: Client) -> None:
    a_code("FIRST", id=1)
    a_code("SECOND", id=2)
    put(client, 1)
    ok(client.post("/api/cart/discount", json={"code": "FIRST"}))
    assert ok(buyer.get("/api/cart"))["cart"]["discount_code"] == "FIRST"
    put(client, 1)
    ok(client.post("/api/cart/discount", json={"code": "SECOND"}))
    assert ok(buyer.get("/api/cart"))["cart"]["discount_code"] == "FIRST"


def test_two_merges_at_once_count_once(client: Client, buyer: Client) -> None:
    put(client, 1, 2)
    with just_before(COMMIT, lambda: quantities(buyer)):
        assert quantities(buyer) == {10: 2}
    assert quantities(buyer) == {10: 2}


def test_what_the_guest_adds_during_the_merge_is_merged_too(client: Client, buyer: Client) -> None:
    put(client, 1)
    with just_before(COMMIT, lambda: ok(put(client, 2))):
        assert quantities(buyer) == {10: 1, 20: 1}
    assert cart_rows() == []


def test_what_a_late_guest_adds_is_not_lost_to_the_merge(client: Client, buyer: Client) -> None:
    put(client, 1)
    with just_before(SAVE, lambda: quantities(buyer)):
        ok(put(client, 2))
    # The guest's cart was merged away, so the addition began a new one.
    assert quantities(client) == {20: 1}
    assert quantities(buyer) == {10: 1, 20: 1}


def test_a_cart_that_took_the_place_of_another_is_not_written_over(client: Client, later: Clock) -> None:
    put(client, 1)

    def replaced() -> None:
        quantities(shopper(token=admin_token()))
        later.passes(timedelta(milliseconds=5))
        ok(put(client, 3))

    with just_before(SAVE, replaced):
        ok(put(client, 2))
    assert quantities(client) == {30: 1, 20: 1}


def test_a_foreign_user_cart_cannot_be_named_by_a_session(client: Client, buyer: Client) -> None:
    put(buyer, 1)
    assert quantities(shopper("USER#1")) == {}
    assert cart_key("USER#1") == user_cart_key("1")
    assert epoch(utc_now()) < int((get_item(user_cart_key("1")) or {})["expires_at"])
