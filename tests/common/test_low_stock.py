"""Low stock: one alert and one notification for each crossing of the threshold, whoever causes it."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from catalog.inventory import adjust_stock
from catalog.variants import count_stock, create_variant, update_variant
from common.http import Identity, Role
from common.repositories.stock_alerts import alerts_of_sku, unread_alerts
from common.stock_ledger import apply_channel_sale, apply_count, apply_delivery, apply_return
from orders.checkout import place_order
from tests.catalog.builders import variant_body
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.orders.order_builders import purchase, token, told
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"
ADMIN = Identity("1", "admin", Role.ADMIN)

pytestmark = pytest.mark.usefixtures("table")

Fall = Callable[[], object]


def _order() -> object:
    return place_order(purchase((1, 1)), NOW)


def _channel_sale() -> object:
    return apply_channel_sale("etsy", str(uuid4()), SKU, 1, NOW)


def _event() -> object:
    return apply_count("syncstate", str(uuid4()), SKU, physical() - 1, NOW)


def _form() -> object:
    return update_variant(10, {"stock": physical() - 1}, ADMIN, NOW)


def _count() -> object:
    return count_stock(10, "set", physical() - 1, ADMIN, NOW)


def _taken_out() -> object:
    return count_stock(10, "subtract", 1, ADMIN, NOW)


def _adjustment() -> object:
    adjust_stock({10: -1}, ADMIN, NOW)
    return None


WAYS: list[Fall] = [_order, _channel_sale, _event, _form, _count, _taken_out, _adjustment]


def _told() -> tuple[int, int]:
    """How many alerts and how many notifications of low stock there are."""
    return len([it for it in unread_alerts(99) if it.type == "stock_low"]), len(told("low_stock"))


@pytest.mark.parametrize("fall", WAYS)
def test_every_way_by_which_stock_falls_tells_of_a_crossing_once(fall: Fall) -> None:
    on_shelf(5)
    assert (fall(), _told())[1] == (0, 0)
    assert (fall(), _told())[1] == (1, 1)
    assert (fall(), fall(), _told())[2] == (1, 1)
    (alert,) = alerts_of_sku(SKU, 9)
    (notification,) = told("low_stock")
    assert alert.message == notification["message"]
    assert alert.message.endswith(": 3 left")
    assert notification["metadata"] == {"variants": {"10": 3}, "skus": {SKU: 3}}


@pytest.mark.parametrize("fall", WAYS)
def test_the_next_crossing_is_told_of_again(fall: Fall) -> None:
    on_shelf(4)
    fall()
    apply_return("etsy", str(uuid4()), SKU, 1, NOW)
    fall()
    assert _told() == (2, 2)


@pytest.mark.parametrize("rival", WAYS)
@pytest.mark.parametrize("fall", [_order, _channel_sale, _form, _adjustment])
def test_of_two_falls_at_once_one_is_told_of(fall: Fall, rival: Fall) -> None:
    on_shelf(4)
    with just_before(COMMIT, rival):
        fall()
    assert physical() <= 3
    assert _told() == (1, 1)


def test_more_sold_elsewhere_than_is_there_is_a_crossing_too() -> None:
    on_shelf(5)
    assert apply_channel_sale("etsy", "r-1", SKU, 9, NOW).kind == "shortfall"
    assert _told() == (1, 1)
    apply_channel_sale("etsy", "r-1", SKU, 9, NOW)
    assert _told() == (1, 1)


def test_what_is_repeated_is_not_told_of_again() -> None:
    on_shelf(4)
    for _ in range(2):
        apply_channel_sale("etsy", "r-1", SKU, 1, NOW)
        assert _told() == (1, 1)
    on_shelf(4, 2)
    for _ in range(2):
        place_order(purchase((2, 1), token=token()), NOW)
        assert _told() == (2, 2)


def test_a_variant_that_takes_over_a_sku_with_fewer_pieces_makes_it_low() -> None:
    on_shelf(9)
    apply_delivery("syncstate", "init-1", "LOOSE", 8, NOW)
    apply_delivery("syncstate", "init-1", "OTHER", 8, NOW)
    create_variant(1, variant_body(sku="OTHER", stock=4, attributes={}, price_adjustment=0), ADMIN, NOW)
    assert _told() == (0, 0)
    create_variant(1, variant_body(sku="LOOSE", stock=2, attributes={}, price_adjustment=0), ADMIN, NOW)
    assert _told() == (1, 1)
    assert alerts_of_sku("LOOSE", 9)[0].message == "LOOSE: 2 left"


def test_several_variants_that_become_low_in_one_step_share_a_notification() -> None:
    on_shelf(4)
    on_shelf(4, 2)
    on_shelf(9, 3)
    adjust_stock({10: -1, 20: -4, 30: -1}, ADMIN, NOW)
    (notification,) = told("low_stock")
    assert notification["metadata"]["variants"] == {"10": 3, "20": 0}
    assert _told() == (2, 1)
