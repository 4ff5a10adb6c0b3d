"""Writing the variants and images of a product, each against an older reading too."""

from dataclasses import replace

import pytest

from catalog.repositories.product_parts import (
    add_image,
    add_variant,
    change_image,
    change_variant,
    delete_variant,
    remove_image,
)
from common.clock import parse_iso
from common.dynamodb import UnitOfWork, get_item
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion
from common.repositories.product_writes import add_product
from common.repositories.products import Product, product_by_id
from common.repositories.stock import set_stock, shelf_of
from common.repositories.stock_movements import movements_of_variant
from tests.catalog.builders import believable_row

LATER = "2026-02-01T00:00:00.000Z"


@pytest.fixture
def product(table: str) -> Product:
    """A stored product with three variants and three images."""
    made = believable_row(7)
    with UnitOfWork() as work:
        add_product(work, made)
    return made


def _now() -> Product:
    found = product_by_id(7)
    assert found is not None
    return found


def test_a_variant_is_added_with_stock_pointer_and_name(product: Product) -> None:
    added = replace(product.variants[0], id=99, sku="NEW", stock=4, created_at=LATER, updated_at=LATER)
    with UnitOfWork() as work:
        add_variant(work, added)
    assert _now().variants == (*product.variants, added)
    assert _now().version == product.version + 1
    assert (get_item(("VARIANT#99", "METADATA")) or {})["product_id"] == 7
    (opening,) = movements_of_variant(99)
    assert (opening.delta, opening.reason, opening.sku, opening.created_at) == (4, "count", "NEW", LATER)
    with pytest.raises(Conflict, match="SKU 'NEW'"), UnitOfWork() as work:
        add_variant(work, replace(added, id=100))
    assert get_item(("VARIANT#100", "METADATA")) is None


def test_the_pointer_of_a_variant_without_pieces_records_nothing(product: Product) -> None:
    with UnitOfWork() as work:
        add_variant(work, replace(product.variants[0], id=99, sku="NEW", stock=0))
    assert get_item(("VARIANT#99", "METADATA")) == {"PK": "VARIANT#99", "SK": "METADATA", "product_id": 7}
    assert movements_of_variant(99) == []


def test_a_deletion_records_the_pieces_that_go_with_the_variant(product: Product) -> None:
    gone = product.variants[0]
    with UnitOfWork() as work:
        set_stock(work, shelf_of(gone), 6, parse_iso(LATER))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        delete_variant(work, replace(gone, stock=5), LATER)
    with UnitOfWork() as work:
        delete_variant(work, replace(gone, stock=6), LATER)
    removal = movements_of_variant(gone.id)[-1]
    assert (removal.delta, removal.reason, removal.source) == (-6, "correction", "removal")


def test_a_variant_is_changed_once_for_each_reading(product: Product) -> None:
    before = product.variants[0]
    after = replace(before, name="New", sku="NEW", updated_at=LATER)
    with UnitOfWork() as work:
        change_variant(work, before, after)
    assert _now().variants[0] == after
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        change_variant(work, before, replace(before, name="Mine"))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        delete_variant(work, before, LATER)
    assert _now().variants[0] == after


def test_a_deleted_variant_cannot_be_changed_or_deleted_again(product: Product) -> None:
    before = product.variants[0]
    with UnitOfWork() as work:
        delete_variant(work, before, LATER)
    assert _now().live_variants == product.variants[1:]
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        change_variant(work, before, replace(before, name="Back"))
    with pytest.raises(StaleVersion), UnitOfWork() as work:
        delete_variant(work, before, LATER)
    assert _now().live_variants == product.variants[1:]


def test_changes_of_one_image_leave_the_others_alone(product: Product) -> None:
    first, second, third = product.images
    with UnitOfWork() as work:
        change_image(work, first, {"position": 9, "alt_text": "New"}, LATER)
    with UnitOfWork() as work:
        remove_image(work, second, LATER)
    added = replace(second, id=99, position=5)
    with UnitOfWork() as work:
        add_image(work, added)
    assert _now().images == (third, added, replace(first, position=9, alt_text="New"))


def test_an_image_that_is_gone_cannot_be_changed_or_removed(product: Product) -> None:
    gone = product.images[0]
    with UnitOfWork() as work:
        remove_image(work, gone, LATER)
    with pytest.raises(NotFound, match="Image not found"), UnitOfWork() as work:
        change_image(work, gone, {"position": 1}, LATER)
    with pytest.raises(StaleVersion, match=f"Image {gone.id}"), UnitOfWork() as work:
        remove_image(work, gone, LATER)
    assert _now().images == product.images[1:]
