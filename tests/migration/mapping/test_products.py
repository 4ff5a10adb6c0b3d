"""Products on their way: rows, links, pointers and markers."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import Item, Key, batch_write
from common.repositories.products import Image, product_by_id, product_by_slug
from migration.mapping.records import BadRow, Record, Row
from tests.migration.mapping.records import CONTEXT, ENTITY, one, stored

MOMENT = datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
TIMES: Row = {"created_at": MOMENT, "updated_at": MOMENT}
ROW: Row = {"id": 4, "slug": "0002", "title": "T", "base_price": Decimal("25.00"), "sku": "S"} | TIMES
VARIANT: Row = {"product_id": 4, "name": "M", "price_adjustment": Decimal(0), "attributes": None} | TIMES
IMAGE: Row = {"product_id": 4, "created_at": MOMENT}
CATEGORIES: dict[int, Row] = {
    1: {"id": 1, "name": "Shirts", "slug": "shirts"} | TIMES,
    3: {"id": 3, "name": "Gone", "slug": "gone", "deleted_at": MOMENT} | TIMES,
}
WITH_CATEGORIES = replace(CONTEXT, categories=CATEGORIES)


def record(**changes: Any) -> Record:
    return one(
        "products",
        ROW | {"status": "published"} | changes,
        product_images=[
            IMAGE | {"id": 61, "url": "/uploads/products/4/a.png", "alt_text": None, "position": 1},
            IMAGE
            | {"id": 60, "url": "https://shop.example.com/uploads/b.png", "alt_text": "", "position": 1},
            IMAGE
            | {"id": 65, "url": "https://cdn.example.com/uploads/c.png", "alt_text": "c", "position": 0},
        ],
        product_variants=[
            VARIANT | {"id": 12, "sku": "S", "stock": 5},
            VARIANT | {"id": 13, "sku": "", "stock": -1},
            VARIANT | {"id": 14, "sku": "Old", "stock": 9, "deleted_at": MOMENT},
        ],
        product_categories=[{"productsId": 4, "categoriesId": number} for number in (1, 3)],
    )


def by_key(found: list[Item]) -> dict[Key, Item]:
    return {(item["PK"], item["SK"]): item for item in found}


def test_the_shop_reads_what_was_moved(table: str) -> None:
    items = stored(ENTITY["products"], record(), WITH_CATEGORIES)
    assert batch_write(items).failed == []
    product = product_by_slug("0002")
    assert product is not None
    assert product == product_by_id(4)
    assert (product.currency, product.created_at) == ("EUR", "2024-02-29T23:59:59.999Z")
    assert [image.id for image in product.images] == [65, 60, 61]
    assert product.images[1] == Image(60, 4, "uploads/b.png", "", 1, "2024-02-29T23:59:59.999Z")
    assert product.images[0].key == "https://cdn.example.com/uploads/c.png"
    assert [(variant.id, variant.stock) for variant in product.live_variants] == [(12, 5), (13, -1)]
    assert [category.slug for category in product.categories] == ["shirts"]


def test_links_to_deleted_categories_are_kept_in_both_directions() -> None:
    keys = by_key(stored(ENTITY["products"], record(), WITH_CATEGORIES)).keys()
    links = {("PRODUCT#4", f"CATEGORY#{each}") for each in (1, 3)}
    assert links | {(sk, pk) for pk, sk in links} <= keys


def test_names_of_the_living_are_claimed_each_in_its_own_space() -> None:
    items = by_key(stored(ENTITY["products"], record(), WITH_CATEGORIES))
    owners = {pk: item["owner"] for (pk, _), item in items.items() if pk.startswith("UNIQUE#")}
    assert owners == {
        "UNIQUE#PRODUCT_SLUG#0002": "PRODUCT#4",
        "UNIQUE#PRODUCT_SKU#S": "PRODUCT#4",
        "UNIQUE#VARIANT_SKU#S": "VARIANT#12",
    }
    pointers = [item["product_id"] for (pk, _), item in items.items() if pk.startswith("VARIANT#")]
    assert pointers == [4, 4, 4]


def test_a_deleted_product_keeps_everything_and_claims_nothing(table: str) -> None:
    items = stored(ENTITY["products"], record(deleted_at=MOMENT), WITH_CATEGORIES)
    assert batch_write(items).failed == []
    found = product_by_id(4)
    assert found is not None
    assert found.deleted_at == "2024-02-29T23:59:59.999Z"
    assert product_by_slug("0002") is None
    assert not [item for item in items if item["PK"].startswith("UNIQUE#")]


@pytest.mark.parametrize("column", ["slug", "title"])
def test_a_product_without_what_has_no_default_cannot_be_moved(column: str) -> None:
    with pytest.raises(BadRow, match=f"products 4: {column} is NULL"):
        stored(ENTITY["products"], record(**{column: None}), WITH_CATEGORIES)


def test_counters_go_on_above_every_id() -> None:
    assert ENTITY["products"].highest(record()) == {"PRODUCT_ID": 4, "VARIANT_ID": 14, "IMAGE_ID": 65}
