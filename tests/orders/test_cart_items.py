"""The rules of what may be in a cart, without any table: properties of merging and of putting in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput, NotFound
from common.repositories.stock import InsufficientStock
from orders.cart_items import MAX_ITEMS, MAX_QUANTITY, chosen_variant, merged, put_in, with_quantity
from orders.repositories.carts import Cart, CartItem, cart_key, new_cart
from orders.repositories.offers import Offers
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
    text = "^A cart holds at most 40 different items$"
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


SEVERAL = Offers(
    {
        1: on_sale(1),
        2: on_sale(2, variants=(variant(2), variant(2, 1))),
        3: on_sale(3, variants=()),
    }
)


def test_the_variant_is_the_one_that_is_named_or_the_only_one() -> None:
    assert chosen_variant(SEVERAL, 1, None, 1) == SEVERAL.products[1].live_variants[0]
    assert chosen_variant(SEVERAL, 2, 21, 1) == SEVERAL.products[2].live_variants[1]


@pytest.mark.parametrize(
    ("product_id", "variant_id", "text"),
    [(9, None, "Product not found"), (9, 10, "Product not found"), (1, 21, "Variant not found")],
)
def test_what_is_not_on_sale_or_another_products_is_not_found(
    product_id: int, variant_id: int | None, text: str
) -> None:
    with pytest.raises(NotFound, match=f"^{text}$"):
        chosen_variant(SEVERAL, product_id, variant_id, 1)


def test_one_of_several_variants_has_to_be_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        chosen_variant(SEVERAL, 2, None, 1)
    assert (refused.value.message, refused.value.fields) == (
        "variant_id is required",
        {"variant_id": ["is required"]},
    )


def test_a_product_without_variants_has_nothing_to_sell() -> None:
    with pytest.raises(InsufficientStock) as refused:
        chosen_variant(SEVERAL, 3, None, 2)
    assert refused.value.message == "Insufficient stock available. Requested: 2, Available: 0"


def test_a_merge_keeps_the_buyers_code_and_else_takes_the_guests() -> None:
    guest = replace(cart({1: 1}), discount_code="GUEST", discount_id=7)
    own = replace(cart({1: 1}), discount_code="OWN", discount_id=8)
    sale = offers({1: 10})
    taken, kept = merged(cart({}), guest, sale), merged(own, guest, sale)
    assert (taken.discount_code, taken.discount_id) == ("GUEST", 7)
    assert (kept.discount_code, kept.discount_id) == ("OWN", 8)


def test_a_cart_holds_as_many_of_one_as_is_allowed_and_not_one_more() -> None:
    sale = offers({1: 5000})
    only = sale.products[1].live_variants[0]
    later = "2026-02-01T10:00:00.000Z"
    full = put_in(cart({}), only, MAX_QUANTITY, sale, later)
    assert full.items == (CartItem(1, 10, MAX_QUANTITY, later, later),)
    assert put_in(cart({1: 1}), only, 2, sale, later).items == (CartItem(1, 10, 3, MOMENT, later),)
    with pytest.raises(InvalidInput) as refused:
        put_in(full, only, 1, sale, later)
    assert refused.value.fields == {"quantity": [f"must be at most {MAX_QUANTITY}"]}


def test_pieces_of_what_was_brought_along_are_added_to_it() -> None:
    kept = CartItem(1, 10, 2, MOMENT, MOMENT, kept_id=5)
    twin = replace(kept, kept_id=6)
    before = replace(cart({}), items=(kept, twin))
    found = put_in(before, variant(1, stock=9), 3, offers({1: 9}), MOMENT)
    assert [(item.id, item.quantity) for item in found.items] == [(5, 5), (6, 2)]
    result = merged(cart({1: 4}), before, offers({1: 9}))
    assert [(item.id, item.quantity) for item in result.items] == [(cart({1: 4}).items[0].id, 8)]
