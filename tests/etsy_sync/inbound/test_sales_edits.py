"""Tests of orders that are edited on their channel: what comes back into stock, and what is taken."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from common.dynamodb import delete_item
from common.repositories.orders import details_of
from common.repositories.sku_stock import sku_key
from common.stock_ledger import apply_delivery
from etsy_sync.adapters.orders import ChannelOrder
from etsy_sync.inbound.sales import take_sale
from orders import states
from orders.repositories.channel_orders import LINES
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import (
    a_line,
    adds_up,
    an_order,
    dies_everywhere,
    linked,
    order_of_channel,
    refund,
    reviews,
    sold_here,
)
from tests.etsy_sync.inbound.conftest import Announced
from tests.etsy_sync.inbound.test_sales import LATER, state
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("table")


def edited(quantity: int, removed: int = 0, *, minutes: int = 0, **fields: Any) -> ChannelOrder:
    """An order of a channel that lets orders be edited, as it is some minutes after it was placed."""
    line = a_line(quantity=quantity, removed=removed, **fields)
    return an_order(line, updated_at=NOW + timedelta(minutes=minutes))


def test_what_an_edit_takes_off_comes_back_once() -> None:
    on_shelf(10)
    linked()
    take_sale(edited(3), NOW)
    for _ in range(3):
        take_sale(edited(3, removed=2, minutes=1), LATER)
    assert (physical(), sold_here()) == (9, 3)
    assert order_of_channel().payment_status == "paid"
    assert adds_up()


def test_an_order_of_which_an_edit_leaves_nothing_is_refunded_when_its_money_is() -> None:
    on_shelf(10)
    take_sale(edited(3), NOW)
    take_sale(edited(3, removed=3, minutes=1), LATER)
    assert (physical(), order_of_channel().payment_status) == (10, "paid")
    take_sale(edited(3, minutes=2, cancellations=refund(3)), LATER)
    assert (physical(), order_of_channel().payment_status) == (10, "refunded")


def test_what_an_edit_adds_is_taken_once(announced: Announced) -> None:
    on_shelf(10)
    linked()
    take_sale(edited(3), NOW)
    announced.clear()
    for _ in range(3):
        take_sale(edited(5, minutes=1), LATER)
    assert (physical(), sold_here(), announced) == (5, 5, [SKU])
    assert adds_up()


def test_edits_to_and_fro_end_where_the_last_one_does() -> None:
    on_shelf(10)
    linked()
    edits = [(3, 0), (3, 2), (3, 0), (5, 0), (5, 5), (9, 5), (9, 9), (9, 5)]
    for minutes, (quantity, removed) in enumerate(edits):
        for _ in range(2):
            take_sale(edited(quantity, removed, minutes=minutes), LATER)
        assert physical() == 10 - (quantity - removed)
    assert adds_up()


def test_an_older_reading_does_not_undo_an_edit() -> None:
    on_shelf(10)
    readings = [edited(3), edited(3, removed=1, minutes=1), edited(6, removed=1, minutes=2)]
    for reading in (*readings, *reversed(readings), *readings):
        take_sale(reading, LATER)
    assert physical() == 5


def test_an_order_that_is_first_seen_after_its_edits_takes_what_is_left_of_it() -> None:
    on_shelf(10)
    linked()
    take_sale(edited(5, removed=2, minutes=2), LATER)
    take_sale(edited(3), LATER)
    assert (physical(), sold_here()) == (7, 5)
    details = details_of(order_of_channel().id)
    assert details is not None
    assert [line.quantity for line in details.lines] == [3]


def test_an_edit_and_refunds_are_put_back_each_for_itself() -> None:
    on_shelf(10)
    take_sale(edited(6), NOW)
    take_sale(edited(6, minutes=1, cancellations=refund(1)), LATER)
    take_sale(edited(6, removed=2, minutes=2, cancellations=refund(1)), LATER)
    assert physical() == 7
    kept = refund(1) | refund(1, restocks=False, name="refund:2:kept")
    take_sale(edited(6, removed=2, minutes=3, cancellations=kept), LATER)
    assert (physical(), order_of_channel().payment_status) == (7, "partially_refunded")


def test_a_refund_that_another_reading_puts_back_first_hides_no_later_one() -> None:
    on_shelf(10)
    take_sale(edited(4), NOW)
    first = edited(4, minutes=1, cancellations=refund(1))
    both = edited(4, minutes=2, cancellations=refund(1) | refund(1, name="refund:2"))
    with just_before("etsy_sync.inbound.lines.apply_return", lambda: take_sale(first, LATER)):
        take_sale(both, LATER)
    assert physical() == 8
    assert adds_up()


def test_a_removal_that_turns_out_to_be_a_refund_is_not_put_back_twice() -> None:
    on_shelf(10)
    take_sale(edited(4), NOW)
    take_sale(edited(4, removed=1, minutes=1), LATER)
    take_sale(edited(4, minutes=2, cancellations=refund(1)), LATER)
    assert physical() == 7
    take_sale(edited(4, removed=1, minutes=3, cancellations=refund(1)), LATER)
    kept = refund(1) | refund(1, restocks=False, name="refund:2:kept")
    take_sale(edited(4, minutes=4, cancellations=kept), LATER)
    assert physical() == 7
    assert adds_up()


def test_an_edit_that_adds_more_than_is_there_takes_what_is_there_and_gives_back_only_that() -> None:
    on_shelf(4)
    linked()
    take_sale(edited(3), NOW)
    take_sale(edited(6, minutes=1), LATER)
    assert (physical(), sold_here(), len(reviews(SKU))) == (0, 6, 1)
    take_sale(edited(6, removed=2, minutes=2), LATER)
    assert physical() == 0
    take_sale(edited(6, removed=6, minutes=3), LATER)
    assert physical() == 4
    assert adds_up()


def test_what_an_edit_adds_of_a_sku_that_is_gone_asks_somebody_to_look() -> None:
    apply_delivery("shop", "first", "LOOSE", 5, NOW)
    take_sale(edited(1, sku="LOOSE"), NOW)
    delete_item(sku_key("LOOSE"))
    for _ in range(2):
        take_sale(edited(3, minutes=1, sku="LOOSE"), LATER)
    assert (physical("LOOSE"), len(reviews("LOOSE"))) == (0, 1)


def test_a_cancelled_order_gives_back_what_edits_added() -> None:
    on_shelf(10)
    take_sale(edited(2), NOW)
    take_sale(edited(5, removed=1, minutes=1), LATER)
    take_sale(replace(edited(5, 1, minutes=2, cancellations=refund(4)), is_cancelled=True), LATER)
    assert physical() == 10
    assert states.word(order_of_channel()) == "cancelled"


@pytest.mark.parametrize("after", [(5, 0), (3, 2), (3, 3)])
def test_a_process_that_dies_while_an_edit_is_taken_is_made_good(after: tuple[int, int]) -> None:
    on_shelf(10)
    linked()
    other = a_line("t-2", 1, removed=0)
    take_sale(an_order(*edited(3).lines, other), NOW)
    edit = an_order(*edited(*after).lines, replace(other, quantity=2), updated_at=LATER)
    dies_everywhere(lambda: take_sale(edit, LATER), state)
    assert physical() == 8 - (after[0] - after[1])
    assert adds_up()


def test_a_reading_that_says_nothing_new_of_the_numbers_moves_nothing() -> None:
    on_shelf(10)
    linked()
    take_sale(edited(3), NOW)
    before = state()
    take_sale(edited(3, minutes=9), LATER)
    line = LINES.get("etsy", "1", "t-1")
    assert line is not None
    assert (line.version, line.additions, state()) == (2, None, before)
