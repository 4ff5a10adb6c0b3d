"""The ledger: events that count once, counts that never fall below zero, and who moves at the same moment."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from catalog.products import bring_back_product, create_product, remove_product
from catalog.variants import count_stock, create_variant, remove_variant, update_variant
from common.dynamodb import UnitOfWork
from common.http import Identity, Role
from common.optimistic import StaleVersion
from common.repositories.sku_stock import set_buffer
from common.repositories.stock_alerts import alerts_of_sku, unread_alerts
from common.repositories.stock_movements import find_movement
from common.stock_ledger import (
    Outcome,
    apply_channel_sale,
    apply_count,
    apply_delivery,
    apply_return,
)
from common.stock_levels import current_stock
from tests.catalog.builders import product_body, variant_body
from tests.common.stock_builders import NOW, SKU, booked, on_shelf, physical, stock_of_variant
from tests.orders.order_builders import told
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"
ADMIN = Identity("1", "admin", Role.ADMIN)

pytestmark = pytest.mark.usefixtures("table")


def sell(quantity: int, event_id: str = "", sku: str = SKU, channel: str = "etsy") -> Outcome:
    """A sale on a channel; each is an event of its own unless named."""
    return apply_channel_sale(channel, event_id or str(uuid4()), sku, quantity, NOW)


def sums_up(sku: str = SKU) -> bool:
    """Whether the books add up to what is there."""
    return sum(movement.delta for movement in booked(sku)) == physical(sku) >= 0


def test_a_sale_takes_from_the_variant_and_counts_once() -> None:
    on_shelf(10)
    assert sell(3, "r-1") == Outcome("applied", SKU, -3)
    assert sell(3, "r-1") == Outcome("duplicate", SKU)
    assert sell(2, "r-1", channel="shopify") == Outcome("applied", SKU, -2)
    assert stock_of_variant() == physical() == 5
    sale = booked()[-1]
    assert (sale.reason, sale.source, sale.product_id, sale.variant_id) == ("channel", "shopify", 1, 10)
    assert sums_up()


def test_a_sku_without_a_variant_counts_for_itself() -> None:
    assert apply_delivery("syncstate", "init-1", "LOOSE", 8, NOW).delta == 8
    assert sell(3, "r-1", "LOOSE").delta == -3
    assert sell(3, "r-1", "LOOSE").kind == "duplicate"
    assert (physical("LOOSE"), current_stock(["LOOSE"])["LOOSE"].variant_id) == (5, None)
    assert sums_up("LOOSE")


@pytest.mark.parametrize("there", [0, 4])
@pytest.mark.parametrize("sku", [SKU, "LOOSE"])
def test_of_more_than_is_there_all_is_taken_and_somebody_is_told(sku: str, there: int) -> None:
    on_shelf(there)
    if sku == "LOOSE" and there:
        apply_delivery("syncstate", "init", sku, there, NOW)
    assert sell(6, "r-1", sku) == Outcome("shortfall", sku, -there, 6 - there)
    assert sell(6, "r-1", sku).kind == "duplicate"
    movement = find_movement("etsy", "r-1", sku)
    assert movement is not None
    assert (movement.delta, movement.shortfall) == (-there, 6 - there)
    (alert,) = [alert for alert in alerts_of_sku(sku, 9) if alert.type == "manual_review"]
    assert f"{6 - there} more than are there" in alert.message
    assert physical(sku) == 0
    assert sums_up(sku)


def test_a_sale_of_the_last_piece_while_another_takes_it_is_a_shortfall() -> None:
    on_shelf(1)
    with just_before(COMMIT, lambda: sell(1)):
        assert sell(1) == Outcome("shortfall", SKU, 0, 1)
    assert sums_up()


def test_pieces_that_arrive_just_before_a_shortfall_is_booked_are_sold() -> None:
    on_shelf(0)
    with just_before(COMMIT, lambda: count_stock(10, "add", 5, ADMIN, NOW)):
        assert sell(2) == Outcome("applied", SKU, -2)
    assert stock_of_variant() == 3
    assert unread_alerts(9)[0].type == "stock_low"
    assert sums_up()


@pytest.mark.parametrize(
    "rival",
    [
        lambda: sell(2, "other"),
        lambda: count_stock(10, "set", 9, ADMIN, NOW),
        lambda: count_stock(10, "subtract", 6, ADMIN, NOW),
        lambda: apply_return("amazon", "plate", SKU, 4, NOW),
    ],
)
def test_no_change_at_the_same_moment_is_lost(rival: Callable[[], object]) -> None:
    on_shelf(10)
    with just_before(COMMIT, rival):
        assert sell(3, "r-1").delta == -3
    assert physical() in {5, 6, 1, 11}
    assert sums_up()


def test_the_same_event_at_the_same_moment_counts_once() -> None:
    on_shelf(10)
    with just_before(COMMIT, lambda: sell(3, "r-1")):
        assert sell(3, "r-1") == Outcome("duplicate", SKU)
    assert physical() == 7


def test_of_two_who_make_a_count_low_one_raises_the_alert() -> None:
    on_shelf(5)
    with just_before(COMMIT, lambda: sell(1)):
        sell(1)
    sell(1)
    (alert,) = alerts_of_sku(SKU, 9)
    assert (alert.type, alert.severity, alert.message) == ("stock_low", "warning", f"{SKU}: 3 left")
    assert len(told("low_stock")) == 1
    count_stock(10, "set", 9, ADMIN, NOW)
    count_stock(10, "subtract", 6, ADMIN, NOW)
    assert len(alerts_of_sku(SKU, 9)) == 2


def test_a_sale_follows_its_sku_to_the_variant_that_has_it_now() -> None:
    on_shelf(10)
    on_shelf(10, 2)

    def rival() -> None:
        update_variant(10, {"sku": "GIVEN-UP"}, ADMIN, NOW)
        update_variant(20, {"sku": SKU}, ADMIN, NOW)

    with just_before(COMMIT, rival):
        assert sell(4, "r-1").delta == -4
    assert (stock_of_variant(1), stock_of_variant(2)) == (10, 6)
    update_variant(20, {"sku": "OTHER"}, ADMIN, NOW)
    update_variant(10, {"sku": SKU}, ADMIN, NOW)
    assert sell(4, "r-1").kind == "duplicate"


def test_a_sale_of_a_variant_that_is_removed_meanwhile_is_a_shortfall() -> None:
    on_shelf(10)
    with just_before(COMMIT, lambda: remove_variant(10, ADMIN, NOW)):
        assert sell(4) == Outcome("shortfall", SKU, 0, 4)
    assert physical() == 0


def test_a_deletion_books_what_was_sold_just_before() -> None:
    on_shelf(10)
    with just_before(COMMIT, lambda: sell(4)):
        remove_variant(10, ADMIN, NOW)
    removal = find_movement("removal", "10", "10")
    assert removal is not None
    assert removal.delta == -6


def test_a_variant_takes_a_sku_over_with_its_own_count() -> None:
    apply_delivery("syncstate", "init", "LOOSE", 8, NOW)
    with UnitOfWork() as work:
        set_buffer(work, "LOOSE", 2, NOW)
    on_shelf(5)
    variant = create_variant(
        1, {**variant_body(sku="LOOSE"), "attributes": {}, "price_adjustment": 0}, ADMIN, NOW
    )
    stock = current_stock(["LOOSE"])["LOOSE"]
    assert (stock.physical, stock.broadcast, stock.variant_id) == (5, 3, variant.id)
    remove_variant(variant.id, ADMIN, NOW)
    assert physical("LOOSE") == 0
    assert sums_up("LOOSE")


def test_a_product_takes_skus_over_when_it_is_made_and_when_it_comes_back() -> None:
    variant = {"sku": "LOOSE", "name": "S", "stock": 3, "attributes": {}, "price_adjustment": 0}
    apply_delivery("syncstate", "init-1", "LOOSE", 8, NOW)
    made = create_product({**product_body(variants=[variant]), "currency": "EUR"}, ADMIN, NOW)
    assert physical("LOOSE") == 3
    remove_product(made.id, ADMIN, NOW)
    assert physical("LOOSE") == 0
    apply_delivery("syncstate", "init-2", "LOOSE", 7, NOW)
    bring_back_product(made.id, ADMIN, NOW)
    assert physical("LOOSE") == 3
    assert sums_up("LOOSE")


def test_a_count_sets_what_is_there_once_for_each_event() -> None:
    on_shelf(10)
    assert apply_count("admin", "c-1", SKU, 4, NOW) == Outcome("applied", SKU, -6)
    assert apply_count("admin", "c-1", SKU, 7, NOW) == Outcome("duplicate", SKU)
    with just_before(COMMIT, lambda: sell(3)):
        assert apply_count("admin", "c-2", SKU, 9, NOW) == Outcome("applied", SKU, 8)
    assert physical() == 9
    assert sums_up()


def test_a_return_comes_back_once_and_only_where_it_can_be_sold() -> None:
    on_shelf(10)
    assert apply_return("amazon", "plate-1", SKU, 2, NOW) == Outcome("applied", SKU, 2)
    assert apply_return("amazon", "plate-1", SKU, 2, NOW).kind == "duplicate"
    assert apply_return("amazon", "plate-2", SKU, 2, NOW, restock=False) == Outcome("applied", SKU, 0)
    assert apply_return("amazon", "plate-2", SKU, 2, NOW, restock=False).kind == "duplicate"
    assert physical() == 12
    assert sums_up()


def test_what_a_return_leaves_behind_is_stored_with_it_or_not_at_all() -> None:
    on_shelf(10)

    def fail(_: UnitOfWork) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        apply_return("amazon", "plate", SKU, 2, NOW, extra=fail)
    assert (physical(), find_movement("amazon", "return:plate", SKU)) == (10, None)


def test_whoever_never_gets_a_turn_is_told_and_may_try_again() -> None:
    on_shelf(10)
    with pytest.raises(StaleVersion), pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.stock_ledger.same_owner", _refuse)
        sell(1, "r-1")
    assert sell(1, "r-1").kind == "applied"


def _refuse(*_: object) -> None:
    raise StaleVersion("SKU")


def test_every_way_of_counting_a_variant_is_booked() -> None:
    on_shelf(10)
    count_stock(10, "add", 5, ADMIN, NOW)
    count_stock(10, "subtract", 2, ADMIN, NOW)
    count_stock(10, "set", 4, ADMIN, NOW)
    count_stock(10, "set", 4, ADMIN, NOW)
    update_variant(10, {"stock": 6}, ADMIN, NOW)
    found = [(movement.reason, movement.delta, movement.source) for movement in booked()]
    assert sorted(found[1:]) == sorted(
        [
            ("correction", 5, "admin"),
            ("correction", -2, "admin"),
            ("count", -9, "admin"),
            ("count", 2, "admin"),
        ]
    )
    assert found[0] == ("count", 10, "opening")
    assert sums_up()
