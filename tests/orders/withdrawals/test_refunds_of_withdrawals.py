"""Refunds for withdrawals: the money of their pieces, and where they stand when it has come or not."""

from decimal import Decimal
from typing import Any

import pytest

from common.errors import Conflict, NotFound
from common.repositories.withdrawals import withdrawals_of
from orders.providers import GivenBack, RefundRefused
from orders.refund_completion import Failure, complete, fail, no_mark
from orders.refund_plans import ReturnedItem
from orders.refund_repetitions import Outcome, Repeated
from orders.refund_reports import record_refunded
from orders.refunds import cancel_order, refund_order
from orders.repositories.refunds import CLAIM, Refund, refunds_of
from orders.withdrawals import Decision, decide, offer_of
from tests.orders.payments.builders import ADMIN, changed, paid, stock, stored, whole_stock
from tests.orders.withdrawals.builders import COMMIT, NOW, delivered, states, withdrawn
from tests.support.races import just_after, just_before

pytestmark = pytest.mark.usefixtures("table")

ASK = "orders.providers.mock.MockProvider.refund"
LATER = NOW + CLAIM.lasts * 2


def refund(number: int | None = 1, amount: str | None = None, **wish: Any) -> Outcome:
    money = Decimal(amount) if amount else None
    now = wish.pop("now", NOW)
    restock = wish.pop("restock", None)
    return refund_order(1, money, restock, None, ADMIN, now, withdrawal=number, **wish)


def made(number: int = 1) -> Refund:
    return refunds_of(1)[number - 1]


def refuse() -> None:
    decide(1, 1, Decision("refused", "It was worn"), ADMIN, NOW, lambda _: None)


def test_its_pieces_are_what_the_money_is_for() -> None:
    delivered()
    withdrawn({"1": 1})
    done = refund()
    assert done.refund is not None
    assert (done.refund.amount, done.refund.pieces, done.refund.withdrawal) == (Decimal(10), {"1": 1}, 1)
    assert states() == ("refunded", ["refunded"])
    assert withdrawals_of(1)[0].refund == 1
    assert offer_of(1, NOW).pieces == {"1": 1, "2": 1}


def test_the_whole_order_gives_back_all_that_was_charged_beside_the_lines() -> None:
    changed(delivered(), total=Decimal("37.50"), shipping=Decimal("7.50"))
    withdrawn()
    refund()
    assert (stored().payment_status, stored().refunded_amount) == ("refunded", Decimal("37.50"))
    assert states() == ("refunded", ["refunded"])


def test_goods_that_lost_value_may_give_back_less() -> None:
    delivered()
    withdrawn({"1": 2})
    done = refund(amount="12.50", restock=True)
    assert done.refund is not None
    assert (done.refund.amount, done.refund.pieces, done.refund.returns) == (
        Decimal("12.50"),
        {"1": 2},
        {"1": 2},
    )
    assert states() == ("refunded", ["refunded"])
    # What was withdrawn is not offered once more for the price that it lost.
    assert offer_of(1, NOW).pieces == {"2": 1}


def test_a_withdrawal_that_is_not_there_or_closed_is_not_refunded() -> None:
    delivered()
    with pytest.raises(NotFound):
        refund()
    withdrawn()
    refuse()
    with pytest.raises(Conflict, match="is refused"):
        refund()
    assert refunds_of(1) == []


def test_the_same_refund_again_gives_nothing_more() -> None:
    delivered()
    withdrawn({"2": 1})
    refund()
    with pytest.raises(Repeated):
        refund()
    with pytest.raises(Conflict, match="is refunded"):
        refund(now=LATER)
    assert len(refunds_of(1)) == 1


def test_a_refund_that_is_refused_puts_it_back() -> None:
    delivered()
    withdrawn()
    decide(1, 1, Decision("received"), ADMIN, NOW, lambda _: None)

    def decline() -> None:
        raise RefundRefused("The card is closed")

    with just_before(ASK, decline), pytest.raises(RefundRefused):
        refund()
    assert states() == ("received", ["received"])
    assert withdrawals_of(1)[0].refund is None
    refund(now=LATER)
    assert states() == ("refunded", ["refunded"])


def test_money_that_comes_back_after_all_puts_it_back() -> None:
    delivered()
    withdrawn()
    refund()
    for _ in range(2):
        fail(1, 1, Failure("the account is closed", "re_1", 1), NOW)
    assert states() == ("requested", ["requested"])
    assert withdrawals_of(1)[0].refunded_at is None


def test_it_is_refunded_when_the_money_has_arrived() -> None:
    delivered()
    withdrawn()

    def crash() -> None:
        raise InterruptedError

    with just_before(ASK, crash), pytest.raises(InterruptedError):
        refund()
    complete(1, 1, GivenBack("re_1", is_pending=True), NOW, no_mark)
    assert states() == ("requested", ["requested"])
    with pytest.raises(Conflict):
        refuse()
    for _ in range(2):
        complete(1, 1, GivenBack("re_1"), NOW, no_mark)
    assert states() == ("refunded", ["refunded"])


def test_a_refusal_at_the_same_moment_and_a_refund_do_not_both_hold() -> None:
    delivered()
    withdrawn()
    with just_before(COMMIT, refuse), pytest.raises(Conflict, match="is refused"):
        refund()
    assert (states(), refunds_of(1)) == (("refused", ["refused"]), [])


def test_two_refunds_at_once_give_its_money_back_once() -> None:
    delivered()
    withdrawn({"1": 1})
    with just_before(COMMIT, lambda: refund(amount="5.00")), pytest.raises(Conflict):
        refund()
    assert [it.amount for it in refunds_of(1)] == [Decimal("5.00")]


def test_an_answer_that_was_lost_leaves_it_refunded_once() -> None:
    delivered()
    withdrawn({"1": 1})

    def lose() -> None:
        raise InterruptedError

    with just_after("orders.refund_completion.complete", lose), pytest.raises(InterruptedError):
        refund()
    with pytest.raises((Repeated, Conflict)):
        refund(now=LATER)
    assert (states(), stored().refunded_amount) == (("refunded", ["refunded"]), Decimal(10))


def test_pieces_that_are_named_by_themselves_are_those_that_were_withdrawn() -> None:
    delivered()
    withdrawn({"1": 1})
    withdrawn({"1": 1}, number=2)
    withdrawn({"2": 1}, number=3)
    refund(None, items=[ReturnedItem(2, line=1)])
    assert states() == ("requested", ["refunded", "refunded", "requested"])


def test_all_the_money_back_leaves_no_withdrawal_open() -> None:
    changed(paid(), payment_method="mock")
    withdrawn({"1": 1})
    cancel_order(1, None, None, ADMIN, NOW)
    assert (states(), stock()) == (("refunded", ["refunded"]), whole_stock())


def test_what_was_refunded_at_the_provider_by_hand_counts() -> None:
    order = delivered()
    withdrawn({"2": 1})
    record_refunded(1, order.payment_intent_id or "", order.total, NOW, no_mark)
    assert states() == ("refunded", ["refunded"])


def test_a_part_that_is_no_withdrawn_piece_leaves_it_open() -> None:
    delivered()
    withdrawn({"1": 2})
    refund(None, items=[ReturnedItem(1, line=2)])
    refund(None, amount="1.00")
    assert states() == ("requested", ["requested"])
    assert made().withdrawal is None


def test_an_amount_that_is_all_there_is_gives_the_shipping_back_as_well() -> None:
    changed(delivered(), total=Decimal("37.50"), shipping=Decimal("7.50"))
    withdrawn()
    done = refund(amount="37.50")
    assert done.refund is not None
    assert (done.refund.pieces, done.refund.shipping) == ({"1": 2, "2": 1}, True)
    assert (stored().payment_status, states()[0]) == ("refunded", "refunded")
