"""What everybody sees of the catalogue below /api/shop."""

from decimal import Decimal
from typing import Any

import pytest

from common.repositories.products import CategorySummary
from tests.catalog.builders import (
    as_in_shop,
    new_category,
    new_image,
    new_product,
    new_variant,
    ok,
    refused,
    row,
    store,
    without,
)
from tests.support.http import Client

LIST = "/api/shop/products"
PRINTS, SHIRTS = CategorySummary(1, "Prints", "prints"), CategorySummary(2, "T-shirts", "t-shirts")


@pytest.fixture
def shop(table: str) -> None:
    """Five published products, younger ones with smaller ids in between, a draft and a deleted one."""
    old, new = "2025-01-01T00:00:00.000Z", "2026-06-01T00:00:00.000Z"
    store(
        [
            row(1, title="Ink city", base_price=Decimal("10.00"), character_value="Leon", created_at=new),
            row(2, title="the Giullare", base_price=Decimal("20.00"), categories=(PRINTS, SHIRTS)),
            row(3, title="INK notte", base_price=Decimal("30.50"), created_at=old, categories=(PRINTS,)),
            row(
                4, title="Zebra", base_price=Decimal("40.00"), long_description="in ink", categories=(SHIRTS,)
            ),
            row(5, title="ärger", base_price=Decimal("50.00"), character_value="LEON"),
            row(6, title="Ink draft", status="draft"),
            row(7, title="Ink gone", deleted_at=new),
        ]
    )


def _ids(client: Client, **query: Any) -> list[int]:
    return [product["id"] for product in ok(client.get(LIST, params=query))["products"]]


def test_a_product_is_answered_in_this_shape(admin: Client, visitor: Client, bucket: str) -> None:
    category = new_category(admin, "Prints", description="On paper")
    product = new_product(admin, base_price="25.5", sku="A1", category_ids=[category["id"]])
    variant = new_variant(admin, product["id"], price_adjustment="-0.5", attributes={"size": "S"})
    image = new_image(admin, product["id"], alt_text="On a wall")
    shown = ok(visitor.get(f"{LIST}/{product['slug']}"))
    amounts = {"price_adjustment": "-0.50", "deleted_at": None}
    assert shown == {
        "id": product["id"],
        "slug": product["slug"],
        "title": product["title"],
        "short_description": None,
        "long_description": None,
        "base_price": "25.50",
        "currency": "EUR",
        "sku": "A1",
        "gtin": None,
        "status": "published",
        "character_id": None,
        "character_value": None,
        "etsy_link": None,
        "categories": [category | {"deleted_at": None}],
        "images": [image],
        "variants": [variant | amounts],
        "created_at": product["created_at"],
        "updated_at": shown["updated_at"],
        "deleted_at": None,
    }
    assert ok(visitor.get(LIST))["products"] == [shown]


def test_images_stand_by_position_and_then_by_age(admin: Client, visitor: Client) -> None:
    images = [{"url": f"{name}.png", "position": place} for name, place in (("c", 2), ("a", 1), ("b", 1))]
    product = new_product(admin, images=images)
    shown = ok(visitor.get(f"{LIST}/{product['slug']}"))["images"]
    assert [image["url"].rpartition("/")[2] for image in shown] == ["a.png", "b.png", "c.png"]


def test_published_products_are_listed_by_id(visitor: Client, shop: None) -> None:
    body = ok(visitor.get(LIST))
    assert [product["id"] for product in body["products"]] == [1, 2, 3, 4, 5]
    assert (body["total"], body["page"], body["per_page"]) == (5, 1, 20)


def test_nobody_is_shown_other_products_in_the_list(admin: Client, visitor: Client, shop: None) -> None:
    for client in (admin, visitor):
        for status in ("published", "draft", "archived", "all"):
            assert _ids(client, status=status) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"search": "ink"}, [1, 3]),
        ({"search": ""}, [1, 2, 3, 4, 5]),
        ({"search": "%"}, []),
        ({"category": "prints"}, [2, 3]),
        ({"category": "none"}, []),
        ({"character_value": "leon"}, [1, 5]),
        ({"min_price": "20", "max_price": "40"}, [2, 3, 4]),
        ({"price_min": "20", "price_max": "30.5"}, [2, 3]),
        ({"min_price": "0", "price_min": "40"}, [1, 2, 3, 4, 5]),
        ({"min_price": "", "price_min": "40"}, [4, 5]),
        ({"min_price": "cheap"}, []),
        ({"min_price": "NaN"}, []),
        ({"max_price": "cheap"}, [1, 2, 3, 4, 5]),
        ({"search": "ink", "min_price": "20"}, [3]),
    ],
    ids=str,
)
def test_a_list_is_narrowed(visitor: Client, shop: None, query: dict[str, str], ids: list[int]) -> None:
    body = ok(visitor.get(LIST, params=query))
    assert ([product["id"] for product in body["products"]], body["total"]) == (ids, len(ids))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"sort_by": "created_at"}, [1, 5, 4, 2, 3]),
        ({"sort_by": "created_at", "sort_order": "ASC"}, [3, 2, 4, 5, 1]),
        ({"sort_by": "base_price", "sort_order": "DESC"}, [5, 4, 3, 2, 1]),
        ({"sort_by": "title"}, [5, 1, 3, 2, 4]),
        ({"sort_by": "stock", "sort_order": "DESC"}, [1, 2, 3, 4, 5]),
        ({"sort_order": "DESC"}, [1, 2, 3, 4, 5]),
    ],
    ids=str,
)
def test_a_list_is_ordered(visitor: Client, shop: None, query: dict[str, str], ids: list[int]) -> None:
    assert _ids(visitor, **query) == ids


def test_a_list_of_one_category_shows_no_others(visitor: Client, shop: None) -> None:
    shown = ok(visitor.get(LIST, params={"category": "prints"}))["products"]
    assert [[category["slug"] for category in product["categories"]] for product in shown] == [["prints"]] * 2
    assert len(ok(visitor.get(f"{LIST}/row-0002"))["categories"]) == 2


@pytest.mark.parametrize(
    ("query", "ids", "echo"),
    [
        ({"per_page": "2"}, [1, 2], (1, 2)),
        ({"per_page": "2", "page": "3"}, [5], (3, 2)),
        ({"per_page": "2x", "page": "2.9"}, [3, 4], (2, 2)),
        ({"page": ["2", "3"], "per_page": "2"}, [3, 4], (2, 2)),
        ({"page": "9"}, [], (9, 20)),
        ({"per_page": "0"}, [1, 2, 3, 4, 5], (1, 0)),
        ({"per_page": "0", "sort_by": "created_at", "page": "4"}, [1, 5, 4, 2, 3], (4, 0)),
        ({"per_page": "999999999", "sort_by": "created_at"}, [1, 5, 4, 2, 3], (1, 999999999)),
    ],
    ids=str,
)
def test_a_list_comes_in_pages(
    visitor: Client, shop: None, query: dict[str, Any], ids: list[int], echo: tuple[int, int]
) -> None:
    body = ok(visitor.get(LIST, params=query))
    assert [product["id"] for product in body["products"]] == ids
    assert (body["total"], body["page"], body["per_page"]) == (5, *echo)


@pytest.mark.parametrize("wrong", ["-1", "x", "NaN", "1000000000", "9" * 40])
def test_what_is_no_page_is_refused(visitor: Client, shop: None, wrong: str) -> None:
    refused(visitor.get(LIST, params={"page": wrong}), 400, "page")
    refused(visitor.get(LIST, params={"per_page": wrong}), 400, "per_page")
    refused(visitor.get(LIST, params={"page": "0"}), 400, "page must be at least 1")


def test_a_product_is_found_by_its_slug_whatever_its_status(admin: Client, visitor: Client) -> None:
    for status in ("draft", "archived", "published"):
        product = new_product(admin, status=status)
        path = f"{LIST}/{product['slug']}"
        assert ok(visitor.get(path)) == as_in_shop(product)
        refused(visitor.get(f"{LIST}/{product['id']}"), 404, "Product not found")
        ok(admin.delete(f"/api/products/{product['id']}"))
        refused(visitor.get(path), 404, "Product not found")


def test_a_variant_or_category_that_was_deleted_is_shown_no_more(admin: Client, visitor: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(admin, category_ids=[category["id"]])
    variant = new_variant(admin, product["id"])
    ok(admin.delete(f"/api/variants/{variant['id']}"))
    ok(admin.delete(f"/api/categories/{category['id']}"))
    shown = ok(visitor.get(f"{LIST}/{product['slug']}"))
    assert (shown["variants"], shown["categories"]) == ([], [])


def test_a_changed_category_is_shown_on_its_products(admin: Client, visitor: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(admin, category_ids=[category["id"]])
    changed = ok(admin.patch(f"/api/admin/categories/{category['id']}", json={"name": "Papers"}))
    assert ok(visitor.get(f"{LIST}/{product['slug']}"))["categories"] == [changed]


def test_categories_are_listed_with_their_relations(admin: Client, visitor: Client) -> None:
    root = new_category(admin, "Prints")
    child = new_category(admin, "Etchings", parent_id=root["id"])
    body = ok(visitor.get("/api/shop/categories"))
    assert ([category["name"] for category in body["categories"]], body["total"]) == (
        ["Etchings", "Prints"],
        2,
    )
    etchings, prints = body["categories"]
    assert (etchings["parent"], etchings["children"]) == (without(prints, "parent", "children"), [])
    assert (prints["parent"], prints["children"]) == (None, [without(etchings, "parent", "children")])
    for name in (str(child["id"]), "etchings"):
        assert ok(visitor.get(f"/api/shop/categories/{name}")) == etchings
    refused(visitor.get("/api/shop/categories/77"), 404, "Category not found")
