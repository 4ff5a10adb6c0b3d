"""What the artist decides about numbers: over HTTP, and while others buy."""

from typing import Any

import pytest

from catalog.variants import remove_variant, update_variant
from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.errors import Conflict
from common.repositories.editions import FREE, NUMBER, PROOF, RETURNED, SOLD, VOID, Owed, number_of, owe
from common.repositories.numbering import TooFewNumbers
from common.repositories.products import Edition
from orders.editions import Decision, exchange, give_number, give_proof, release, take_back_by_hand, withhold
from orders.refund_plans import ReturnedItem
from orders.refunds import refund_order
from tests.catalog.builders import audit_of
from tests.orders.edition_builders import (
    ADMIN,
    PRINT,
    bought,
    check_edition,
    left,
    numbers_in,
    open_edition,
    paid,
    states,
)
from tests.orders.order_builders import orders_app, stock_of
from tests.support.http import Answer, Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

pytestmark = pytest.mark.usefixtures("table")

PAGE = f"/api/admin/editions/{PRINT}"


@pytest.fixture(autouse=True)
def _shop(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    open_edition()


@pytest.fixture
def artist() -> Client:
    return Client(orders_app(), token=admin_token())


def decided(number: int, reason: str = "it came back whole", kind: Any = NUMBER) -> Decision:
    return Decision(PRINT, number, reason, ADMIN, utc_now(), kind)


def step(artist: Client, path: str, **body: Any) -> Answer:
    return artist.post(f"{PAGE}/{path}", json={"reason": "as it is"} | body)


def refunded(pieces: int = 1) -> list[int]:
    """The numbers of an order that was paid and refunded."""
    order = paid(pieces)
    refund_order(order.id, None, True, None, ADMIN, utc_now())
    return numbers_in(order)


def test_the_page_of_an_edition_explains_each_number(artist: Client) -> None:
    refunded()
    bought()
    shown = artist.get(PAGE).json
    assert (shown["size"], shown["left"], shown["next"], shown["stock"], shown["proofs"]) == (5, 3, 3, 3, 2)
    said = [(it["number"], it["state"], it["order_id"], it["line"]) for it in shown["numbers"]]
    assert said == [(1, RETURNED, 1, 1), (2, SOLD, 2, 1)]
    assert shown["numbers"][0]["reason"] == "Refund 1"
    assert [step["state"] for step in shown["numbers"][0]["history"]] == [RETURNED]


def test_what_is_no_edition_is_not_found(artist: Client) -> None:
    for path in ("/api/admin/editions/20", "/api/admin/editions/999", "/api/admin/editions/x"):
        assert artist.get(path).status == 404
    assert Client(orders_app()).get(PAGE).status == 401


def test_a_returned_number_is_sold_again_when_the_artist_says_so(artist: Client) -> None:
    refunded()
    assert step(artist, "numbers/1/release").status == 200
    assert (states(), stock_of(1), left().next) == ({1: FREE}, 5, 1)
    check_edition()
    # Asked for twice, it is refused: nobody has the number any more.
    assert step(artist, "numbers/1/release").status == 409
    assert numbers_in(bought()) == [1]
    row = number_of(PRINT, 1)
    assert row is not None
    assert [it.state for it in row.history] == [RETURNED, FREE]
    assert [it.action for it in audit_of("Edition", PRINT)] == ["RELEASE_NUMBER"]


def test_a_number_that_somebody_has_is_not_released() -> None:
    bought()
    with pytest.raises(Conflict, match="sold"):
        release(decided(1))


def test_a_number_is_released_while_others_buy() -> None:
    refunded()
    with just_before("orders.editions.put_in", bought):
        release(decided(1))
    assert states() == {1: FREE, 2: SOLD}
    check_edition()


def test_two_who_release_one_number_put_one_piece_in() -> None:
    refunded()
    with just_before("orders.editions.put_in", lambda: release(decided(1))), pytest.raises(Conflict):
        release(decided(1))
    assert stock_of(1) == 5
    check_edition()


def test_a_released_number_of_a_variant_off_sale_is_refused() -> None:
    refunded()
    remove_variant(PRINT, ADMIN, utc_now())
    with pytest.raises(Conflict):
        release(decided(1))
    # What was sold of it stays known.
    withhold(decided(1, "destroyed"))
    assert states() == {1: VOID}


def test_a_lost_piece_is_void_and_its_number_stays_away() -> None:
    paid()
    withhold(decided(1, "lost in the post, replaced by number 2"))
    assert (stock_of(1), numbers_in(bought())) == (4, [2])
    assert states() == {1: VOID, 2: SOLD}
    with pytest.raises(Conflict):
        withhold(decided(1))
    check_edition()


def test_the_artist_keeps_a_number_that_was_not_given_out() -> None:
    withhold(decided(3, "kept by the artist"))
    assert (states(), left().free, left().next, stock_of(1)) == ({3: VOID}, (1, 2), 4, 4)
    check_edition()
    assert numbers_in(bought(3)) == [1, 2, 4]
    check_edition()


def test_a_number_is_kept_without_a_piece_where_fewer_are_for_sale() -> None:
    open_edition(stock=2)
    withhold(decided(5, "kept by the artist"))
    assert (stock_of(1), left().left) == (2, 4)
    check_edition()


def test_a_number_is_kept_while_it_is_sold() -> None:
    with just_before("orders.editions.take_out", bought), pytest.raises(Conflict):
        give_number(decided(1, "sold at the fair"))
    assert states() == {1: SOLD}
    check_edition()


def test_a_number_is_given_out_by_hand_once(artist: Client) -> None:
    assert step(artist, "numbers", number=2).status == 200
    assert step(artist, "numbers", number=2).status == 409
    assert step(artist, "numbers", number=6).status == 400
    assert (states(), left().free, stock_of(1)) == ({2: SOLD}, (1,), 4)
    check_edition()


def test_what_is_owed_gets_its_number(artist: Client) -> None:
    with UnitOfWork() as work:
        owe(work, Owed(PRINT, "etsy", "7:1", 2, "2026-01-31T10:00:00.000Z"))
    assert artist.get(PAGE).json["owed"][0]["pieces"] == 2
    assert step(artist, "numbers", number=1, owed="etsy:7:1").json["owed"][0]["pieces"] == 1
    assert step(artist, "numbers", number=2, owed="etsy:7:1").json["owed"] == []
    assert step(artist, "numbers", number=3, owed="etsy:7:1").status == 404
    row = number_of(PRINT, 2)
    assert row is not None
    assert row.owner is not None
    assert (row.owner.source, row.owner.event_id) == ("etsy", "7:1")
    check_edition()


def test_what_is_cancelled_where_it_was_sold_is_owed_no_more(artist: Client) -> None:
    with UnitOfWork() as work:
        owe(work, Owed(PRINT, "etsy", "7:1", 2, "2026-01-31T10:00:00.000Z"))
    assert step(artist, "owed", owed="etsy:7:1").json["owed"] == []
    assert step(artist, "owed", owed="etsy:7:1").status == 404
    assert [it.action for it in audit_of("Edition", PRINT)] == ["FORGIVE_OWED"]


def test_proofs_are_given_out_one_by_one(artist: Client) -> None:
    assert [step(artist, "proofs", number=number).status for number in (2, 1, 1, 2, 3)] == [
        409,
        200,
        409,
        200,
        400,
    ]
    shown = artist.get(PAGE).json
    assert [(it["kind"], it["number"], it["state"]) for it in shown["given_proofs"]] == [
        (PROOF, 1, SOLD),
        (PROOF, 2, SOLD),
    ]
    assert step(artist, "proofs/2/void").status == 200
    assert step(artist, "proofs/3/void").status == 404
    assert (stock_of(1), left().left) == (5, 5)


def test_a_proof_is_given_out_while_numbers_are_sold() -> None:
    with just_before("orders.editions.renumber", bought):
        give_proof(decided(1, "for the printer", PROOF))
    assert (left().next, left().next_proof, states()) == (2, 2, {1: SOLD})
    check_edition()


def test_the_number_that_really_came_back_is_exchanged_for_the_assumed_one(artist: Client) -> None:
    order = paid(2)
    one = (ReturnedItem(line=1, quantity=1),)
    refund_order(order.id, None, True, None, ADMIN, utc_now(), items=one)
    assert states() == {1: SOLD, 2: RETURNED}
    assert step(artist, "numbers/2/exchange", returned=1).status == 200
    assert states() == {1: RETURNED, 2: SOLD}
    bought()
    with pytest.raises(Conflict):
        exchange(decided(1), 3)


def test_a_number_that_came_back_untold_is_taken_back_by_hand() -> None:
    bought()
    take_back_by_hand(decided(1))
    assert (states(), stock_of(1)) == ({1: RETURNED}, 4)
    with pytest.raises(Conflict):
        take_back_by_hand(decided(1))


@pytest.mark.parametrize(
    "edition",
    [Edition(6, 2), Edition(1, 2), Edition(5, 3), None],
    ids=["larger", "smaller", "proofs", "none"],
)
def test_an_edition_that_was_begun_stays_what_its_pieces_say(edition: Edition | None) -> None:
    bought(2)
    with pytest.raises(Conflict):
        update_variant(PRINT, {"edition": edition, "stock": 0}, ADMIN, utc_now())
    assert left().size == 5


def test_an_edition_may_end_earlier_than_it_was_told() -> None:
    bought(2)
    with pytest.raises(TooFewNumbers):
        update_variant(PRINT, {"edition": Edition(3, 2)}, ADMIN, utc_now())
    update_variant(PRINT, {"edition": Edition(3, 1), "stock": 1}, ADMIN, utc_now())
    assert (left().size, left().left, stock_of(1), left().proofs) == (3, 1, 1, 1)
    check_edition()


def test_an_edition_of_which_nothing_is_sold_may_become_any() -> None:
    update_variant(PRINT, {"edition": Edition(50), "stock": 40}, ADMIN, utc_now())
    assert (left().size, left().left, left().proofs, stock_of(1)) == (50, 50, 0, 40)
    changed = update_variant(PRINT, {"edition": None, "stock": 90}, ADMIN, utc_now())
    assert (changed.numbering, stock_of(1), numbers_in(bought())) == (None, 90, [])
    # What was sold before has no number, and the edition begins with the first.
    update_variant(PRINT, {"edition": Edition(90)}, ADMIN, utc_now())
    assert numbers_in(bought()) == [1]


def test_an_edition_is_made_smaller_while_its_number_is_sold() -> None:
    smaller = {"edition": Edition(2), "stock": 2}
    with just_before("catalog.variants.change_variant", lambda: bought(3)), pytest.raises(Conflict):
        update_variant(PRINT, smaller, ADMIN, utc_now())
    assert left().size == 5
    check_edition()
