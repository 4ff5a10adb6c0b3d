"""Numbered pieces that channels sell: each gets the next number when its sale arrives, once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from common.repositories.editions import RETURNED, SOLD, all_of_edition
from common.repositories.orders import details_of
from common.stock_ledger import MOST_NUMBERS, apply_channel_sale, apply_return
from etsy_sync.inbound.sales import take_sale
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.etsy_sync.inbound.builders import (
    a_line,
    an_order,
    call_off,
    dies_everywhere,
    linked,
    order_of_channel,
    refund,
    reviews,
)
from tests.orders.edition_builders import PRINT, bought, check_edition, left, numbers_in, open_edition, states
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("table")

LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _edition(table: str) -> None:
    on_shelf(1)
    open_edition()
    linked()


def owners() -> dict[int, tuple[str, str]]:
    """What each number belongs to."""
    rows = all_of_edition(PRINT)[0]
    return {it.number: (it.owner.source, it.owner.event_id) for it in rows if it.owner}


def test_a_sale_that_arrives_takes_the_next_number_and_its_order_names_it() -> None:
    bought()
    take_sale(an_order(a_line(quantity=2)), NOW)
    assert owners() == {1: ("order", "1"), 2: ("etsy", "t-1"), 3: ("etsy", "t-1")}
    details = details_of(order_of_channel().id)
    assert details is not None
    assert details.lines[0].numbers == (2, 3)
    assert physical() == 2
    check_edition()


def test_a_sale_that_is_reported_again_takes_no_second_number() -> None:
    for _ in range(2):
        take_sale(an_order(), NOW)
    assert (states(), left().next) == ({1: SOLD}, 2)


def test_a_sale_arrives_while_somebody_buys_here() -> None:
    with just_before("orders.checkout.add_order", lambda: take_sale(an_order(), NOW)):
        order = bought()
    assert (owners()[1], numbers_in(order)) == (("etsy", "t-1"), [2])
    check_edition()


def test_what_comes_back_from_a_channel_is_not_on_sale_again() -> None:
    order = an_order(a_line(quantity=2))
    take_sale(order, NOW)
    returned = replace(order.lines[0], cancellations=refund(1))
    for _ in range(2):
        take_sale(replace(order, lines=(returned,)), LATER)
    assert (states(), physical()) == ({1: SOLD, 2: RETURNED}, 3)
    call_off(order, LATER)
    assert (states(), physical()) == ({1: RETURNED, 2: RETURNED}, 3)
    check_edition()


def test_a_cancellation_that_comes_before_its_sale_takes_no_number() -> None:
    call_off(an_order(), NOW)
    take_sale(an_order(), LATER)
    assert (states(), physical()) == ({}, 5)


def test_what_is_sold_beyond_the_pieces_is_owed_a_number() -> None:
    open_edition(stock=1)
    take_sale(an_order(a_line(quantity=3)), NOW)
    rows, (owed,) = all_of_edition(PRINT)
    assert (owed.name, owed.pieces, len(rows)) == ("etsy:t-1", 2, 1)
    assert len(reviews(SKU)) == 1
    check_edition()


def test_one_sale_of_very_many_pieces_is_numbered_as_far_as_a_step_can() -> None:
    open_edition(200)
    take_sale(an_order(a_line(quantity=MOST_NUMBERS + 5)), NOW)
    assert (len(states()), physical()) == (MOST_NUMBERS, 200 - MOST_NUMBERS - 5)
    assert [it.pieces for it in all_of_edition(PRINT)[1]] == [5]
    check_edition()


def test_a_return_that_names_no_sale_asks_which_number_came_back() -> None:
    apply_channel_sale("amazon", "A-1", SKU, 1, NOW)
    assert apply_return("amazon", "plate:1", SKU, 1, LATER).delta == 0
    assert (states(), physical(), len(reviews(SKU))) == ({1: SOLD}, 4, 1)


def _books() -> Mapping[str, Any]:
    return {"states": states(), "owners": owners(), "stock": physical(), "left": left()}


@pytest.mark.exhaustive
def test_a_process_that_dies_between_any_two_writes_is_made_good() -> None:
    order = an_order(a_line(quantity=2))
    dies_everywhere(lambda: take_sale(order, NOW), _books)
    assert states() == {1: SOLD, 2: SOLD}
    dies_everywhere(lambda: call_off(order, LATER), _books)
    assert states() == {1: RETURNED, 2: RETURNED}
    check_edition()
