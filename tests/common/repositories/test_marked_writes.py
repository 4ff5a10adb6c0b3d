"""Marks are written with what they tell of: no row is made of one, and no mark comes without its change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalog.repositories.category_writes import forget_category, repeat_category
from catalog.repositories.product_parts import add_image, add_variant, change_variant, delete_variant
from common.dynamodb import AT_ONCE, Item, TransactionRefused, UnitOfWork, Update, delete_item, get_item
from common.errors import NotFound
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import changes_since, mark_of, unmarked
from common.repositories.categories import CATEGORIES, Category
from common.repositories.product_writes import (
    add_product,
    change_document,
    change_product,
    decide_product,
    delete_product,
    restore_product,
    touched,
)
from common.repositories.products import Image, Product, document_key, listing_key, product_by_id
from common.repositories.stock import add_stock, move_together, set_stock, shelf_of, take_all, take_stock
from tests.catalog.builders import believable_row, store
from tests.support.races import just_before

NOW = datetime(2026, 2, 1, tzinfo=UTC)
LATER = "2026-02-01T00:00:00.000Z"
COMMIT = "common.dynamodb.UnitOfWork.commit"
CATEGORY = Category(9, "Prints", "prints", created_at=LATER, updated_at=LATER)

Write = Callable[[UnitOfWork, Product], None]


def _image(product: Product) -> Image:
    return Image(99, product.id, "products/7/a.png", None, 0, LATER)


WRITES: dict[str, Write] = {
    "change": lambda work, it: change_product(work, it, it),
    "decide": lambda work, it: decide_product(work, it, it),
    "delete": lambda work, it: delete_product(work, it, LATER),
    "change_document": lambda work, it: change_document(work, it.id, touched(LATER)),
    "add_image": lambda work, it: add_image(work, _image(it)),
    "change_variant": lambda work, it: change_variant(work, it.variants[0], it.variants[0]),
    "delete_variant": lambda work, it: delete_variant(work, it.variants[0], LATER),
    "repeat_category": lambda work, it: repeat_category(work, it.id, CATEGORY),
    "forget_category": lambda work, it: forget_category(work, it.id, CATEGORY),
    "set_stock": lambda work, it: set_stock(work, shelf_of(it.variants[0]), 3, NOW),
    "add_stock": lambda work, it: add_stock(work, shelf_of(it.variants[0]), 3, NOW),
    "take_stock": lambda work, it: take_stock(work, shelf_of(it.variants[0]), 1, 0, NOW),
    "take_all": lambda work, it: take_all(work, shelf_of(it.variants[0]), NOW),
    "move_together": lambda work, it: move_together(
        work, [(shelf_of(it.variants[0]), 2)], 0, now=NOW, failed=StaleVersion("Stock")
    ),
}
REFUSED = (NotFound, StaleVersion, TransactionRefused)


@pytest.fixture
def product(table: str) -> Product:
    """A product with variants that have pieces, in a category."""
    CATEGORIES.put(AT_ONCE, CATEGORY)
    with UnitOfWork() as work:
        add_product(work, believable_row(7))
    found = product_by_id(7)
    assert found is not None
    assert found.variants[0].stock
    return found


def _empty() -> None:
    """What emptying a table does: rows go one by one, whoever has read them."""
    delete_item(document_key(7))
    delete_item(listing_key(7))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_no_row_is_made_of_a_change_that_meets_an_emptied_table(product: Product, write: Write) -> None:
    with just_before(COMMIT, _empty), pytest.raises(REFUSED), UnitOfWork() as work:
        write(work, product)
    assert (get_item(document_key(7)), get_item(listing_key(7))) == (None, None)
    assert changes_since(datetime(2026, 1, 1, tzinfo=UTC)).rows == []


OF_THE_VARIANT = ("set_stock", "add_stock", "take_stock", "take_all", "move_together", "change_variant")


@pytest.mark.parametrize("name", OF_THE_VARIANT)
def test_a_change_of_a_variant_that_is_gone_leaves_the_marks_as_they_were(
    product: Product, name: str
) -> None:
    left = []

    def both_rows() -> tuple[Item | None, Item | None]:
        return get_item(document_key(7)), get_item(listing_key(7))

    def meanwhile() -> None:
        with UnitOfWork() as rival:
            delete_variant(rival, product.variants[0], LATER)
        left.append(both_rows())

    with just_before(COMMIT, meanwhile), pytest.raises(REFUSED), UnitOfWork() as work:
        WRITES[name](work, product)
    assert [both_rows()] == left


def test_a_document_without_a_listing_row_is_changed_all_the_same(table: str) -> None:
    store([believable_row(7)])
    delete_item(listing_key(7))
    before = product_by_id(7)
    assert before is not None
    with UnitOfWork() as work:
        change_product(work, before, before)
    # What is made is a row that stands in no list, as before.
    made = get_item(listing_key(7)) or {}
    assert unmarked(made) == {"PK": "PRODUCT#7", "SK": "LISTING"}
    (told,) = changes_since(datetime(2026, 1, 1, tzinfo=UTC)).rows
    assert (told, "GSI2PK" in told) == (made, False)


def test_rows_of_before_are_marked_by_their_next_change(table: str) -> None:
    """They were in their creator's partition of GSI3, and had no marks."""
    own = replace(believable_row(7), creator_id="c-1", moderation_status="approved")
    store([own])
    old_keys = {"GSI3PK": "PRODUCT_CREATOR#c-1", "GSI3SK": "LISTING#2026-01-01T09:07:00.000Z#0000000007"}
    with UnitOfWork() as work:
        work.update(listing_key(7), _setting(old_keys))
    assert mark_of(get_item(listing_key(7)) or {}) is None
    with UnitOfWork() as work:
        delete_product(work, own, LATER)
    gone = get_item(listing_key(7)) or {}
    assert mark_of(gone) == gone["document_mark"]
    deleted = product_by_id(7)
    assert deleted is not None
    with UnitOfWork() as work:
        restore_product(work, deleted, LATER)
    back = get_item(listing_key(7)) or {}
    assert mark_of(back) == back["document_mark"] != gone["document_mark"]
    assert back["GSI2PK"] == "PRODUCT_STATUS#published"


def _setting(values: dict[str, str]) -> Update:
    update = Update()
    for name, value in values.items():
        update.set(name, value)
    return update


def test_a_variant_comes_with_its_stock_under_one_mark(product: Product) -> None:
    with UnitOfWork() as work:
        add_variant(work, replace(product.variants[0], id=777, sku="NEW", stock=4))
    document, listing = get_item(document_key(7)) or {}, get_item(listing_key(7)) or {}
    assert (listing["stock"]["777"], "777" in document["variants"]) == (4, True)
    assert document["document_mark"] == listing["document_mark"] == mark_of(listing)
