"""Files that Etsy and Shopify export, brought in: what becomes of listings, options and pictures."""

from decimal import Decimal

import pytest

from common.repositories.products import Product, product_by_slug
from tests.catalog.builders import new_product
from tests.catalog.product_files.steps import brought_in, dry_run, file_of, fitting
from tests.support.http import Client

pytestmark = pytest.mark.usefixtures("bucket")

ETSY = {
    "TITLE": "Moon &amp; &quot;Sun&quot;, a print",
    "DESCRIPTION": "It&#39;s a print.\nOn paper.",
    "PRICE": "25.50",
    "CURRENCY_CODE": "EUR",
    "QUANTITY": "7",
    "TAGS": "print,moon",
    "MATERIALS": "paper",
    "IMAGE1": "https://i.etsystatic.example/1.jpg",
    "IMAGE2": "https://i.etsystatic.example/2.jpg",
    "IMAGE3": "",
    "VARIATION 1 TYPE": "",
    "VARIATION 1 NAME": "",
    "VARIATION 1 VALUES": "",
    "VARIATION 2 TYPE": "",
    "VARIATION 2 NAME": "",
    "VARIATION 2 VALUES": "",
    "SKU": "M-1",
}
SHOPIFY = {
    "Handle": "moon-print",
    "Title": "Moon",
    "Body (HTML)": "<p>One &amp; <b>two</b></p><ul><li>Paper</li><li>Ink</li></ul><script>alert(1)</script>",
    "Vendor": "Shop",
    "Tags": "print",
    "Published": "true",
    "Option1 Name": "Size",
    "Option1 Value": "A4",
    "Option2 Name": "Colour",
    "Option2 Value": "Red",
    "Variant SKU": "'0123",
    "Variant Grams": "250.0",
    "Variant Inventory Qty": "3",
    "Variant Price": "20.00",
    "Variant Barcode": "",
    "Image Src": "https://cdn.shopify.example/2.jpg",
    "Image Position": "2",
    "Image Alt Text": "Second",
    "Status": "active",
}
# The same columns as Shopify calls them since 2025.
NEW_NAMES = {
    "Handle": "URL handle",
    "Body (HTML)": "Description",
    "Published": "Published on online store",
    "Variant SKU": "SKU",
    "Variant Barcode": "Barcode",
    "Variant Grams": "Weight value (grams)",
    "Variant Inventory Qty": "Inventory quantity",
    "Variant Price": "Price",
    "Image Src": "Product image URL",
    "Image Position": "Image position",
    "Image Alt Text": "Image alt text",
    "Option1 Name": "Option1 name",
    "Option1 Value": "Option1 value",
    "Option2 Name": "Option2 name",
    "Option2 Value": "Option2 value",
}


def stored(slug: str) -> Product:
    """A product as it is."""
    found = product_by_slug(slug)
    assert found is not None
    return found


def more(**cells: str) -> dict[str, str]:
    """A further row of Shopify's product."""
    return (
        dict.fromkeys(SHOPIFY, "")
        | {"Handle": "moon-print"}
        | {name.replace("_", " "): text for name, text in cells.items()}
    )


def test_a_listing_of_etsy_becomes_a_draft_with_one_variant(admin: Client) -> None:
    said = fitting(admin, file_of([ETSY]))
    assert said["format"] == "Etsy"
    assert said["ignored_columns"] == ["TAGS", "MATERIALS"]
    brought_in(admin, file_of([ETSY]))
    product = stored("moon-and-sun-a-print")
    assert (product.title, product.status) == ('Moon & "Sun", a print', "draft")
    assert product.long_description == "It's a print.\nOn paper."
    assert (product.base_price, product.currency) == (Decimal("25.5"), "EUR")
    assert [image.key[-5:] for image in product.images] == ["1.jpg", "2.jpg"]
    (variant,) = product.variants
    assert (variant.sku, variant.name, variant.stock) == ("M-1", "Standard", 7)


def test_variations_of_etsy_become_variants_whose_pieces_are_to_be_counted(admin: Client) -> None:
    listing = ETSY | {
        "VARIATION 1 NAME": "Size",
        "VARIATION 1 VALUES": "A4,A3",
        "VARIATION 2 TYPE": "Colour",
        "VARIATION 2 VALUES": "Red,Blue",
        "SKU": "S1,S2,S3,S4",
    }
    said = fitting(admin, file_of([listing]))
    assert said["warnings"][0]["column"] == "QUANTITY"
    brought_in(admin, file_of([listing]))
    variants = stored("moon-and-sun-a-print").variants
    assert [(it.sku, it.name, it.stock) for it in variants] == [
        ("S1", "A4 / Red", 0),
        ("S2", "A4 / Blue", 0),
        ("S3", "A3 / Red", 0),
        ("S4", "A3 / Blue", 0),
    ]
    assert variants[0].attributes == {"Size": "A4", "Colour": "Red"}


def test_skus_that_etsy_lacks_are_made_up_the_same_each_time(admin: Client) -> None:
    rows = [ETSY | {"SKU": ""}, ETSY | {"SKU": "", "VARIATION 1 NAME": "Size", "VARIATION 1 VALUES": "A4,A3"}]
    brought_in(admin, file_of(rows))
    assert [it.sku for it in stored("moon-and-sun-a-print").variants] == ["moon-and-sun-a-print"]
    second = stored("moon-and-sun-a-print-2")
    assert [it.sku for it in second.variants] == ["moon-and-sun-a-print-2-a4", "moon-and-sun-a-print-2-a3"]
    assert fitting(admin, file_of(rows))["products"] == {"created": 0, "changed": 0, "left": 2}


@pytest.mark.parametrize("names", [{}, NEW_NAMES])
def test_a_product_of_shopify_arrives_with_options_pictures_and_prices(
    admin: Client, names: dict[str, str]
) -> None:
    rows = [
        SHOPIFY,
        more(
            Option1_Value="A3",
            Option2_Value="Red",
            Variant_Price="25.50",
            Variant_Inventory_Qty="-1",
            Variant_SKU="B",
            Variant_Grams="0",
            Image_Src="https://cdn.shopify.example/1.jpg",
            Image_Position="1",
        ),
        more(Image_Src="https://cdn.shopify.example/3.jpg", Image_Position="3"),
    ]
    file = file_of([{names.get(name, name): cell for name, cell in row.items()} for row in rows])
    said = fitting(admin, file)
    assert (said["format"], said["ignored_columns"]) == ("Shopify", ["Vendor", "Tags"])
    brought_in(admin, file)
    product = stored("moon-print")
    assert (product.title, product.status, product.base_price) == ("Moon", "published", Decimal(20))
    assert product.long_description == "One & two\n\n- Paper\n- Ink"
    assert [(it.key[-5:], it.alt_text) for it in product.images] == [
        ("1.jpg", ""),
        ("2.jpg", "Second"),
        ("3.jpg", ""),
    ]
    first, second = product.variants
    assert (first.sku, first.name, first.weight, first.stock) == ("0123", "A4 / Red", 250, 3)
    assert first.attributes == {"Size": "A4", "Colour": "Red"}
    assert (second.price_adjustment, second.stock, second.weight) == (Decimal("5.5"), 0, None)
    assert fitting(admin, file)["products"]["left"] == 1


def test_a_product_of_shopify_without_options_is_one_variant(admin: Client) -> None:
    only = SHOPIFY | {
        "Option1 Name": "Title",
        "Option1 Value": "Default Title",
        "Option2 Name": "",
        "Option2 Value": "",
        "Variant SKU": "",
        "Variant Barcode": "'4006381333931",
        "Published": "false",
    }
    brought_in(admin, file_of([only]))
    product = stored("moon-print")
    assert (product.status, product.gtin) == ("draft", "4006381333931")
    assert [(it.sku, it.name, it.attributes) for it in product.variants] == [("moon-print", "Standard", {})]


def test_what_a_foreign_file_leaves_empty_clears_nothing(admin: Client) -> None:
    new_product(admin, slug="moon-print", short_description="Kept", gtin="1", status="published")
    brought_in(admin, file_of([SHOPIFY | {"Body (HTML)": "", "Image Src": "", "Status": "archived"}]))
    product = stored("moon-print")
    assert (product.short_description, product.gtin, product.status) == ("Kept", "1", "archived")


def test_errors_name_the_columns_of_the_file(admin: Client) -> None:
    errors = dry_run(admin, file_of([ETSY | {"PRICE": "free", "TITLE": "x" * 501}]))["errors"]
    assert {it["column"] for it in errors} == {"PRICE", "TITLE"}
    errors = dry_run(admin, file_of([SHOPIFY | {"Variant Price": "x", "Status": "sold"}]))["errors"]
    assert {it["column"] for it in errors} == {"Variant Price", "Status"}
