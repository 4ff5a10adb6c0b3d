"""Rows of products, categories and their parts that are legal in PostgreSQL and easy to damage on the way."""

from typing import Any

Rows = dict[str, list[dict[str, Any]]]

# Loaded into columns without a zone: PostgreSQL accepts and ignores the `+00`.
EARLY = "2023-11-05 08:09:10.123456+00"
LATER = "2024-02-29 23:59:59.999999+00"
PLAIN = "2024-06-01 12:00:00"
LONG_SKU = "40123456789012345678"


def _product(number: int, slug: str, title: str, **values: Any) -> dict[str, Any]:
    """A product; soft-deleted when `values` says when."""
    basis = {"id": number, "slug": slug, "title": title, "base_price": "25.00", "status": "published"}
    return basis | {"created_at": EARLY, "updated_at": LATER} | values


def _image(number: int, product: int, position: int, url: str, alt_text: str | None = "") -> dict[str, Any]:
    basis = {"id": number, "product_id": product, "position": position, "url": url}
    return basis | {"alt_text": alt_text, "created_at": EARLY}


def _variant(number: int, product: int, sku: str, name: str, **values: Any) -> dict[str, Any]:
    basis = {"id": number, "product_id": product, "sku": sku, "name": name, "attributes": "{}"}
    return basis | {"stock": 999, "created_at": EARLY, "updated_at": PLAIN} | values


def _category(number: int, name: str, slug: str, **values: Any) -> dict[str, Any]:
    return {"id": number, "name": name, "slug": slug, "created_at": EARLY, "updated_at": EARLY} | values


CATALOGUE: Rows = {
    "products": [
        _product(1, "shirt1", "Deleted \U0001f5d1️", deleted_at=LATER, sku="OLD-1", character_value="L"),
        _product(2, "0001", 'A "quoted" title, it\'s \U0001f98e ', sku="", gtin="", short_description=""),
        _product(
            4,
            "0002",
            "Lines",
            long_description="First\nsecond\r\n\n  'third' ''doubled'' \\backslash\ttab \U0001f468‍\U0001f3a8",
            sku="SHARED-12",
            etsy_link="https://www.example.com/listing?q=a%20b&x=1",
            character_id=8,
            character_value="È già l'età dell'oro",
        ),
        _product(5, "2", "Slug that is another's id", sku=LONG_SKU, base_price="99999999.99"),
        _product(9, "Straße_ÀÉ", "Draft", status="draft", currency="USD", base_price="0", sku=None),
        _product(10, "archived-one", "Same title", status="Archived ", updated_at="0001-01-01 00:00:00"),
        _product(11, "0201", "Same title", base_price="0.01", character_value="", created_at=PLAIN),
    ],
    "product_images": [
        _image(1, 1, 0, "/uploads/products/1/product_0a1b2c3d.png"),
        _image(61, 4, 1, "/uploads/products/4/product_11111111.PNG", None),
        _image(64, 4, 1, "/uploads/products/4/product_22222222.jpeg", "it's \U0001f98e"),
        _image(65, 4, 2, "https://cdn.example.com/elsewhere/3.jpg", 'Lines\n"quoted"'),
        _image(70, 11, 1, "https://shop.example.com/uploads/products/11/product_33333333.jpg"),
        _image(71, 11, 0, "/uploads/products/11/product_44444444.png"),
        _image(72, 11, 1, "/uploads/products/11/with space and é.png"),
        _image(73, 11, 0, "/uploads/products/11/product_44444444.png"),
    ],
    "product_variants": [
        _variant(1, 1, "ffffff", "Of a deleted product", stock=1009),
        _variant(2, 2, "0001-S", "Small ", stock=0, attributes=None),
        _variant(7, 4, "SHARED-12", "SKU of a product too", attributes='{"z": 1, "A": {"b": [], "a": null}}'),
        _variant(8, 4, "", "Without a SKU", attributes='["L", 2.50, 1e2, true]', price_adjustment="-5.00"),
        _variant(12, 4, "12345678901234567890", "Text", attributes='"just text"', deleted_at=LATER),
        _variant(13, 5, "0007", "Null", attributes="null", stock=2147483647, price_adjustment="0.10"),
        _variant(14, 11, "7", "Größe \U0001f1ee\U0001f1f9", attributes='{"": "", "size": ""}', stock=-1),
    ],
    "categories": [
        _category(1, "Shirts", "shirts", description=""),
        _category(2, "Magliette d'artista \U0001f3a8", "magliette", parent_id=1, description="Two\nlines"),
        _category(3, "Gone", "gone", deleted_at=LATER),
        _category(6, "Child of a deleted one", "0003", parent_id=3),
        _category(7, "Shirts", "Shirts"),
    ],
    "product_categories": [
        {"productsId": 1, "categoriesId": 1},
        {"productsId": 2, "categoriesId": 2},
        {"productsId": 4, "categoriesId": 1},
        {"productsId": 4, "categoriesId": 2},
        {"productsId": 4, "categoriesId": 3},
        {"productsId": 11, "categoriesId": 7},
    ],
}
