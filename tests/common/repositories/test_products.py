"""The two rows of a product, and reading it from them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import delete_item, from_wire, meter, to_wire
from common.repositories.products import (
    MODERATION_STATUSES,
    STATUSES,
    CategorySummary,
    Image,
    Product,
    Variant,
    document_item,
    listing_item,
    product_by_id,
    product_by_slug,
    product_from_rows,
)
from tests.catalog.builders import believable_row, row, store

TEXT = st.text(max_size=30)
NAMES = TEXT.filter(bool)
OPTIONAL = st.none() | TEXT
IDS = st.integers(1, 10**15)
MONEY = st.decimals(0, Decimal("99999999.99"), places=2)
MOMENT = "2026-01-31T10:00:00.000Z"

IMAGES = st.builds(Image, IDS, st.just(7), TEXT, TEXT, st.integers(0, 10_000), st.just(MOMENT))
VARIANTS = st.builds(
    Variant,
    id=IDS,
    product_id=st.just(7),
    sku=TEXT,
    name=TEXT,
    attributes=st.dictionaries(
        TEXT.filter(bool), TEXT | st.integers() | st.booleans() | st.none(), max_size=3
    ),
    price_adjustment=MONEY,
    stock=st.integers(0, 10**6),
    created_at=st.just(MOMENT),
    updated_at=st.just(MOMENT),
    deleted_at=st.none(),
)
CATEGORIES = st.builds(CategorySummary, IDS, TEXT, TEXT, OPTIONAL, st.none() | IDS)
PRODUCTS = st.builds(
    Product,
    id=st.just(7),
    slug=TEXT,
    title=TEXT,
    base_price=MONEY,
    currency=TEXT,
    status=st.sampled_from(STATUSES),
    created_at=st.just(MOMENT),
    updated_at=st.just(MOMENT),
    version=IDS,
    short_description=OPTIONAL,
    long_description=OPTIONAL,
    sku=OPTIONAL,
    gtin=OPTIONAL,
    character_id=st.none() | IDS,
    character_value=OPTIONAL,
    etsy_link=OPTIONAL,
    deleted_at=st.none() | st.just(MOMENT),
    images=st.lists(IMAGES, max_size=3, unique_by=lambda it: it.id).map(
        lambda images: tuple(sorted(images, key=lambda it: (it.position, it.id)))
    ),
    variants=st.lists(VARIANTS, max_size=3, unique_by=lambda it: it.id).map(
        lambda variants: tuple(sorted(variants, key=lambda it: it.id))
    ),
    categories=st.lists(CATEGORIES, max_size=3, unique_by=lambda it: it.id).map(
        lambda categories: tuple(sorted(categories, key=lambda it: it.id))
    ),
)


@given(product=PRODUCTS)
def test_any_product_is_the_same_after_it_was_rows(product: Product) -> None:
    document, listing = (from_wire(to_wire(item(product))) for item in (document_item, listing_item))
    assert product_from_rows(document, listing["stock"]) == product


@given(product=PRODUCTS)
def test_a_deleted_product_is_in_no_index_and_a_live_one_in_two(product: Product) -> None:
    for item in (document_item(product), listing_item(product)):
        keys = {name for name in item if name.startswith("GSI")}
        assert keys == (set() if product.deleted_at else {"GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK"})


def test_a_variant_that_is_off_sale_is_kept_but_neither_sold_nor_counted() -> None:
    sold = believable_row(7)
    first, *others = sold.variants
    product = replace(sold, variants=(replace(first, deleted_at=MOMENT), *others))
    assert product.live_variants == tuple(others)
    assert set(listing_item(product)["stock"]) == {str(variant.id) for variant in others}
    assert str(first.id) in document_item(product)["variants"]


def test_rows_of_one_kind_sort_by_age_and_then_by_id() -> None:
    older = row(3, created_at="2026-01-01T00:00:00.000Z")
    younger = row(2, created_at="2026-01-01T00:00:00.001Z")
    same_moment = row(10, created_at=older.created_at)
    positions = [document_item(product)["GSI2SK"] for product in (older, same_moment, younger)]
    assert positions == sorted(positions)


def test_a_listing_row_stays_small() -> None:
    size = sum(len(name) + len(str(value)) for name, value in listing_item(believable_row(123456)).items())
    assert size <= 400


def test_a_product_is_read_by_slug_or_id_in_one_trip(table: str) -> None:
    (product,) = store([believable_row(7)])
    with meter() as usage:
        assert product_by_slug("row-0007") == product
        assert product_by_id(7) == product
    assert usage.calls == 2


def test_a_deleted_product_is_found_by_id_only(table: str) -> None:
    (product,) = store([row(7, deleted_at=MOMENT)])
    assert product_by_slug(product.slug) is None
    assert product_by_id(7) == product


def test_what_is_not_there_is_none(table: str) -> None:
    assert product_by_slug("nothing") is None
    assert product_by_id(7) is None
    store([row(7)])
    delete_item(("PRODUCT#7", "METADATA"))
    assert product_by_id(7) is None


ODD = Variant(71, 7, "SKU", "Small", {}, Decimal(0), 5, MOMENT, MOMENT)


def test_a_deleted_variant_keeps_its_count_in_the_document() -> None:
    gone = replace(ODD, deleted_at=MOMENT, stock=9)
    product = replace(row(7), variants=(gone,))
    assert "stock" not in document_item(replace(product, variants=(ODD,)))["variants"]["71"]
    assert product_from_rows(document_item(product), listing_item(product)["stock"]) == product
    assert listing_item(product)["stock"] == {}


@given(st.none() | st.just(["a", None]) | st.just("text") | st.just({"": 1}), st.none() | TEXT)
def test_variants_and_images_that_were_brought_along_may_be_odd(
    attributes: Any, alt_text: str | None
) -> None:
    odd = replace(ODD, attributes=attributes)
    image = Image(1, 7, "uploads/a.png", alt_text, 0, MOMENT)
    product = replace(row(7), variants=(odd,), images=(image,))
    assert product_from_rows(from_wire(to_wire(document_item(product))), {str(odd.id): odd.stock}) == product


def test_what_a_creator_adds_is_stored_when_it_is_set() -> None:
    added: dict[str, Any] = {
        "creator_id": "c-1",
        "featured": False,
        "moderation_status": "rejected",
        "rejection_reason": "Blurred",
        "moderated_at": MOMENT,
        "withheld": True,
        "amazon_link": "https://www.amazon.com/dp/B000000000",
        "tags": ("ink", "city"),
    }
    product = replace(row(7), **added)
    assert product_from_rows(document_item(product), listing_item(product)["stock"]) == product
    assert not added.keys() & document_item(row(7)).keys()
    assert not {*added, "status"} & listing_item(row(7)).keys()
    assert not {"GSI3PK", "GSI3SK"} & (document_item(row(7)) | listing_item(row(7))).keys()


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("moderation", [None, *MODERATION_STATUSES])
@pytest.mark.parametrize("withheld", [None, False, True])
def test_public_is_what_is_published_and_approved_and_not_withheld(
    status: str, moderation: str | None, withheld: bool | None
) -> None:
    product = row(7, status=status, moderation_status=moderation, withheld=withheld)
    approved = moderation in (None, "approved") and withheld is not True
    assert product.is_approved is approved
    assert product.is_public_at("") is (approved and status == "published")
    assert product.listed_as == (status if approved else "held_back")
