"""The newest entries of the stock ledger over HTTP."""

from common.stock_ledger import apply_channel_sale, apply_count
from tests.common.stock_builders import NOW, SKU, on_shelf
from tests.support.http import Client

PATH = "/api/admin/stock/movements"


def test_what_moved_is_shown_the_newest_first(admin: Client) -> None:
    on_shelf(5)
    apply_channel_sale("etsy", "receipt-1", SKU, 7, NOW)
    shown = admin.get(PATH).json
    assert shown["count"] == 2
    sale = next(each for each in shown["movements"] if each["reason"] == "channel")
    assert (sale["delta"], sale["shortfall"], sale["channel"], sale["sku"]) == (-5, 2, "etsy", SKU)
    assert (sale["source"], sale["eventId"], sale["variantId"], sale["productId"]) == (
        "etsy",
        "receipt-1",
        10,
        1,
    )


def test_one_sku_can_be_asked_for_whoever_counts_it(admin: Client) -> None:
    on_shelf(5)
    apply_count("by hand", "1", "LOOSE", 3, NOW)
    assert [each["delta"] for each in admin.get(PATH, params={"sku": " LOOSE "}).json["movements"]] == [3]
    assert [each["delta"] for each in admin.get(PATH, params={"sku": SKU}).json["movements"]] == [5]
    assert admin.get(PATH, params={"sku": "never heard of"}).json == {"movements": [], "count": 0}
    assert admin.get(PATH).json["count"] == 2


def test_a_sku_that_can_be_none_is_a_400_or_nothing(admin: Client) -> None:
    assert admin.get(PATH, params={"sku": "x" * 1800}).json["count"] == 0
    assert admin.get(PATH, params={"sku": "x" * 1801}).status == 400
    assert admin.get(PATH + "?sku=%00").status == 400


def test_nobody_else_is_shown_it(visitor: Client) -> None:
    assert visitor.get(PATH).status == 401
