"""What there is of many SKUs, in few round trips."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.products import remove_product
from common.dynamodb import UnitOfWork, meter
from common.http import Identity, Role
from common.repositories.sku_stock import set_buffer
from common.repositories.stock import Shelf
from common.stock_ledger import apply_delivery
from common.stock_levels import Stock, all_stock, current_stock
from tests.catalog.work_builders import add_work
from tests.common.stock_builders import NOW, SKU, on_shelf

ADMIN = Identity("1", "admin", Role.ADMIN)


@pytest.mark.exhaustive
def test_fifty_skus_take_three_trips(table: str) -> None:
    skus = [f"V-{number}-0" for number in range(1, 51)]
    for number in range(1, 51):
        on_shelf(number, number)
    with meter() as usage:
        stocks = current_stock(skus)
    assert usage.calls == 3
    assert [stocks[sku].physical for sku in skus] == list(range(1, 51))
    assert (stocks["V-7-0"].product_id, stocks["V-7-0"].variant_id) == (7, 70)


def test_skus_without_variants_take_one_trip(table: str) -> None:
    apply_delivery("syncstate", "1", "A", 4, NOW)
    with meter() as usage:
        stocks = current_stock(["A", "B", "A"])
    assert (usage.calls, list(stocks)) == (1, ["A", "B"])
    assert (stocks["A"].physical, stocks["B"], current_stock([])) == (4, Stock("B", Shelf("B", 0)), {})


@given(physical=st.integers(0, 10**6), buffer=st.integers(0, 10**6))
def test_what_channels_may_sell_is_what_is_not_kept_back(physical: int, buffer: int) -> None:
    stock = Stock("A", Shelf("A", physical), buffer)
    assert stock.broadcast == max(0, physical - buffer)


@pytest.mark.usefixtures("table")
def test_all_stock_agrees_with_each_sku_by_itself() -> None:
    on_shelf(7)
    on_shelf(5, 2)
    on_shelf(3, 3)
    remove_product(3, ADMIN, NOW)
    apply_delivery("syncstate", "1", "LOOSE", 4, NOW)
    with UnitOfWork() as work:
        set_buffer(work, SKU, 2, NOW)
    found = all_stock()
    assert list(found) == ["LOOSE", SKU, "V-2-0"]
    assert found == current_stock(found)


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ({"moderation_status": "approved"}, 10),
        ({"moderation_status": "pending"}, 0),
        ({"moderation_status": "rejected"}, 0),
        ({"moderation_status": "approved", "withheld": True}, 0),
        ({"moderation_status": "approved", "status": "draft"}, 0),
        ({"moderation_status": "approved", "publish_at": "2026-01-01T00:00:00.000Z"}, 10),
        ({"moderation_status": "approved", "publish_at": "2999-01-01T00:00:00.000Z"}, 0),
        ({"moderation_status": "approved", "unpublish_at": "2026-01-01T00:00:00.000Z"}, 0),
    ],
)
def test_channels_may_sell_nothing_that_is_not_public_and_its_pieces_are_there(
    said: dict[str, Any], offered: int
) -> None:
    add_work(1, **said)
    for stock in (all_stock()["V-1-0"], current_stock(["V-1-0"])["V-1-0"]):
        assert (stock.physical, stock.broadcast) == (10, offered)
