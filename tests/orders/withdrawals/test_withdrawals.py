"""Stating a withdrawal: what is offered, one however often it is said, and who else acts meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import iso, parse_iso
from common.config import table_name
from common.dynamodb import Query, create_table, delete_table, fetch_all, put_item
from common.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from common.repositories.orders import details_item, details_of
from common.repositories.outbox import OUTBOX, Mail
from common.repositories.withdrawals import WITHDRAWALS, due_withdrawals, open_withdrawals, withdrawals_of
from orders.limits import Caller
from orders.refund_plans import ReturnedItem
from orders.refunds import cancel_order, refund_order
from orders.states import step
from orders.withdrawal_period import ends_at
from orders.withdrawals import Decision, NotWithdrawable, decide, offer_of, withdraw
from tests.orders.payments.builders import ADMIN, audited, changed, paid, placed, stored
from tests.orders.withdrawals.builders import (
    CALLER,
    COMMIT,
    NOW,
    WHOLE,
    delivered,
    statement,
    states,
    withdrawn,
)
from tests.support.races import just_after, just_before

pytestmark = pytest.mark.usefixtures("table")

LATER = NOW + timedelta(minutes=5)


def exempt(*numbers: int) -> None:
    """These lines of the order were made to measure."""
    details = details_of(1)
    assert details is not None
    lines = tuple(replace(it, cannot_be_withdrawn=it.id in numbers or None) for it in details.lines)
    put_item(details_item(1, replace(details, lines=lines)))


def refuse(number: int = 1) -> None:
    decide(1, number, Decision("refused", "It was worn"), ADMIN, NOW, lambda _: None)


def test_a_statement_is_taken_down_with_all_that_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", "shop@example.com")
    delivered()
    made = withdrawn({"1": 1})
    assert states() == ("requested", ["requested"])
    assert (made.pieces, made.requested_at, made.order_number) == ({"1": 1}, iso(NOW), "ORD-00000001")
    assert parse_iso(made.refund_due_at) - NOW > timedelta(days=14)
    assert audited()[-1] == "WITHDRAWAL"
    assert WITHDRAWALS.all(open_withdrawals()) == [made] == due_withdrawals("3000")
    assert mails() == [("withdrawal_received", {"withdrawal": 1})]


def mails() -> list[tuple[str, Any]]:
    """The kinds and facts of the mails about withdrawals that wait."""
    waiting: list[Mail] = [OUTBOX.of(row) for row in fetch_all(Query("OUTBOX_WAITING", index="GSI1"))]
    return [(it.kind, it.facts) for it in waiting if it.kind.startswith("withdrawal")]


@pytest.mark.parametrize(
    ("fields", "obstacle"),
    [
        ({"channel": "etsy"}, "channel"),
        ({"cancelled_at": iso(NOW)}, "cancelled"),
        ({"payment_status": "refunded"}, "refunded"),
        ({"payment_status": "failed"}, "unpaid"),
        ({"total": 0}, "free"),
        ({"delivered_at": iso(NOW - timedelta(days=30))}, "over"),
        ({"refunded_pieces": WHOLE}, "done"),
    ],
)
def test_what_cannot_be_withdrawn_from_says_why(fields: dict[str, Any], obstacle: str) -> None:
    changed(delivered(), **fields)
    offer = offer_of(1, NOW)
    assert (offer.obstacle, offer.pieces) == (obstacle, {})
    with pytest.raises(NotWithdrawable, match=obstacle):
        withdrawn()
    assert withdrawals_of(1) == []


def test_an_unpaid_order_has_nothing_to_give_back() -> None:
    placed()
    assert offer_of(1, NOW).obstacle == "unpaid"


def test_an_order_that_has_not_come_is_open_without_an_end() -> None:
    paid()
    offer = offer_of(1, NOW + timedelta(days=900))
    assert (offer.obstacle, offer.last, offer.pieces) == ("", None, WHOLE)


def test_it_is_open_to_the_last_instant_of_the_period() -> None:
    order = delivered()
    end = ends_at(order.delivered_at or "")
    assert offer_of(1, end - timedelta(milliseconds=1)).obstacle == ""
    assert offer_of(1, end).obstacle == "over"


def test_goods_made_to_measure_are_not_offered() -> None:
    delivered()
    exempt(1)
    assert offer_of(1, NOW).pieces == {"2": 1}
    with pytest.raises(Conflict, match="cannot be withdrawn any more"):
        withdrawn({"1": 1})
    exempt(1, 2)
    assert offer_of(1, NOW).obstacle == "exempt"


@pytest.mark.parametrize("pieces", [{}, {"1": 3}, {"9": 1}])
def test_what_was_never_offered_is_refused(pieces: dict[str, int]) -> None:
    delivered()
    with pytest.raises((Conflict, InvalidInput)):
        withdrawn(pieces)
    with pytest.raises(InvalidInput):
        withdrawn({"1": 1}, number=2)
    with pytest.raises(NotFound):
        withdraw(2, statement(), CALLER, NOW)
    assert states() == (None, [])


def test_saying_it_again_is_the_same_withdrawal() -> None:
    delivered()
    first = withdrawn({"1": 1})
    assert withdrawn({"1": 1}, now=LATER) == first
    # Another window, in which other pieces were chosen: it was offered as the first too.
    assert withdrawn({"2": 1}, now=LATER) == first
    assert (offer_of(1, NOW).next_number, offer_of(1, NOW).pieces) == (2, {"1": 1, "2": 1})
    withdrawn({"1": 1, "2": 1}, number=2)
    assert (states(), offer_of(1, NOW).obstacle) == (("requested", ["requested"] * 2), "done")


def test_of_two_confirmations_at_once_one_is_taken_down() -> None:
    delivered()
    with just_before(COMMIT, lambda: withdrawn({"1": 1})):
        other = withdrawn({"2": 1})
    assert other.pieces == {"1": 1}
    assert states() == ("requested", ["requested"])
    assert audited().count("WITHDRAWAL") == 1


def test_an_answer_that_was_lost_is_given_again() -> None:
    class Lost(Exception):
        pass

    def lose() -> None:
        raise Lost

    delivered()
    with just_after(COMMIT, lose), pytest.raises(Lost):
        withdrawn()
    assert withdrawn(now=LATER).requested_at == iso(NOW)
    assert states() == ("requested", ["requested"])


def test_what_is_refunded_meanwhile_is_not_withdrawn() -> None:
    delivered()

    def refund() -> None:
        refund_order(1, None, None, None, ADMIN, NOW, items=[ReturnedItem(2, line=1)])

    with just_before(COMMIT, refund), pytest.raises(Conflict, match="any more"):
        withdrawn({"1": 1})
    assert states() == (None, [])


def test_an_order_that_is_cancelled_between_the_steps_is_not_withdrawn_from() -> None:
    paid()
    cancel = lambda: cancel_order(1, None, None, ADMIN, NOW)  # noqa: E731
    with just_before(COMMIT, cancel), pytest.raises(NotWithdrawable, match="cancelled"):
        withdrawn()
    assert states() == (None, [])


def test_an_order_that_is_delivered_meanwhile_is_withdrawn_from_and_stays_delivered() -> None:
    changed(paid(), fulfillment_status="fulfilled")

    def arrive() -> None:
        order = stored()
        changed(order, delivered_at=step(order, "delivered", iso(NOW)).delivered_at)

    with just_before(COMMIT, arrive):
        withdrawn()
    assert stored().delivered_at == iso(NOW)
    assert states() == ("requested", ["requested"])


def test_what_was_refused_may_be_stated_again() -> None:
    delivered()
    withdrawn()
    refuse()
    assert states() == ("refused", ["refused"])
    withdrawn(number=2)
    assert states() == ("requested", ["refused", "requested"])


def test_the_goods_are_received_once() -> None:
    delivered()
    withdrawn()
    for now in (NOW, LATER):
        made = decide(1, 1, Decision("received"), ADMIN, now, lambda _: None)
        assert (made.status, made.received_at) == ("received", iso(NOW))
    assert states() == ("received", ["received"])
    assert audited().count("UPDATE_WITHDRAWAL") == 1


def test_a_refusal_has_a_reason_and_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", "shop@example.com")
    delivered()
    withdrawn()
    with pytest.raises(InvalidInput, match="reason"):
        decide(1, 1, Decision("refused"), ADMIN, NOW, lambda _: None)
    refuse()
    refuse()
    with pytest.raises(Conflict, match="is refused"):
        decide(1, 1, Decision("received"), ADMIN, NOW, lambda _: None)
    with pytest.raises(NotFound):
        refuse(2)
    assert WITHDRAWALS.all(open_withdrawals()) == []
    told = ("withdrawal_received", {"withdrawal": 1}), ("withdrawal_refused", {"withdrawal": 1})
    assert sorted(mails()) == sorted(told)


def test_of_two_decisions_at_once_the_first_holds() -> None:
    delivered()
    withdrawn()
    with just_before(COMMIT, refuse), pytest.raises(Conflict, match="is refused"):
        decide(1, 1, Decision("received"), ADMIN, NOW, lambda _: None)
    assert states() == ("refused", ["refused"])


def test_only_so_many_are_stated_from_one_network() -> None:
    delivered()
    for number in range(1, 6):
        withdrawn({"2": 1}, number)
        refuse(number)
    with pytest.raises(TooManyRequests, match="Too many withdrawals"):
        withdrawn({"2": 1}, 6)
    assert len(withdrawals_of(1)) == 5
    # It is the network that is counted, not the order.
    assert withdraw(1, statement({"2": 1}, 6), Caller("198.51.100.1"), NOW).number == 6


@contextmanager
def another_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A table that nothing was done in yet."""
    with monkeypatch.context() as here:
        here.setenv("DYNAMODB_TABLE_NAME", f"test-{uuid4()}")
        create_table(table_name())
        yield
        delete_table(table_name())


@pytest.mark.exhaustive
@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(["1", "2"]), st.integers(1, 2), st.booleans()), max_size=6))
def test_whatever_is_stated_no_piece_is_withdrawn_twice(wishes: list[tuple[str, int, bool]]) -> None:
    with pytest.MonkeyPatch.context() as patch, another_table(patch):
        delivered()
        for place, (line, count, is_refused) in enumerate(wishes, 1):
            number = offer_of(1, NOW).next_number
            try:
                withdraw(1, statement({line: count}, number), Caller(f"192.0.2.{place}"), NOW)
            except (Conflict, InvalidInput):
                continue
            if is_refused:
                refuse(number)
        held = [it.pieces for it in withdrawals_of(1) if it.is_open]
        for line, bought in WHOLE.items():
            stated = sum(pieces.get(line, 0) for pieces in held)
            assert stated + offer_of(1, NOW).pieces.get(line, 0) == bought
