"""The JSON of the catalogue, field by field as the storefronts read it."""

from typing import Any

from tests.catalog.builders import new_category, new_image, new_product, new_variant, ok
from tests.support.http import Client


def test_a_product_with_all_it_has_is_answered_in_this_shape(
    admin: Client, visitor: Client, bucket: str
) -> None:
    category = new_category(admin, "Prints", description="On paper")
    product = new_product(
        admin,
        short_description="Short",
        long_description="Long",
        sku="A1",
        gtin="4006381333931",
        character_id=3,
        character_value="Leon",
        etsy_link="https://www.etsy.com/listing/1",
        category_ids=[category["id"]],
    )
    variant = new_variant(admin, product["id"], price_adjustment="2.50", attributes={"size": "S"})
    image = new_image(admin, product["id"], alt_text="On a wall")

    shown = ok(visitor.get(f"/api/products/{product['slug']}"))

    assert shown == {
        "id": product["id"],
        "slug": product["slug"],
        "title": product["title"],
        "short_description": "Short",
        "long_description": "Long",
        "sku": "A1",
        "gtin": "4006381333931",
        "character_id": 3,
        "character_value": "Leon",
        "etsy_link": "https://www.etsy.com/listing/1",
        "base_price": 25,
        "currency": "EUR",
        "status": "published",
        "created_at": product["created_at"],
        "updated_at": shown["updated_at"],
        "images": [image],
        "variants": [variant],
        "categories": [_summary_of(category)],
    }


def _summary_of(category: dict[str, Any]) -> dict[str, Any]:
    return {name: category[name] for name in ("id", "name", "slug", "description", "parent_id")}


def test_fields_that_are_not_set_are_left_out(admin: Client) -> None:
    product = new_product(admin)
    assert product.keys() == {
        "id",
        "slug",
        "title",
        "base_price",
        "currency",
        "status",
        "created_at",
        "updated_at",
        "images",
        "variants",
        "categories",
    }
    assert (product["images"], product["variants"], product["categories"]) == ([], [], [])


def test_numbers_are_json_numbers_digit_by_digit(admin: Client) -> None:
    answer = admin.post(
        "/api/products",
        data='{"title": "T", "slug": "t", "base_price": 19.90, "character_id": 7,'
        ' "variants": [{"sku": "00000000000000000001", "name": "S", "stock": 3, "price_adjustment": -0.5}]}',
    )
    assert '"base_price":19.90,' in answer.text
    assert '"character_id":7,' in answer.text
    assert '"price_adjustment":-0.50,' in answer.text
    assert '"stock":3,' in answer.text
    # SKUs of digits are texts and keep their zeros.
    assert '"sku":"00000000000000000001"' in answer.text


def test_an_image_has_an_absolute_address_and_the_aliases_of_both_storefronts(
    admin: Client, bucket: str
) -> None:
    product = new_product(admin)
    first = new_image(admin, product["id"])
    second = new_image(admin, product["id"], alt_text="Back")

    assert first == {
        "id": first["id"],
        "product_id": product["id"],
        "url": first["url"],
        "alt_text": "",
        "position": 0,
        "display_order": 0,
        "is_primary": True,
        "created_at": first["created_at"],
        "updated_at": first["created_at"],
    }
    assert first["url"].startswith(f"https://{bucket}.s3.eu-west-1.amazonaws.com/products/{product['id']}/")
    assert (second["alt_text"], second["position"], second["is_primary"]) == ("Back", 1, False)


def test_a_foreign_picture_keeps_its_address(admin: Client) -> None:
    product = new_product(admin, images=[{"url": "https://elsewhere.example/a.jpg"}])
    assert product["images"][0]["url"] == "https://elsewhere.example/a.jpg"


def test_a_picture_named_by_its_key_is_answered_with_an_absolute_address(admin: Client, bucket: str) -> None:
    product = new_product(admin, images=[{"url": "/uploads/products/1/a.jpg"}, {"url": "products/1/b.jpg"}])
    assert all(image["url"].startswith("https://") for image in product["images"])
    assert product["images"][0]["url"].endswith(".com/uploads/products/1/a.jpg")


def test_a_variant_is_answered_in_this_shape(admin: Client) -> None:
    product = new_product(admin)
    variant = new_variant(admin, product["id"], sku="S1", name="S", attributes={"size": "S"}, stock=4)
    assert variant == {
        "id": variant["id"],
        "product_id": product["id"],
        "sku": "S1",
        "name": "S",
        "attributes": {"size": "S"},
        "price_adjustment": 0,
        "stock": 4,
        "created_at": variant["created_at"],
        "updated_at": variant["created_at"],
    }


def test_a_category_is_answered_in_this_shape(admin: Client) -> None:
    root = new_category(admin, "Prints")
    child = new_category(admin, "Etchings", description="On copper", parent_id=root["id"])
    assert root == {
        "id": root["id"],
        "name": "Prints",
        "slug": "prints",
        "parent_id": None,
        "created_at": root["created_at"],
        "updated_at": root["created_at"],
    }
    assert (child["description"], child["parent_id"]) == ("On copper", root["id"])


def test_times_are_iso_8601_in_utc_with_milliseconds(admin: Client) -> None:
    product = new_product(admin)
    for name in ("created_at", "updated_at"):
        assert len(product[name]) == len("2026-01-31T10:00:00.123Z")
        assert product[name].endswith("Z")
