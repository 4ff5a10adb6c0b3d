"""Changes of one discount code that happen at once, each staged between the read and the write of another."""

from typing import Any

import pytest

from common.clock import iso, utc_now
from common.dynamodb import UnitOfWork
from orders.repositories.discounts import DISCOUNTS, discount_by_code, use_discount
from tests.catalog.builders import actions_of, ok, refused
from tests.orders.cart_builders import a_code, cart_app, uses
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

COMMIT = "common.dynamodb.UnitOfWork.commit"
PATH = "/api/admin/discounts/1"
NEW: dict[str, Any] = {"code": "SAVE10", "discount_type": "fixed", "discount_value": 1}

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def artist() -> Client:
    """The shop's admin."""
    return Client(cart_app(), token=admin_token())


def _use() -> None:
    code = DISCOUNTS.get(1)
    assert code is not None
    with UnitOfWork() as work:
        use_discount(work, code, iso(utc_now()))


def test_two_changes_both_hold(artist: Client) -> None:
    a_code()
    with just_before(COMMIT, lambda: ok(artist.patch(PATH, json={"value": 20, "code": "THEIRS"}))):
        ok(artist.patch(PATH, json={"max_uses": 5, "code": "MINE"}))
    shown = ok(artist.get(PATH))
    assert (shown["value"], shown["max_uses"], shown["code"]) == (20, 5, "MINE")
    # The name that was given up in between is free.
    a_code("THEIRS", id=2)


def test_fields_that_go_together_are_held_against_what_is_there_at_last(artist: Client) -> None:
    a_code()
    with just_before(COMMIT, lambda: ok(artist.patch(PATH, json={"type": "fixed_amount"}))):
        ok(artist.patch(PATH, json={"description": "x"}))
    with just_before(COMMIT, lambda: ok(artist.patch(PATH, json={"type": "percentage"}))):
        refused(artist.patch(PATH, json={"value": 150}), 400, "at most 100")
    assert ok(artist.get(PATH))["value"] == 10


def test_a_use_that_is_counted_during_a_change_or_a_deletion_is_kept(artist: Client) -> None:
    a_code()
    with just_before(COMMIT, _use):
        ok(artist.patch(PATH, json={"value": 20}))
    assert uses() == 1
    with just_before(COMMIT, _use):
        ok(artist.delete(PATH))
    assert uses() == 2


def test_a_change_does_not_bring_back_what_was_deleted_meanwhile(artist: Client) -> None:
    a_code()
    with just_before(COMMIT, lambda: ok(artist.delete(PATH))):
        refused(artist.patch(PATH, json={"code": "BACK"}), 404)
    assert discount_by_code("BACK") is None
    a_code("BACK", id=2)


def test_two_deletions_count_once(artist: Client) -> None:
    a_code()
    with just_before(COMMIT, lambda: ok(artist.delete(PATH))):
        refused(artist.delete(PATH), 404)
    assert actions_of("DiscountCode", 1) == ["DELETE"]


def test_of_two_creations_of_one_code_the_second_is_refused(artist: Client) -> None:
    def rival() -> None:
        assert artist.post("/api/admin/discounts", json=NEW).status == 201

    with just_before(COMMIT, rival):
        refused(artist.post("/api/admin/discounts", json=NEW), 409, "SAVE10")
    assert ok(artist.get("/api/admin/discounts"))["total"] == 1
