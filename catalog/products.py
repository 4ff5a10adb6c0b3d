"""Products: found by slug or id, created, changed, deleted and restored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from catalog.editions import numbered
from catalog.prices import refuse_fine_prices, refuse_finer_prices
from catalog.times import refuse_no_time_between
from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork, next_id, next_ids
from common.errors import Conflict, InvalidInput, NotFound
from common.media import key_of
from common.money import unrounded
from common.numeric_ids import numeric_id
from common.optimistic import retry_when_stale, unchecked
from common.picture_files import PictureFiles
from common.repositories.categories import CATEGORIES, Category
from common.repositories.product_writes import (
    add_product,
    change_product,
    delete_product,
    restore_product,
    slug_taken,
)
from common.repositories.products import (
    FIELDS,
    Image,
    Product,
    Variant,
    product_by_id,
    product_by_slug,
)
from common.repositories.withholding import creator_of_work, same_status_check, withheld_with
from common.stock_ledger import Event, take_over_counts
from common.stock_queue import announce

ENTITY = "Product"
# What stands behind /api/products/ in the place of a slug. A product that has such a one keeps it, and is
# read by its id.
RESERVED_SLUGS = frozenset({"suggest"})

Check = Callable[[Product], None]
# What is written in the transaction of a product besides it.
Extra = Callable[[UnitOfWork, Product], None]
# What becomes of a product besides the fields that were sent, of what it was and of what it would be.
Revise = Callable[[Product, Product], Product]


def nothing_more(_work: UnitOfWork, _product: Product) -> None:
    """Nothing is written besides the product."""


def as_sent(_before: Product, after: Product) -> Product:
    """The product as the fields that were sent make it."""
    return after


def find_product(slug_or_id: str, now: datetime, *, sees_all: bool) -> Product:
    """The product with this slug, else with this id; only what is public `now` unless `sees_all`.

    Raises NotFound. The slug wins because slugs such as `0011` look like ids.
    """
    product = product_by_slug(slug_or_id)
    if product is None and (product_id := numeric_id(slug_or_id)) is not None:
        product = product_by_id(product_id)
    if product is None or product.deleted_at or not (sees_all or product.is_public_at(iso(now))):
        raise NotFound("Product not found")
    return product


def product_with_slug(slug: str, now: datetime, *, sees_all: bool) -> Product:
    """The product with this slug, whatever its status; NotFound.

    Only what is approved, and what its times leave to the public `now`, unless `sees_all`.
    """
    product = product_by_slug(slug)
    if product is None or product.deleted_at:
        raise NotFound("Product not found")
    if not (sees_all or (product.is_approved and product.is_on_show(iso(now)))):
        raise NotFound("Product not found")
    return product


def live_product(product_id: int) -> Product:
    """The product with this id as it is at this moment; NotFound when missing or deleted."""
    product = product_by_id(product_id)
    if product is None or product.deleted_at:
        raise NotFound(f"Product with id {product_id} not found")
    return product


def create_product(
    data: Mapping[str, Any], actor: Actor, now: datetime, *, extra: Extra = nothing_more
) -> Product:
    """Creates a product with the images, variants and categories named in `data`; `extra` adds to it.

    Raises Conflict when its slug or a SKU is taken, InvalidInput for a category that is not there and a price
    that is finer than its currency.
    """
    return retry_when_stale(lambda: _create(data, actor, now, extra))


def _create(data: Mapping[str, Any], actor: Actor, now: datetime, extra: Extra) -> Product:
    categories = _categories(data.get("category_ids", ()))
    product_id = next_id("PRODUCT_ID")
    with PictureFiles(image_folder(product_id)) as files:
        images = _new_images(product_id, data.get("images", ()), files, iso(now))
        product = _create_as(product_id, images, categories, data, actor, now, extra)
    announce(variant.sku for variant in product.live_variants)
    return product


def _create_as(
    product_id: int,
    images: tuple[Image, ...],
    categories: Sequence[Category],
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    extra: Extra,
) -> Product:
    product = Product(
        id=product_id,
        created_at=iso(now),
        updated_at=iso(now),
        images=images,
        variants=_new_variants(product_id, data.get("variants", ()), iso(now)),
        categories=tuple(category.summary for category in categories),
        **{name: value for name, value in data.items() if name in FIELDS},
    )
    _refuse_reserved(product.slug)
    refuse_fine_prices(product)
    refuse_no_time_between(None, product)
    product = replace(product, base_price=unrounded(product.base_price, product.currency))
    with UnitOfWork() as work:
        add_product(work, product)
        _take_over_skus(work, product, now)
        for category in categories:
            CATEGORIES.guard(work, category)
        record(work, actor=actor, action="CREATE", entity_type=ENTITY, entity_id=product_id, now=now)
        extra(work, product)
    return product


def _refuse_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise slug_taken(slug)


def _take_over_skus(work: UnitOfWork, product: Product, now: datetime) -> None:
    """From now on the variants count the pieces of their SKUs, whatever was counted for these before."""
    event = Event("admin", str(uuid4()), "correction", now)
    take_over_counts(work, {variant.sku: variant.stock for variant in product.live_variants}, event)


def image_folder(product_id: int) -> str:
    """The S3 folder of a product's images."""
    return f"products/{product_id}"


def _new_images(
    product_id: int, images: Sequence[Mapping[str, Any]], files: PictureFiles, now: str
) -> tuple[Image, ...]:
    if not images:
        return ()
    keys = files.take_all([key_of(image["url"]) for image in images], field="images")
    ids = next_ids("IMAGE_ID", len(images))
    made = (
        Image(
            id=image_id,
            product_id=product_id,
            key=key,
            alt_text=image.get("alt_text") or "",
            position=image.get("position", index),
            created_at=now,
        )
        for index, (image_id, key, image) in enumerate(zip(ids, keys, images, strict=True))
    )
    return tuple(sorted(made, key=lambda image: (image.position, image.id)))


def _new_variants(product_id: int, variants: Sequence[Mapping[str, Any]], now: str) -> tuple[Variant, ...]:
    if not variants:
        return ()
    ids = next_ids("VARIANT_ID", len(variants))
    return tuple(
        numbered(Variant(id=variant_id, product_id=product_id, created_at=now, updated_at=now, **variant))
        for variant_id, variant in zip(ids, variants, strict=True)
    )


def update_product(
    product_id: int,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    check: Check = unchecked,
    revise: Revise = as_sent,
    extra: Extra = nothing_more,
    action: str = "UPDATE",
) -> Product:
    """Changes the fields in `data` and what `revise` does; `category_ids` replaces the categories.

    `check` sees the product on which the change is decided, and may refuse it. `extra` adds to the
    transaction, and the audit log calls the change `action`. Raises NotFound, Conflict
    when the new slug or SKU is taken, InvalidInput for an unknown category and a price that is finer than
    its currency.
    """

    def update() -> Product:
        before = live_product(product_id)
        check(before)
        categories = _categories(data["category_ids"]) if "category_ids" in data else None
        after = revise(before, _changed(before, data, categories, now))
        if after.slug != before.slug:
            _refuse_reserved(after.slug)
        refuse_finer_prices(before, after)
        refuse_no_time_between(before, after)
        _write(before, after, categories or (), actor, now, extra, action)
        return after

    return retry_when_stale(update)


def _changed(
    before: Product, data: Mapping[str, Any], categories: Sequence[Category] | None, now: datetime
) -> Product:
    fields = {name: value for name, value in data.items() if name in FIELDS}
    after = replace(before, updated_at=iso(now), version=before.version + 1, **fields)
    if categories is None:
        return after
    return replace(after, categories=tuple(category.summary for category in categories))


def _write(
    before: Product,
    after: Product,
    categories: Sequence[Category],
    actor: Actor,
    now: datetime,
    extra: Extra,
    action: str,
) -> None:
    changes = changes_between(_audited(before), _audited(after))
    with UnitOfWork() as work:
        change_product(work, before, after)
        for category in categories:
            CATEGORIES.guard(work, category)
        record(
            work,
            actor=actor,
            action=action,
            entity_type=ENTITY,
            entity_id=after.id,
            now=now,
            changes=changes,
        )
        extra(work, after)
    if after.is_public_at(iso(now)) != before.is_public_at(iso(now)):
        # What is not public is on sale nowhere.
        announce(variant.sku for variant in after.live_variants)


def _audited(product: Product) -> dict[str, Any]:
    fields = {name: getattr(product, name) for name in FIELDS}
    return {**fields, "category_ids": [category.id for category in product.categories]}


def remove_product(
    product_id: int,
    actor: Actor,
    now: datetime,
    *,
    check: Check = unchecked,
    extra: Extra = nothing_more,
    action: str = "DELETE",
) -> None:
    """Deletes a product softly, its variants and names with it; repeating it changes nothing.

    `check`, `extra` and `action` as in `update_product`. Raises NotFound for an id that never was.
    """
    retry_when_stale(lambda: _remove(product_id, actor, now, check, extra, action))


def _remove(product_id: int, actor: Actor, now: datetime, check: Check, extra: Extra, action: str) -> None:
    product = product_by_id(product_id)
    if product is None:
        raise NotFound(f"Product with id {product_id} not found")
    if product.deleted_at:
        return
    check(product)
    with UnitOfWork() as work:
        delete_product(work, product, iso(now))
        record(work, actor=actor, action=action, entity_type=ENTITY, entity_id=product_id, now=now)
        extra(work, product)
    announce(variant.sku for variant in product.live_variants)


def bring_back_product(product_id: int, actor: Actor, now: datetime) -> Product:
    """Restores a deleted product; repeating it changes nothing.

    Raises NotFound, or Conflict when its slug or a SKU belongs to another product by now.
    """
    return retry_when_stale(lambda: _bring_back(product_id, actor, now))


def _bring_back(product_id: int, actor: Actor, now: datetime) -> Product:
    product = product_by_id(product_id)
    if product is None:
        raise NotFound(f"Product with id {product_id} not found")
    if product.deleted_at:
        creator = creator_of_work(product)
        with UnitOfWork() as work:
            restore_product(work, product, iso(now), withheld=withheld_with(creator))
            same_status_check(work, creator)
            _take_over_skus(work, product, now)
            record(work, actor=actor, action="RESTORE", entity_type=ENTITY, entity_id=product_id, now=now)
        announce(variant.sku for variant in product.live_variants)
    return live_product(product_id)


def _categories(category_ids: Sequence[int]) -> list[Category]:
    categories = []
    for category_id in dict.fromkeys(category_ids):
        category = CATEGORIES.get(category_id)
        if category is None or category.deleted_at:
            raise InvalidInput.of_field("category_ids", f"names category {category_id}, which does not exist")
        categories.append(category)
    return sorted(categories, key=lambda category: category.id)


def refuse_when_full(present: int, maximum: int, what: str) -> None:
    """Raises Conflict when a product already has as many images or variants as it may have."""
    if present >= maximum:
        raise Conflict(f"A product has {maximum} {what} at the most")
