"""What the catalogue's pages and newest lists cost on DynamoDB Local: round trips and capacity units."""

from decimal import Decimal

from tests.engine.catalog_shops import asked, within
from tests.support.http import Client


def test_a_product_page_takes_one_trip(small: Client) -> None:
    body, usage = asked(small, "/api/products/row-0007", {})
    assert [len(body[part]) for part in ("images", "variants", "categories")] == [3, 3, 2]
    assert within(usage, 1, Decimal("1.5")), usage


def test_twenty_of_fifty_products_newest_first(small: Client) -> None:
    body, usage = asked(small, "/api/products", {})
    assert (len(body["products"]), body["total"]) == (20, 50)
    assert within(usage, 2, 10), usage


def test_the_second_page_by_number_and_by_cursor(small: Client) -> None:
    first, _ = asked(small, "/api/products", {"limit": "20"})
    by_number, numbered = asked(small, "/api/products", {"page": "2"})
    by_cursor, continued = asked(
        small, "/api/products", {"limit": "20", "last_key": first["lastEvaluatedKey"]}
    )
    assert by_number["products"] == by_cursor["products"]
    assert within(numbered, 2, 12), numbered
    assert within(continued, 3, 10), continued


def test_twenty_of_a_thousand_products_newest_first(large: Client) -> None:
    body, usage = asked(large, "/api/products", {})
    assert (len(body["products"]), body["total"]) == (20, 1000)
    assert within(usage, 2, 10), usage


def test_a_product_page_below_shop_takes_one_trip(small: Client) -> None:
    body, usage = asked(small, "/api/shop/products/row-0007", {})
    assert [len(body[part]) for part in ("images", "variants", "categories")] == [3, 3, 2]
    assert within(usage, 1, Decimal("1.5")), usage


def test_the_shop_s_own_list_newest_first(small: Client) -> None:
    query = {"status": "published", "sort_by": "created_at", "sort_order": "DESC", "page": "1"}
    body, usage = asked(small, "/api/shop/products", query)
    assert (len(body["products"]), body["total"]) == (20, 50)
    assert within(usage, 2, 10), usage
