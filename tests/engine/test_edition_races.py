"""Editions on DynamoDB Local: threads after the same numbers, here and elsewhere, and lost answers."""

from collections import Counter

import pytest

from common.clock import utc_now
from common.optimistic import retry_when_stale
from common.repositories.editions import SOLD
from common.stock_ledger import apply_channel_sale
from orders.refunds import cancel_order
from tests.common.stock_builders import SKU, on_shelf
from tests.engine.test_checkout_races import at_once, until_answered
from tests.orders.edition_builders import ADMIN, bought, check_edition, numbers_in, open_edition, states
from tests.orders.order_builders import body_of, buyer, check_out, stock_of, wanted
from tests.support.http import Answer
from tests.support.wire import lose_answer, without_waiting

pytestmark = pytest.mark.usefixtures("table")


def _order(number: int) -> Answer:
    client = buyer(f"session-{number:04d}")
    return until_answered(lambda: check_out(client, body_of(wanted(1)), f"key-{number}"))


def test_each_of_twenty_at_once_gets_a_number_of_its_own() -> None:
    open_edition(20)
    answers = at_once(20, _order)
    assert Counter(answer.status for answer in answers) == {201: 20}
    numbers = [answer.json["items"][0]["numbers"] for answer in answers]
    assert sorted(numbers) == [[number] for number in range(1, 21)]
    check_edition()


def test_buyers_channels_and_cancellations_at_once_leave_no_number_twice() -> None:
    on_shelf(1)
    open_edition(12)
    orders = [bought() for _ in range(4)]

    def act(number: int) -> Answer:
        if number < 4:
            cancel_order(orders[number].id, None, None, ADMIN, utc_now())
        elif number < 8:
            # The next report of a sale that others kept from passing applies it.
            retry_when_stale(lambda: apply_channel_sale("etsy", f"t-{number}", SKU, 1, utc_now()))
        return _order(number)

    statuses = Counter(answer.status for answer in at_once(16, act))
    assert statuses == {201: 8, 409: 8}
    assert Counter(states().values()) == {SOLD: 12}
    assert stock_of(1) == 0
    check_edition()


def test_a_lost_answer_gives_no_second_number(monkeypatch: pytest.MonkeyPatch) -> None:
    without_waiting(monkeypatch)
    open_edition()
    lost = lose_answer("TransactWriteItems")
    order = bought(2)
    assert len(lost) == 1
    assert (numbers_in(order), states(), stock_of(1)) == ([1, 2], {1: SOLD, 2: SOLD}, 3)
    check_edition()
