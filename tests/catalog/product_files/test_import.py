"""Importing a file of products: dry run, run, and what is left as it is."""

from decimal import Decimal
from typing import Any

import pytest

from catalog.product_files import imports
from catalog.product_files.plan import read_steps, written
from common.clock import utc_now
from common.dynamodb import batch_write
from common.repositories.product_writes import name_markers
from common.repositories.products import Edition, Product, product_by_slug
from shop.account_log import Person
from tests.catalog.builders import new_category, new_image, new_product, ok, refused, row, store, variant_body
from tests.catalog.product_files.steps import (
    IMPORT,
    applied,
    brought_in,
    dry_run,
    edited,
    errors_of,
    exported,
    file_of,
    fitting,
    rows_of,
)
from tests.support.http import Client

pytestmark = pytest.mark.usefixtures("bucket")

HEADER = "slug,title,base_price,sku,variant,stock\n"
MOON = HEADER + "moon,Moon,25.00,M-1,Small,3\nmoon,,,M-2,Large,4\n"


def stored(slug: str) -> Product:
    """A product as it is."""
    found = product_by_slug(slug)
    assert found is not None
    return found


def brought(products: list[Product]) -> None:
    """Writes products as rows, with the markers of their names, as a move does."""
    store(products)
    assert not batch_write([marker for product in products for marker in name_markers(product)]).failed


def a_work(admin: Client, **fields: Any) -> dict[str, Any]:
    """A product with one variant."""
    return new_product(
        admin, slug="moon", variants=[variant_body(sku="M-1", name="Small", stock=5)], **fields
    )


def test_a_dry_run_writes_nothing_and_the_run_what_it_said(admin: Client) -> None:
    said = fitting(admin, MOON)
    assert said["products"] == {"created": 1, "changed": 0, "left": 0}
    assert (said["format"], said["encoding"], said["separator"], said["rows"]) == ("artshop", "UTF-8", ",", 2)
    (planned,) = said["planned"]
    assert (planned["action"], planned["new_variants"], planned["stock"]) == ("create", 2, 7)
    assert product_by_slug("moon") is None
    done = applied(admin, said)
    assert (done["steps"], done["done"], done["refused"]) == (1, 1, [])
    product = stored("moon")
    assert (product.title, product.base_price, product.status) == ("Moon", Decimal(25), "draft")
    assert [(it.sku, it.name, it.stock) for it in product.variants] == [
        ("M-1", "Small", 3),
        ("M-2", "Large", 4),
    ]


def test_everything_that_a_file_can_say_arrives(admin: Client) -> None:
    category = new_category(admin, "Prints")
    said = {
        "slug": "moon",
        "title": "The moon",
        "status": "published",
        "base_price": "1,234.50",
        "currency": "USD",
        "short_description": "Short",
        "long_description": "Two\nlines",
        "product_sku": "P-1",
        "gtin": "4006381333931",
        "character_id": "4",
        "character": "Luna",
        "etsy_link": "https://www.etsy.com/listing/1",
        "tax_class": "art",
        "cannot_be_withdrawn": "VERO",
        "publish_at": "2026-03-01T10:00:00Z",
        "unpublish_at": "2026-04-01T10:00:00Z",
        "categories": "prints",
        "images": "https://a.example/1.jpg\nhttps://a.example/2.jpg",
        "image_texts": "One\nTwo",
        "sku": "V-1",
        "variant": "A3",
        "attributes": '{"size": "A3"}',
        "price_adjustment": "-4.50",
        "weight": "250",
        "edition_size": "30",
        "edition_proofs": "3",
        "stock": "7",
    }
    steps = imports.dry_run(file_of([said]).encode(), Person("tests"), utc_now()).plan.steps
    assert read_steps(written(steps)) == steps
    brought_in(admin, file_of([said]))
    product = stored("moon")
    assert (product.base_price, product.currency, product.status) == (Decimal("1234.5"), "USD", "published")
    assert (product.short_description, product.long_description) == ("Short", "Two\nlines")
    assert (product.sku, product.gtin, product.character_id) == ("P-1", "4006381333931", 4)
    assert (product.character_value, product.etsy_link) == ("Luna", "https://www.etsy.com/listing/1")
    assert (product.tax_class, product.cannot_be_withdrawn) == ("art", True)
    assert product.publish_at == "2026-03-01T10:00:00.000Z"
    assert [it.id for it in product.categories] == [category["id"]]
    assert [(it.key, it.alt_text) for it in product.images] == [
        ("https://a.example/1.jpg", "One"),
        ("https://a.example/2.jpg", "Two"),
    ]
    (variant,) = product.variants
    assert (variant.sku, variant.name, variant.attributes) == ("V-1", "A3", {"size": "A3"})
    assert (variant.price_adjustment, variant.weight, variant.stock) == (Decimal("-4.5"), 250, 7)
    assert variant.edition == Edition(30, 3)


def test_an_export_that_nobody_edited_changes_nothing(admin: Client) -> None:
    new_category(admin, "Prints")
    brought_in(admin, MOON)
    said = fitting(admin, exported(admin))
    assert (said["products"], said["planned"]) == ({"created": 0, "changed": 0, "left": 1}, [])
    assert said["import"]["state"] == "done"


def test_fields_that_are_said_otherwise_change_and_the_others_stay(admin: Client) -> None:
    new_category(admin, "Prints")
    a_work(admin, short_description="Kept", long_description="Gone")
    text = edited(
        exported(admin),
        "moon",
        title="Luna",
        long_description="",
        categories="prints",
        variant="Tiny",
        weight="90",
    )
    said = fitting(admin, text)
    (planned,) = said["planned"]
    assert planned["fields"] == ["long_description", "title", "categories"]
    assert (planned["changed_variants"], planned["stock"]) == (1, 0)
    applied(admin, said)
    product = stored("moon")
    assert (product.title, product.short_description, product.long_description) == ("Luna", "Kept", None)
    assert [category.slug for category in product.categories] == ["prints"]
    assert (product.variants[0].name, product.variants[0].weight, product.variants[0].stock) == (
        "Tiny",
        90,
        5,
    )


def test_columns_that_are_absent_leave_fields_and_variants_that_are_absent_stay(admin: Client) -> None:
    brought_in(admin, MOON)
    brought_in(admin, "slug,title\nmoon,Luna\n")
    brought_in(admin, "slug,sku,variant\nmoon,M-2,Huge\nmoon,M-3,Third\n")
    product = stored("moon")
    assert (product.title, product.base_price) == ("Luna", Decimal(25))
    assert [(it.sku, it.name) for it in product.variants] == [
        ("M-1", "Small"),
        ("M-2", "Huge"),
        ("M-3", "Third"),
    ]


def test_one_bad_row_and_nothing_is_written(admin: Client) -> None:
    a_work(admin)
    text = (
        HEADER + "sun,Sun,10.00,S-1,One,1\nstar,,x,S-2,Two,-1\nmoon,Luna,9.999,M-1,,5\nbad slug,T,1.00,,,\n"
    )
    wrong = errors_of(admin, text)
    assert sorted((number, column) for number, column, _ in wrong) == [
        (3, "base_price"),
        (3, "base_price"),
        (3, "stock"),
        (3, "title"),
        (4, "base_price"),
        (4, "variant"),
        (5, "slug"),
    ]
    assert product_by_slug("sun") is None
    assert stored("moon").title != "Luna"


def test_names_are_held_against_the_file_and_the_shop(admin: Client) -> None:
    new_product(admin, slug="sun", sku="P-1", variants=[variant_body(sku="S-1")])
    text = (
        "slug,title,base_price,product_sku,sku,variant\n"
        "moon,Moon,1.00,P-1,S-1,One\n"
        "star,Star,1.00,P-2,X-1,One\n"
        "rock,Rock,1.00,P-2,X-1,One\n"
        "suggest,Taken,1.00,,,\n"
        "sun,,,P-1,S-1,\n"
    )
    said = {(number, column): message for number, column, message in errors_of(admin, text)}
    assert "belongs to another" in said[2, "product_sku"]
    assert "belongs to another" in said[2, "sku"]
    assert "row 3" in said[4, "product_sku"]
    assert "row 3" in said[4, "sku"]
    assert said[5, "slug"] == "is taken"
    assert (6, "product_sku") in said  # row 2 wants it too
    assert (2, "slug") not in said


def test_categories_and_pictures_have_to_be_there(admin: Client) -> None:
    new_category(admin, "Prints")
    a_work(admin)
    text = "slug,categories,images\nmoon,prints|books,javascript:alert(1)\nmoon,,\n"
    wrong = errors_of(admin, text)
    assert [(number, column) for number, column, _ in wrong] == [(2, "categories"), (2, "images")]
    gone = "products/9/0123456789abcdef0123456789abcdef.png"
    assert "no picture of this shop" in errors_of(admin, f"slug,images\nmoon,{gone}\n")[0][2]


def test_pictures_are_kept_ordered_described_added_and_dropped(admin: Client) -> None:
    product = a_work(admin)
    first = new_image(admin, product["id"], alt_text="First")
    second = new_image(admin, product["id"], alt_text="Second")
    (row,) = rows_of(exported(admin))
    one, two = row["images"].split("\n")
    brought_in(admin, edited(exported(admin), "moon", images=f"{two}\nhttps://a.example/3.jpg\n{one}"))
    images = stored("moon").images
    assert [it.id for it in images if it.id in {first["id"], second["id"]}] == [second["id"], first["id"]]
    assert images[1].key == "https://a.example/3.jpg"
    brought_in(admin, edited(exported(admin), "moon", image_texts="A\nB\nC"))
    assert [it.alt_text for it in stored("moon").images] == ["A", "B", "C"]
    brought_in(admin, edited(exported(admin), "moon", images=one, image_texts="C"))
    assert [(it.id, it.alt_text) for it in stored("moon").images] == [(first["id"], "C")]
    brought_in(admin, edited(exported(admin), "moon", images="", image_texts=""))
    assert stored("moon").images == ()


def test_a_picture_of_the_shop_is_copied_to_the_product_that_names_it_too(admin: Client) -> None:
    new_image(admin, a_work(admin)["id"])
    (row,) = rows_of(exported(admin))
    brought_in(
        admin, file_of([{"slug": "sun", "title": "Sun", "base_price": "1.00", "images": row["images"]}])
    )
    (copy,), (original,) = stored("sun").images, stored("moon").images
    assert copy.key != original.key
    assert copy.key.startswith(f"products/{stored('sun').id}/")


def test_more_variants_than_a_transaction_holds_come_one_after_the_other(admin: Client) -> None:
    lines = "".join(
        f"moon,{'Moon,1.00' if not number else ','},M-{number},V {number},1\n" for number in range(40)
    )
    done = brought_in(admin, HEADER + lines)
    assert (done["steps"], len(stored("moon").variants)) == (16, 40)
    too_many = lines + "moon,,,M-40,V 40,1\n"
    assert "40" in errors_of(admin, HEADER + too_many)[0][2]


def test_what_no_rule_allows_any_more_may_stay_as_it_is(admin: Client) -> None:
    brought([row(1, slug="Straße_1", title=" Blanks ", base_price=Decimal("1.005"), sku="")])
    assert fitting(admin, exported(admin))["products"]["left"] == 1
    brought_in(admin, edited(exported(admin), "Straße_1", short_description="Said"))
    assert stored("Straße_1").short_description == "Said"
    assert stored("Straße_1").title == " Blanks "


def test_a_work_of_a_creator_is_not_changed_by_a_file(admin: Client) -> None:
    brought([row(1, creator_id="somebody", moderation_status="approved")])
    ((number, column, message),) = errors_of(admin, "slug,title\nrow-0001,Mine\n")
    assert (number, column) == (2, "slug")
    assert "creator" in message


def test_names_that_no_key_can_hold_are_errors(admin: Client) -> None:
    slug, sku = "s" * 3000, "S" * 3000
    text = f"slug,title,base_price,product_sku,sku,variant\n{slug},T,1.00,{sku},{sku},V\nmoon|,T,1.00,,,\n"
    assert {column for _, column, _ in errors_of(admin, text)} == {"slug", "product_sku", "sku"}


def test_a_word_that_no_column_has_is_told_of(admin: Client) -> None:
    a_work(admin)
    assert dry_run(admin, "slug,titel\nmoon,Luna\n")["errors"][0]["message"].startswith(
        "The file has no header"
    )
    assert fitting(admin, "slug,title,colour\nmoon,Luna,red\n")["ignored_columns"] == ["colour"]


def test_only_an_administrator_imports_and_an_import_has_to_be_there(admin: Client, visitor: Client) -> None:
    refused(visitor.post(IMPORT, files={"file": ("a.csv", b"slug", "text/csv")}), 401)
    refused(visitor.post(f"{IMPORT}/x/apply"), 401)
    refused(admin.get(f"{IMPORT}/unknown"), 404)
    refused(admin.get(f"{IMPORT}/{'x' * 3000}"), 404)
    refused(admin.post(f"{IMPORT}/unknown/apply"), 404)
    refused(admin.post(IMPORT, files={}), 400, "file")
    assert not ok(admin.post(IMPORT, files={"file": ("a.csv", b"", "text/csv")})).get("fits")


def test_a_product_has_to_be_public_at_some_time(admin: Client) -> None:
    a_work(admin)
    text = "slug,title,base_price,publish_at,unpublish_at\nmoon,Moon,25.00,2026-02-01,2026-01-01\n"
    assert {(row, column) for row, column, _ in errors_of(admin, text)} == {(2, "unpublish_at")}
    new = text.replace("moon", "sun")
    assert {(row, column) for row, column, _ in errors_of(admin, new)} == {(2, "unpublish_at")}


def test_an_edition_has_numbers_for_all_its_pieces(admin: Client) -> None:
    a_work(admin)
    header = "slug,title,base_price,sku,variant,stock,edition_size,edition_proofs\n"
    said = errors_of(
        admin, header + "sun,Sun,1.00,S-1,One,6,5,\nmoon,Moon,25.00,M-1,Small,,4,x\nmoon,,,M-2,Two,1,,3\n"
    )
    assert [(number, column) for number, column, _ in said] == [
        (2, "stock"),
        (3, "edition_proofs"),
        (4, "edition_size"),
    ]
    brought_in(admin, edited(exported(admin), "moon", edition_size="9"))
    text = edited(exported(admin), "moon", stock="10")
    assert errors_of(admin, text)[0][:2] == (2, "stock")
    brought_in(admin, edited(exported(admin), "moon", stock="9"))
    assert stored("moon").variants[0].stock == 9
