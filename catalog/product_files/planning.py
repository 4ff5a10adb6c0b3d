"""Decides what a file is going to do to the shop, and finds everything that the run would be refused with."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from catalog.prices import refuse_fine_prices, refuse_finer_prices
from catalog.product_files.columns import SLUG
from catalog.product_files.field_plans import changed_fields, new_fields, planned_categories
from catalog.product_files.known import Known, known_of
from catalog.product_files.picture_plans import planned_pictures
from catalog.product_files.plan import Plan, Step
from catalog.product_files.said import Reading, SaidProduct
from catalog.product_files.taken_names import note_taken_names
from catalog.product_files.variant_plans import VariantPlan, planned_variants
from catalog.products import RESERVED_SLUGS
from catalog.repositories.product_imports import Told
from catalog.times import refuse_no_time_between
from common.errors import InvalidInput
from common.repositories.products import Product


def plan_of(reading: Reading, now: datetime) -> Plan:
    """The plan of a file that was read, for the shop as it is; nothing is written.

    Steps are of use only where there are no errors.
    """
    known = known_of(reading.products)
    note_taken_names(reading, known)
    plan = Plan(errors=reading.errors, warnings=reading.warnings)
    for said in reading.products:
        steps = list(_steps(reading, said, known, now))
        plan.steps.extend(steps)
        plan.left += not steps
    return plan


def _steps(reading: Reading, said: SaidProduct, known: Known, now: datetime) -> Iterator[Step]:
    product = known.products.get(said.slug)
    if product is None:
        yield from _creation(reading, said, known, now)
    elif product.creator_id is not None:
        reading.wrong(said.row, SLUG, "names a work of a creator, who changes it by their own page")
    else:
        told = known.told.get((said.exported, product.id))
        yield from _changes(reading, said, product, known, told, now)


def _creation(reading: Reading, said: SaidProduct, known: Known, now: datetime) -> Iterator[Step]:
    from catalog.schemas import MAX_VARIANTS_AT_ONCE

    if said.slug in RESERVED_SLUGS:
        reading.wrong(said.row, SLUG, "is taken")
    fields = new_fields(reading, said)
    if fields:
        _hold_together(reading, said, None, fields)
    categories = planned_categories(reading, said, None, known)
    pictures = planned_pictures(reading, said, None)
    plan = planned_variants(reading, said, None, fields, Told(0, {}), now)
    first, later = plan.new[:MAX_VARIANTS_AT_ONCE], plan.new[MAX_VARIANTS_AT_ONCE:]
    made = Step(
        "create",
        said.slug,
        said.row,
        fields={**fields, "slug": said.slug},
        category_ids=categories or (),
        pictures=pictures,
        variants=tuple(each.fields for each in first),
        exported=said.exported,
        told_version=1,
        told_stock={each.key: each.told for each in first if each.told is not None},
    )
    yield made
    made = replace(made, told_before=made.told_stock)
    # A transaction does not hold more variants at once.
    yield from _variant_steps(made, VariantPlan(new=later))


def _changes(
    reading: Reading, said: SaidProduct, product: Product, known: Known, earlier: Told | None, now: datetime
) -> Iterator[Step]:
    told = earlier or Told(0, {})
    errors = len(reading.errors)
    fields = changed_fields(reading, said, product)
    categories = planned_categories(reading, said, product, known)
    pictures = planned_pictures(reading, said, product)
    if len(reading.errors) == errors:
        _hold_together(reading, said, product, fields)
    plan = planned_variants(reading, said, product, fields, told, now)
    is_changed = bool(fields) or categories is not None or pictures is not None
    if is_changed or plan.changes_product:
        _hold_version(reading, said, product, told)
    step = Step(
        "product",
        said.slug,
        said.row,
        version=product.version,
        product_id=product.id,
        fields=fields,
        category_ids=categories,
        pictures=pictures,
        exported=said.exported,
        told_version=product.version + is_changed,
        told_stock=told.stock,
        told_before=earlier.stock if earlier else None,
    )
    if is_changed:
        yield step
        step = replace(step, told_before=step.told_stock)
    yield from _variant_steps(step, plan)


def _variant_steps(before: Step, plan: VariantPlan) -> Iterator[Step]:
    """The steps of variants after the one `before`; those that change the product count its version on.

    What the export told is kept with each step as far as that step has come, so that none counts as done
    before it is.
    """
    version, told, earlier = before.told_version, dict(before.told_stock), before.told_before
    bare = replace(before, fields={}, category_ids=None, pictures=None, variants=())
    for each in (*plan.new, *plan.changed):
        if each.told is not None:
            told[each.key] = each.told
        yield replace(
            bare,
            kind="new_variant" if each.id is None else "variant",
            row=each.row,
            version=version,
            fields=each.fields,
            variant_id=each.id,
            told_version=version + 1,
            told_stock=dict(told),
            told_before=earlier,
        )
        version, earlier = version + 1, dict(told)
    for move in plan.moves:
        told[move.key] = move.told
        yield replace(
            bare,
            kind="stock",
            row=move.row,
            version=None,
            variant_id=move.id,
            delta=move.delta,
            told_version=version,
            told_stock=dict(told),
            told_before=earlier,
        )
        earlier = dict(told)


def _hold_together(
    reading: Reading, said: SaidProduct, product: Product | None, fields: Mapping[str, Any]
) -> None:
    """Notes fields that do not go together: a price and its currency, and the times of being public."""
    try:
        if product is None:
            made = Product(id=0, created_at="", updated_at="", **fields)
            refuse_fine_prices(made)
            refuse_no_time_between(None, made)
        else:
            after = replace(product, **fields)
            refuse_finer_prices(product, after)
            refuse_no_time_between(product, after)
    except InvalidInput as error:
        for name, messages in error.fields.items():
            row = said.cells[name].row if name in said.cells else said.row
            reading.wrong(row, name, "; ".join(messages))


def _hold_version(reading: Reading, said: SaidProduct, product: Product, told: Told) -> None:
    """An export that is older than what is there now is no reason to write over it."""
    if not said.version:
        return
    seen = told.version or (int(said.version) if said.version.isdigit() else -1)
    if seen != product.version:
        changed = (
            "was changed after this file was exported: export it again, or empty this cell to write over it"
        )
        reading.wrong(said.row, "version", changed)
