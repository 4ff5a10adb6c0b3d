"""Variants: added, changed, taken off sale, and counted."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from catalog.editions import numbered, renumbered
from catalog.prices import held_against
from catalog.products import Check, live_product, refuse_when_full
from catalog.repositories.product_parts import add_variant, change_variant, delete_variant
from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork, get_item, next_id
from common.errors import NotFound
from common.optimistic import retry_when_stale, unchecked
from common.repositories.edition_rows import redefining
from common.repositories.product_writes import variant_pointer_key
from common.repositories.products import Product, Variant
from common.repositories.stock import setting, shelf_of
from common.repositories.stock_movements import Reason
from common.stock_ledger import Event, book_count, count, put_in, take_out, take_over_counts
from common.stock_queue import announce

ENTITY = "ProductVariant"
MAX_VARIANTS = 40
_AUDITED = ("sku", "name", "attributes", "price_adjustment", "stock", "weight")

Extra = Callable[[UnitOfWork], None]
StockOperation = Literal["set", "add", "subtract"]


def find_variant(variant_id: int) -> Variant:
    """The variant with this id while it and its product are on sale; else NotFound."""
    return variant_of(product_with(variant_id), variant_id)


def product_with(variant_id: int) -> Product:
    """The product that a variant belongs to as it is at this moment; NotFound when it is not on sale."""
    pointer = get_item(variant_pointer_key(variant_id), consistent=True)
    if pointer is None:
        raise NotFound("Variant not found")
    try:
        return live_product(int(pointer["product_id"]))
    except NotFound:
        raise NotFound("Variant not found") from None


def variant_of(product: Product, variant_id: int) -> Variant:
    """The live variant of a product that has this id; else NotFound."""
    for variant in product.live_variants:
        if variant.id == variant_id:
            return variant
    raise NotFound("Variant not found")


def variant_title(product: Product, variant: Variant) -> str:
    """What a variant is called where its product is not beside it."""
    return f"{product.title}, {variant.name}"


def create_variant(
    product_id: int, data: Mapping[str, Any], actor: Actor, now: datetime, *, extra: Extra | None = None
) -> Variant:
    """Adds a variant to a product; `extra` adds to the same transaction.

    Raises NotFound for the product, Conflict for a SKU that is taken or a product that is full, InvalidInput
    for an adjustment that is finer than the product's currency or a stock larger than the edition.
    """
    product = live_product(product_id)
    refuse_when_full(len(product.live_variants), MAX_VARIANTS, "variants")
    variant_id = next_id("VARIANT_ID")
    made = Variant(id=variant_id, product_id=product_id, created_at=iso(now), updated_at=iso(now), **data)
    variant = numbered(made)
    with UnitOfWork() as work:
        add_variant(work, variant, held_against(variant, product), beside=product.variants)
        take_over_counts(work, {variant.sku: variant.stock}, admin_event("correction", now))
        record(work, actor=actor, action="CREATE", entity_type=ENTITY, entity_id=variant.id, now=now)
        if extra is not None:
            extra(work)
    announce([variant.sku])
    return variant


def update_variant(
    variant_id: int,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    check: Check = unchecked,
    extra: Extra | None = None,
) -> Variant:
    """Changes the fields in `data`; `stock` among them sets what is there.

    `check` sees the product on which the change is decided, and may refuse it; `extra` adds to the same
    transaction. Raises NotFound, Conflict when the new SKU is taken or a change of the edition would make a
    number untrue, InvalidInput for an adjustment that is finer than the product's currency or a stock that
    the edition has no numbers for.
    """
    return retry_when_stale(lambda: _update(variant_id, data, actor, now, check, extra or _nothing_more))


def _nothing_more(_work: UnitOfWork) -> None:
    """Nothing is written besides."""


def _update(
    variant_id: int, data: Mapping[str, Any], actor: Actor, now: datetime, check: Check, extra: Extra
) -> Variant:
    product = product_with(variant_id)
    check(product)
    before = variant_of(product, variant_id)
    after = renumbered(before, replace(before, updated_at=iso(now), **data))
    changes = changes_between(_audited(before), _audited(after))
    is_repriced = after.price_adjustment != before.price_adjustment
    priced_in = held_against(after, product) if is_repriced else None
    shelf = shelf_of(replace(after, stock=before.stock, numbering=before.numbering))
    stock = None
    if after.numbering != before.numbering:
        stock = redefining(product, shelf, after, now)
    elif "stock" in data:
        stock = setting(shelf, after.stock, now)
    with UnitOfWork() as work:
        change_variant(work, before, after, priced_in, stock=stock)
        if after.sku != before.sku:
            take_over_counts(work, {after.sku: after.stock}, admin_event("correction", now))
        if "stock" in data:
            book_count(work, shelf, after.stock, admin_event("count", now), variant_title(product, after))
        record(
            work,
            actor=actor,
            action="UPDATE",
            entity_type=ENTITY,
            entity_id=variant_id,
            now=now,
            changes=changes,
        )
        extra(work)
    announce([before.sku, after.sku])
    return after


def _audited(variant: Variant) -> dict[str, Any]:
    edition = {"edition": asdict(variant.edition)} if variant.edition else {}
    return {name: getattr(variant, name) for name in _AUDITED} | edition


def remove_variant(variant_id: int, actor: Actor, now: datetime, *, check: Check = unchecked) -> None:
    """Takes a variant off sale and gives its SKU free; NotFound when it is not on sale."""
    retry_when_stale(lambda: _remove(variant_id, actor, now, check))


def _remove(variant_id: int, actor: Actor, now: datetime, check: Check) -> None:
    product = product_with(variant_id)
    check(product)
    variant = variant_of(product, variant_id)
    with UnitOfWork() as work:
        delete_variant(work, variant, iso(now))
        record(work, actor=actor, action="DELETE", entity_type=ENTITY, entity_id=variant_id, now=now)
    announce([variant.sku])


def count_stock(
    variant_id: int,
    operation: StockOperation,
    quantity: int,
    actor: Actor,
    now: datetime,
    *,
    check: Check = unchecked,
    extra: Extra | None = None,
) -> Variant:
    """Sets, adds to or takes from what is there of a variant; the count never goes below zero.

    `extra` adds to the same transaction.

    Raises NotFound, or InsufficientStock (400) when more is taken than is there.
    """

    def step() -> None:
        product = product_with(variant_id)
        check(product)
        variant = variant_of(product, variant_id)
        _count(product, variant, operation, quantity, actor, now, extra or _nothing_more)

    retry_when_stale(step)
    return find_variant(variant_id)


def _count(
    product: Product,
    variant: Variant,
    operation: StockOperation,
    quantity: int,
    actor: Actor,
    now: datetime,
    extra: Extra,
) -> None:
    shelf, title = shelf_of(variant), variant_title(product, variant)
    with UnitOfWork() as work:
        if operation == "set":
            count(work, shelf, quantity, admin_event("count", now), title)
        elif operation == "subtract" and quantity:
            take_out(work, shelf, quantity, admin_event("correction", now), title)
        elif quantity:
            put_in(work, shelf, quantity, admin_event("correction", now))
        record_count(work, variant, operation, quantity, actor, now)
        extra(work)
    announce([variant.sku])


def record_count(
    work: UnitOfWork,
    variant: Variant,
    operation: StockOperation,
    quantity: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Records what an administrator made of the stock of a variant, which is as it was before."""
    record(
        work,
        actor=actor,
        action="UPDATE_STOCK",
        entity_type=ENTITY,
        entity_id=variant.id,
        now=now,
        changes={"stock": {"old": variant.stock, "operation": operation, "quantity": quantity}},
    )


def admin_event(reason: Reason, now: datetime) -> Event:
    """What an administrator does; each time is an event of its own."""
    return Event("admin", str(uuid4()), reason, now)
