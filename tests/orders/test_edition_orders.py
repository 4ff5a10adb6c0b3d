"""Orders of numbered pieces: which numbers they get, and what becomes of them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.variants import count_stock, update_variant
from common.clock import utc_now
from common.errors import InvalidInput
from common.repositories.editions import FREE, RETURNED, SOLD, number_of
from common.repositories.numbering import TooFewNumbers
from common.repositories.products import Edition
from common.repositories.stock_movements import find_movement
from orders.allocation import OutOfStock
from orders.checkout import place_order
from orders.numbers import MOST_ACTIONS
from orders.orders import StatusChange, change_status
from orders.refund_completion import Failure, fail
from orders.refund_plans import ReturnedItem
from orders.refunds import cancel_order, existing, refund_order
from orders.unpaid import cancel_all_overdue
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
from tests.orders.order_builders import purchase, stock_of
from tests.support.races import just_before

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture(autouse=True)
def _shop(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    open_edition()


def test_each_piece_gets_the_lowest_number_that_nobody_has() -> None:
    assert (numbers_in(bought(2)), numbers_in(bought())) == ([1, 2], [3])
    assert (left().next, left().left, stock_of(1)) == (4, 2, 2)
    first = number_of(PRINT, 1)
    assert first is not None
    assert first.owner is not None
    assert (first.owner.source, first.owner.event_id, first.owner.line) == ("order", "1", 1)
    check_edition()


def test_the_movement_of_a_sale_names_its_numbers() -> None:
    bought(2)
    movement = find_movement("order", "1", str(PRINT))
    assert movement is not None
    assert (movement.delta, movement.numbers) == (-2, (1, 2))


def test_an_order_without_editions_holds_nothing_of_them() -> None:
    order = place_order(purchase((2, 1)), utc_now()).order
    assert (order.numbered, numbers_in(order)) == (False, [])


def test_two_who_buy_at_once_never_get_one_number() -> None:
    others: list[list[int]] = []
    with just_before("orders.checkout.add_order", lambda: others.append(numbers_in(bought()))):
        mine = numbers_in(bought(2))
    assert (others, mine) == ([[1]], [2, 3])
    check_edition()


def test_the_last_piece_is_sold_once() -> None:
    bought(4)
    with just_before("orders.checkout.add_order", bought), pytest.raises(OutOfStock):
        bought()
    assert states() == dict.fromkeys(range(1, 6), SOLD)
    check_edition()


def test_what_becomes_an_edition_while_it_is_bought_is_sold_with_a_number() -> None:
    def begin() -> None:
        update_variant(20, {"edition": Edition(10)}, ADMIN, utc_now())

    with just_before("orders.checkout.add_order", begin):
        order = place_order(purchase((2, 1)), utc_now()).order
    assert numbers_in(order) == [1]


def test_a_number_that_was_never_paid_is_given_to_the_next_buyer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNPAID_ORDER_MINUTES", "30")
    bought(2)
    kept = bought()
    later = utc_now() + timedelta(minutes=31)
    assert cancel_all_overdue(later).counts["cancelled"] == 2
    assert (states(), left().next, stock_of(1)) == (dict.fromkeys((1, 2, 3), FREE), 1, 5)
    assert existing(kept.id).restocked
    check_edition()
    assert numbers_in(bought(3)) == [1, 2, 3]
    row = number_of(PRINT, 1)
    assert row is not None
    assert (row.state, row.history) == (SOLD, ())
    check_edition()


def test_a_gap_is_filled_first() -> None:
    first = bought(2)
    bought()
    cancel_order(first.id, None, None, ADMIN, utc_now())
    assert left().free == (1, 2)
    assert numbers_in(bought(3)) == [1, 2, 4]
    check_edition()


def test_a_number_that_was_paid_comes_back_without_its_piece() -> None:
    order = paid(2)
    refund_order(order.id, None, True, None, ADMIN, utc_now())
    assert (states(), stock_of(1), left().left) == ({1: RETURNED, 2: RETURNED}, 3, 3)
    # The order's books say that nothing is left to be taken back.
    assert existing(order.id).restocked
    check_edition()
    assert numbers_in(bought()) == [3]


def test_a_refund_of_one_piece_takes_the_last_number_back() -> None:
    order = paid(2)
    one = (ReturnedItem(line=1, quantity=1),)
    refund_order(order.id, None, False, None, ADMIN, utc_now(), items=one)
    assert states() == {1: SOLD, 2: RETURNED}
    refund_order(order.id, None, False, None, ADMIN, utc_now())
    assert states() == {1: RETURNED, 2: RETURNED}
    check_edition()


def test_a_refund_of_an_amount_leaves_the_numbers() -> None:
    order = paid()
    refund_order(order.id, Decimal(5), None, None, ADMIN, utc_now())
    assert states() == {1: SOLD}


def test_a_refund_that_comes_back_leaves_the_number_with_its_buyer() -> None:
    order = paid()
    refund_order(order.id, None, False, None, ADMIN, utc_now())
    fail(order.id, 1, Failure("the account is closed"), utc_now())
    row = number_of(PRINT, 1)
    assert row is not None
    assert (row.state, [step.state for step in row.history]) == (SOLD, [RETURNED, SOLD])
    check_edition()


def test_a_paid_order_that_is_cancelled_gives_its_number_back() -> None:
    order = paid()
    cancel_order(order.id, None, None, ADMIN, utc_now())
    assert (states(), stock_of(1)) == ({1: RETURNED}, 4)
    check_edition()


def test_a_piece_that_was_sent_unpaid_is_not_simply_free() -> None:
    order = bought()
    change_status(order.id, StatusChange("shipped"), ADMIN, utc_now())
    cancel_order(order.id, True, None, ADMIN, utc_now())
    assert (states(), stock_of(1)) == ({1: RETURNED}, 4)


def test_an_unpaid_order_that_is_cancelled_without_its_pieces_keeps_its_number_off_sale() -> None:
    order = bought()
    cancel_order(order.id, False, None, ADMIN, utc_now())
    assert (states(), stock_of(1)) == ({1: RETURNED}, 4)
    check_edition()


def test_numbers_change_while_their_order_is_cancelled() -> None:
    order = bought(2)
    with just_before("orders.refund_completion.change_order", bought):
        cancel_order(order.id, None, None, ADMIN, utc_now())
    assert (states(), left().free) == ({1: FREE, 2: FREE, 3: SOLD}, (1, 2))
    check_edition()


@pytest.mark.parametrize("operation", ["set", "add"])
def test_no_more_pieces_are_put_on_sale_than_can_be_numbered(operation: str) -> None:
    bought(2)
    with pytest.raises(TooFewNumbers):
        count_stock(PRINT, operation, 4, ADMIN, utc_now())  # type: ignore[arg-type]
    count_stock(PRINT, "set", 0, ADMIN, utc_now())
    assert (stock_of(1), left().next) == (0, 3)
    count_stock(PRINT, "add", 3, ADMIN, utc_now())
    check_edition()


def test_two_who_put_pieces_in_at_once_find_no_more_numbers_than_there_are() -> None:
    open_edition(stock=0)

    def added() -> None:
        count_stock(PRINT, "add", 3, ADMIN, utc_now())

    with just_before("common.stock_ledger.add_stock", added), pytest.raises(TooFewNumbers):
        added()
    assert stock_of(1) == 3


def test_an_order_of_more_pieces_than_one_step_can_number_is_refused() -> None:
    open_edition(200)
    with pytest.raises(InvalidInput, match="at most 76 pieces"):
        bought(MOST_ACTIONS - 1)
    order = bought(MOST_ACTIONS - 2)
    assert len(numbers_in(order)) == MOST_ACTIONS - 2
    paid_order = order.id
    cancel_order(paid_order, None, None, ADMIN, utc_now())
    assert stock_of(1) == 200
