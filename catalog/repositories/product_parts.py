"""Writing the parts of a product: its variants and images, each under its id in the document."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.dynamodb import Condition, UnitOfWork, Update, attr, change, release
from common.errors import NotFound
from common.optimistic import StaleVersion
from common.repositories.catalogue_changes import RowChange
from common.repositories.edition_rows import begun
from common.repositories.product_writes import (
    VARIANT_SKU_KIND,
    add_variant_pointer,
    change_document,
    claim_variant_sku,
    sku_taken,
    touched,
    variant_owner,
)
from common.repositories.products import IMAGE, Image, Variant, variant_map
from common.repositories.stock import Shelf, removal, shelf_of
from common.repositories.stock_movements import Movement, add_movement


def add_variant(
    work: UnitOfWork, variant: Variant, priced_in: str | None = None, *, beside: Sequence[Variant] = ()
) -> None:
    """Adds a variant to a live product, with its stock, edition, pointer and SKU marker.

    `priced_in` is the currency that its price was held against, if it was: StaleVersion at the commit when
    the product has another by then. `beside` are the variants that the product has already.
    """
    entry = ("variants", str(variant.id))
    update = touched(variant.created_at).set(entry, variant_map(variant))
    counted, possible = begun(Update().set(("stock", str(variant.id)), variant.stock), variant, beside)
    stock = RowChange(counted, possible, _stale(variant) if possible else None)
    if priced_in is None:
        change_document(work, variant.product_id, update, listing=stock)
    else:
        same = _priced_in(priced_in)
        change_document(work, variant.product_id, update, same, _stale(variant), listing=stock)
    claim_variant_sku(work, variant)
    add_variant_pointer(work, variant)


def change_variant(
    work: UnitOfWork,
    before: Variant,
    after: Variant,
    priced_in: str | None = None,
    *,
    stock: RowChange | None = None,
) -> None:
    """Writes a variant's new name, SKU, attributes and price, and what becomes of its `stock` besides.

    `priced_in` as in `add_variant`.
    """
    entry = ("variants", str(after.id))
    # Stops two changes of one variant from each releasing the same old SKU or undoing the other, even
    # within one millisecond, and a change from putting a variant back that was deleted meanwhile.
    same = attr(*entry).eq(variant_map(before))
    if priced_in is not None:
        same &= _priced_in(priced_in)
    update = touched(after.updated_at).set(entry, variant_map(after))
    change_document(work, after.product_id, update, same, _stale(after), listing=stock)
    taken = sku_taken(after.sku, VARIANT_SKU_KIND)
    change(work, VARIANT_SKU_KIND, before.sku, after.sku, variant_owner(after), taken)


def delete_variant(work: UnitOfWork, variant: Variant, now: str) -> None:
    """Takes a variant off sale: its row stays, its stock and its SKU marker go.

    StaleVersion at the commit when its stock or anything else of it is not what was read.
    """
    entry = ("variants", str(variant.id))
    update = touched(now).set((*entry, "deleted_at"), now)
    # Stops a second deletion, and one of a variant whose SKU was changed a moment ago.
    same = attr(*entry).eq(variant_map(variant))
    shelf = shelf_of(variant)
    change_document(work, variant.product_id, update, same, _stale(variant), listing=removal(shelf))
    if shelf.seen:
        add_movement(work, _removal(shelf, now))
    if variant.sku:
        release(work, VARIANT_SKU_KIND, variant.sku, variant_owner(variant))


def _priced_in(currency: str) -> Condition:
    """Stops an adjustment of 0.50 from joining a product that has just been priced in yen."""
    return attr("currency").eq(currency)


def _stale(variant: Variant) -> StaleVersion:
    return StaleVersion(f"Variant {variant.id}")


def _removal(shelf: Shelf, now: str) -> Movement:
    return Movement(
        delta=-shelf.seen,
        reason="correction",
        source="removal",
        event_id=str(shelf.variant_id),
        created_at=now,
        sku=shelf.sku,
        variant_id=shelf.variant_id,
        product_id=shelf.product_id,
    )


def add_image(work: UnitOfWork, image: Image) -> None:
    """Adds an image to a live product."""
    entry = ("images", str(image.id))
    change_document(work, image.product_id, touched(image.created_at).set(entry, IMAGE.store(image)))


def change_image(work: UnitOfWork, image: Image, changes: Mapping[str, Any], now: str) -> None:
    """Sets the named attributes of one image; changes of other images at the same time both hold.

    StaleVersion at the commit when its key, which is to change, is not the one that was read.
    """
    update = touched(now)
    for name, value in changes.items():
        update = update.set(("images", str(image.id), name), value)
    if "key" in changes:
        change_document(work, image.product_id, update, _has_key(image), StaleVersion(f"Image {image.id}"))
    else:
        change_document(work, image.product_id, update, _image_exists(image), NotFound("Image not found"))


def remove_image(work: UnitOfWork, image: Image, now: str) -> None:
    """Removes an image from its product; StaleVersion at the commit when its key is not what was read."""
    update = touched(now).remove(("images", str(image.id)))
    change_document(work, image.product_id, update, _has_key(image), StaleVersion(f"Image {image.id}"))


def _has_key(image: Image) -> Condition:
    """Stops a writer who read another file than it drops, whose file nobody would delete any more."""
    return attr("images", str(image.id), "key").eq(image.key)


def _image_exists(image: Image) -> Condition:
    """Stops a change of an image that was removed a moment ago from leaving half of one behind."""
    return attr("images", str(image.id)).exists()
