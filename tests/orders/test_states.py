"""The states of orders: every pair of a state and a step, possible or not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Conflict
from common.repositories.orders import Order
from orders import states
from tests.orders.order_builders import MOMENT, an_order

ORDER = an_order(1)
LATER = "2026-02-01T10:00:00.000Z"

OPEN = [replace(ORDER, fulfillment_status=status) for status in states.FULFILLMENT_STATUSES]
CLOSED = [
    replace(ORDER, cancelled_at=MOMENT),
    replace(ORDER, payment_status="refunded"),
    replace(ORDER, fulfillment_status="fulfilled", delivered_at=MOMENT),
]
PARCEL_WORDS = {
    "pending": "unfulfilled",
    "processing": "partially_fulfilled",
    "shipped": "fulfilled",
    "unfulfilled": "unfulfilled",
    "partially_fulfilled": "partially_fulfilled",
    "fulfilled": "fulfilled",
}


@pytest.mark.parametrize(
    ("order", "word"),
    [
        (ORDER, "pending"),
        (replace(ORDER, payment_status="paid"), "pending"),
        (OPEN[1], "processing"),
        (OPEN[2], "shipped"),
        (CLOSED[0], "cancelled"),
        (replace(CLOSED[0], payment_status="refunded"), "cancelled"),
        (CLOSED[1], "refunded"),
        (CLOSED[2], "delivered"),
        (replace(OPEN[2], payment_status="partially_refunded"), "shipped"),
    ],
)
def test_every_state_has_one_word(order: Order, word: str) -> None:
    assert states.word(order) == word


@pytest.mark.parametrize("order", OPEN, ids=lambda order: order.fulfillment_status)
@pytest.mark.parametrize("status", PARCEL_WORDS)
def test_an_open_order_goes_to_every_fulfilment_status(order: Order, status: str) -> None:
    after = states.step(order, status, LATER)
    assert after.fulfillment_status == PARCEL_WORDS[status]
    assert after == order or after.updated_at == LATER
    assert (after == order) == (order.fulfillment_status == PARCEL_WORDS[status])


@pytest.mark.parametrize("order", CLOSED, ids=states.word)
@pytest.mark.parametrize("status", PARCEL_WORDS)
def test_a_closed_order_goes_nowhere(order: Order, status: str) -> None:
    with pytest.raises(Conflict, match=f"{states.word(order)} and cannot become {status}"):
        states.step(order, status, LATER)


def test_only_what_was_shipped_is_delivered() -> None:
    assert states.step(OPEN[2], "delivered", LATER) == replace(OPEN[2], delivered_at=LATER, updated_at=LATER)
    assert states.step(CLOSED[2], "delivered", LATER) == CLOSED[2]
    for order in (*OPEN[:2], *CLOSED[:2], replace(OPEN[2], cancelled_at=MOMENT)):
        with pytest.raises(Conflict, match="cannot become delivered"):
            states.step(order, "delivered", LATER)


def test_which_words_a_step_knows() -> None:
    assert all(states.is_fulfillment_word(word) for word in (*PARCEL_WORDS, "delivered"))
    assert not any(states.is_fulfillment_word(word) for word in ("cancelled", "refunded", "paid", ""))


def test_an_order_is_cancelled_once_and_not_after_delivery() -> None:
    for order in (*OPEN, CLOSED[1]):
        assert states.word(states.cancel(order, LATER)) == "cancelled"
    for order in (CLOSED[0], CLOSED[2]):
        with pytest.raises(Conflict, match="cannot become cancelled"):
            states.cancel(order, LATER)


STEPS = {
    ("pending", "paid"),
    ("pending", "failed"),
    ("failed", "paid"),
    ("failed", "pending"),
    ("paid", "partially_refunded"),
    ("paid", "refunded"),
    ("partially_refunded", "partially_refunded"),
    ("partially_refunded", "refunded"),
}


@pytest.mark.parametrize("before", states.PAYMENT_STATUSES)
@pytest.mark.parametrize("after", states.PAYMENT_STATUSES)
def test_a_payment_takes_the_steps_that_there_are(before: str, after: str) -> None:
    order = replace(ORDER, payment_status=before)
    if (before, after) in STEPS:
        assert states.pay(order, after, LATER) == replace(order, payment_status=after, updated_at=LATER)
        return
    with pytest.raises(Conflict, match=f"is {before} and cannot become {after}"):
        states.pay(order, after, LATER)


@given(st.lists(st.sampled_from([*PARCEL_WORDS, "delivered", "cancelled"]), max_size=8))
def test_no_row_of_steps_leaves_delivered_or_cancelled(words: list[str]) -> None:
    order = ORDER
    for word in words:
        before = order
        try:
            cancels = word == "cancelled"
            order = states.cancel(order, LATER) if cancels else states.step(order, word, LATER)
        except Conflict:
            assert order == before
        if states.word(before) in ("delivered", "cancelled"):
            assert order == before


@pytest.mark.parametrize("status", ["lost", ""])
def test_words_of_another_shop_are_an_open_order_whose_payment_does_not_move(status: str) -> None:
    foreign = replace(ORDER, fulfillment_status=status, payment_status="on_hold")
    assert states.word(foreign) == "pending"
    assert states.step(foreign, "shipped", LATER).fulfillment_status == "fulfilled"
    assert states.cancel(foreign, LATER).cancelled_at == LATER
    with pytest.raises(Conflict, match="is on_hold and cannot become paid"):
        states.pay(foreign, "paid", LATER)
