"""The rules of what may be in a cart, without any table: properties of merging and of putting in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput
from common.repositories.carts import Cart, CartItem, cart_key, new_cart
from common.repositories.offers import Offers
from orders.cart_items import MAX_ITEMS, MAX_QUANTITY, merged, put_in, with_quantity
from tests.catalog.builders import OPENING
from tests.orders.cart_builders import MOMENT, on_sale, variant

PRODUCTS = range(1, 70)

wanted = st.dictionaries(st.sampled_from(PRODUCTS), st.integers(1, MAX_QUANTITY), max_size=MAX_ITEMS)
stocks = st.dictionaries(st.sampled_from(PRODUCTS), st.integers(0, 1500))


def cart(quantities: dict[int, int]) -> Cart:
    items = (CartItem(number, number * 10, count, MOMENT, MOMENT) for number, count in quantities.items())
    return replace(new_cart(cart_key("session-1"), "session-1", None, OPENING), items=tuple(items))


def offers(stock: dict[int, int]) -> Offers:
    return Offers({number: on_sale(number, stock=count) for number, count in stock.items()})


def quantities(of: Cart) -> dict[int, int]:
    return {item.product_id: item.quantity for item in of.items}


@given(wanted, wanted, stocks)
def test_a_merge_adds_up_within_the_stock_and_loses_nothing_of_the_buyers(
    own: dict[int, int], guest: dict[int, int], stock: dict[int, int]
) -> None:
    result = quantities(merged(cart(own), cart(guest), offers(stock)))
    assert len(result) <= MAX_ITEMS
    assert own.keys() <= result.keys()
    assert all(1 <= quantity <= MAX_QUANTITY for quantity in result.values())
    for number, quantity in result.items():
        if quantity != own.get(number):
            assert quantity == min(own.get(number, 0) + guest[number], stock[number], MAX_QUANTITY)


@given(wanted, stocks)
def test_what_a_guest_brings_is_left_behind_only_when_it_cannot_be_bought(
    guest: dict[int, int], stock: dict[int, int]
) -> None:
    result = quantities(merged(cart({}), cart(guest), offers(stock)))
    assert result.keys() == {number for number in guest if stock.get(number, 0) > 0}


@given(wanted, st.sampled_from(PRODUCTS), st.integers(1, MAX_QUANTITY), st.integers(0, 1500))
def test_what_is_put_in_is_within_the_stock_or_refused(
    before: dict[int, int], number: int, quantity: int, stock: int
) -> None:
    sale = offers(dict.fromkeys(before, 1500) | {number: stock})
    total = before.get(number, 0) + quantity
    full = len(before) == MAX_ITEMS and number not in before
    if total > min(stock, MAX_QUANTITY) or full:
        with pytest.raises(InvalidInput):
            put_in(cart(before), variant(number, stock=stock), quantity, sale, MOMENT)
        return
    after = put_in(cart(before), variant(number, stock=stock), quantity, sale, MOMENT)
    assert quantities(after) == before | {number: total}


def test_the_time_of_a_change_is_kept_beside_that_of_the_first_addition() -> None:
    before = cart({1: 2})
    later = "2026-02-01T00:00:00.000Z"
    after = with_quantity(before, before.items[0], variant(1), 5, later)
    assert after.items == (CartItem(1, 10, 5, MOMENT, later),)


def test_a_change_of_one_item_leaves_the_others_as_they_were() -> None:
    before = cart({1: 2, 2: 3, 3: 4})
    after = with_quantity(before, before.items[1], variant(2), 5, MOMENT)
    assert quantities(after) == {1: 2, 2: 5, 3: 4}


FULL = dict.fromkeys(range(1, MAX_ITEMS + 1), 1)


def test_a_full_cart_takes_nothing_more_while_all_of_it_is_on_sale() -> None:
    text = "^A cart holds at most 50 different items$"
    with pytest.raises(InvalidInput, match=text):
        put_in(cart(FULL), variant(60), 1, offers(dict.fromkeys([*FULL, 60], 10)), MOMENT)


def test_what_is_on_sale_no_more_makes_room_in_a_full_cart_only() -> None:
    without_7 = offers({number: 10 for number in (*FULL, 60) if number != 7})
    after = put_in(cart(FULL), variant(60), 2, without_7, MOMENT)
    assert quantities(after) == {number: 1 for number in FULL if number != 7} | {60: 2}
    one_less = {number: 1 for number in FULL if number != 1}
    assert quantities(put_in(cart(one_less), variant(60), 2, without_7, MOMENT)) == one_less | {60: 2}


def test_a_merged_item_was_changed_when_the_guest_changed_it() -> None:
    later = "2026-02-01T00:00:00.000Z"
    guest = replace(cart({}), items=(CartItem(1, 10, 2, later, later),))
    assert merged(cart({1: 1}), guest, offers({1: 10})).items == (CartItem(1, 10, 3, MOMENT, later),)
