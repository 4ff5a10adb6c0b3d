"""Carts as rows: read as written, and written only as they were read."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.clock import epoch, iso
from common.dynamodb import UnitOfWork, put_item
from common.optimistic import StaleVersion
from orders.repositories.carts import (
    LIFETIME,
    Cart,
    CartItem,
    add_deleted,
    add_saved,
    cart_item,
    cart_key,
    empty,
    item_id,
    load,
    load_all,
    new_cart,
    renew,
    save,
    user_cart_key,
)
from tests.catalog.builders import OPENING

NOW = OPENING
KEY = cart_key("session-1")
ITEM = CartItem(1, 10, 2, iso(NOW), iso(NOW))

pytestmark = pytest.mark.usefixtures("table")


def unsaved() -> Cart:
    return new_cart(KEY, "session-1", None, NOW)


def saved(**fields: Any) -> Cart:
    fresh = unsaved()
    return save(fresh, replace(fresh, **({"items": (ITEM,)} | fields)), NOW)


def test_a_cart_is_read_as_it_was_written() -> None:
    cart = saved(user_id="1", discount_code="SAVE", discount_id=3)
    assert load(KEY, NOW) == cart
    assert (cart.version, cart.is_stored, cart.expires_at) == (1, True, epoch(NOW + LIFETIME))
    assert load_all([KEY, user_cart_key("1")], NOW) == {KEY: cart}


def test_items_stand_in_the_order_in_which_they_were_put_in() -> None:
    later = [iso(NOW + timedelta(seconds=number)) for number in range(9)]
    items = tuple(CartItem(number, 10, 1, moment, moment) for number, moment in enumerate(later, 1))
    saved(items=items)
    found = load(KEY, NOW)
    assert found is not None
    assert found.items == items


def test_ids_are_numbers_that_javascript_holds_and_stay_the_same() -> None:
    cart = unsaved()
    assert 0 < cart.id < 2**53
    assert cart.id == unsaved().id != new_cart(user_cart_key("1"), "session-1", "1", NOW).id
    assert item_id(1, 10) == ITEM.id != item_id(11, 0)
    assert saved().item(ITEM.id) == ITEM


def test_a_cart_is_written_only_as_it_was_read() -> None:
    first = saved()
    with pytest.raises(StaleVersion):
        save(unsaved(), first, NOW)
    second = save(first, replace(first, items=()), NOW)
    with pytest.raises(StaleVersion):
        save(first, first, NOW)
    assert load(KEY, NOW) == second
    assert second.version == 2


def test_an_expired_row_is_written_over_and_a_live_one_is_not() -> None:
    saved()
    almost = NOW + LIFETIME - timedelta(seconds=1)
    with pytest.raises(StaleVersion):
        save(unsaved(), unsaved(), almost)
    late = NOW + LIFETIME
    assert load(KEY, late) is None
    fresh = new_cart(KEY, "session-1", None, late)
    assert save(fresh, fresh, late) == load(KEY, late)


def test_in_a_transaction_it_is_the_same() -> None:
    first = saved()
    with UnitOfWork() as work:
        second = add_saved(work, first, replace(first, items=()), NOW)
    assert load(KEY, NOW) == second
    for step in (add_deleted, empty):
        with pytest.raises(StaleVersion), UnitOfWork() as work:
            step(work, first, NOW)
    assert load(KEY, NOW) == second
    with UnitOfWork() as work:
        add_deleted(work, second, NOW)
    assert load(KEY, NOW) is None


def test_emptying_keeps_the_row_and_moves_its_version() -> None:
    cart = saved(discount_code="SAVE", discount_id=3)
    later = NOW + timedelta(hours=1)
    with UnitOfWork() as work:
        empty(work, cart, later)
    assert load(KEY, later) == replace(
        cart,
        items=(),
        discount_code=None,
        discount_id=None,
        version=2,
        updated_at=iso(later),
        expires_at=epoch(later + LIFETIME),
    )


def test_a_cart_that_took_the_place_of_one_with_the_same_version_is_left_alone() -> None:
    first = saved()
    with UnitOfWork() as work:
        add_deleted(work, first, NOW)
    later = NOW + timedelta(milliseconds=1)
    fresh = new_cart(KEY, "session-1", None, later)
    second = save(fresh, fresh, later)
    assert second.version == first.version
    with pytest.raises(StaleVersion):
        save(first, first, later)
    assert renew(first, later) == first
    assert load(KEY, later) == second


def test_renewing_moves_the_expiry_only() -> None:
    cart = saved()
    later = NOW + timedelta(days=3)
    renewed = renew(cart, later)
    assert renewed == load(KEY, later) == replace(cart, expires_at=epoch(later + LIFETIME))
    with pytest.raises(StaleVersion):
        save(unsaved(), cart, later)


def test_what_was_brought_along_keeps_its_ids_through_changes() -> None:
    items = (replace(ITEM, kept_id=5), CartItem(1, None, 1, iso(NOW), iso(NOW), kept_id=6))
    first = saved(kept_id=3, items=items)
    assert load(KEY, NOW) == first
    assert (first.id, [item.id for item in first.items]) == (3, [5, 6])
    second = save(first, replace(first, items=(*items, replace(ITEM, product_id=2))), NOW)
    found = load(KEY, NOW)
    assert found == second
    assert [item.id for item in second.items] == [5, 6, item_id(2, 10)]
    assert (second.id, second.item(5), second.item_of(1, 10)) == (3, items[0], items[0])
    assert (second.item_of(1, None), second.item_of(9, 9)) == (items[1], None)


def test_the_amount_that_came_along_goes_with_its_code() -> None:
    code: dict[str, Any] = {"discount_code": "SAVE", "discount_amount": Decimal("2.50")}
    put_item(cart_item(replace(unsaved(), version=1, **code)))
    first = load(KEY, NOW)
    assert first is not None
    second = save(first, replace(first, items=(ITEM,)), NOW)
    assert load(KEY, NOW) == second
    assert second.discount_amount == Decimal("2.50")
    third = save(second, replace(second, discount_code="OTHER"), NOW)
    assert third.discount_amount is None
    put_item(cart_item(replace(third, **code)))
    with UnitOfWork() as work:
        empty(work, third, NOW)
    found = load(KEY, NOW)
    assert found is not None
    assert (found.discount_code, found.discount_amount) == (None, None)
