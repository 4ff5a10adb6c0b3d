"""What a file changes of a product's variants: which are new, what changes of others, which pieces move."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.product_files.columns import (
    NAME,
    SKU,
    STOCK,
    STOCK_SEEN,
    VARIANT_COLUMNS,
    Column,
    variant_cells,
)
from catalog.product_files.edition_plans import COLUMNS as EDITION
from catalog.product_files.edition_plans import hold_edition, hold_new_edition, said_edition
from catalog.product_files.field_plans import is_same, loaded, value
from catalog.product_files.said import Reading, SaidProduct, SaidVariant
from catalog.repositories.product_imports import EXPORT_KEPT, Told
from catalog.variants import MAX_VARIANTS
from common.clock import parse_iso
from common.currencies import DEFAULT_CURRENCY
from common.errors import InvalidInput
from common.money import refuse_finer
from common.repositories.products import Product, Variant

MAX_STOCK = 1_000_000
_EXPORTED = re.compile(r"([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{8}")
_COLUMNS = (Column(SKU, "sku"), Column(NAME, "name"), *VARIANT_COLUMNS)


@dataclass(frozen=True, slots=True)
class PlannedVariant:
    """A variant that is made (`id` is None) or changed, and the pieces that the file told of a new one."""

    row: int
    key: str
    id: int | None
    fields: Mapping[str, Any]
    told: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Pieces that come to a variant, or go; `told` is the number in the file."""

    row: int
    key: str
    id: int
    delta: int
    told: int


@dataclass(slots=True)
class VariantPlan:
    """What becomes of the variants of one product."""

    new: list[PlannedVariant] = field(default_factory=list)
    changed: list[PlannedVariant] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    @property
    def changes_product(self) -> bool:
        """Whether the product's version moves."""
        return bool(self.new or self.changed)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What variants of one product are planned by: what is there, what its price is in, what was told."""

    reading: Reading
    said: SaidProduct
    product: Product | None
    currency: str
    told: Told
    now: datetime


def planned_variants(
    reading: Reading,
    said: SaidProduct,
    product: Product | None,
    fields: Mapping[str, Any],
    told: Told,
    now: datetime,
) -> VariantPlan:
    """The plan of a product's variants; `fields` are those of the product that change, `told` as it was told.

    Variants are found by their SKU, one without by its name. Those that the file does not name stay.
    """
    currency = fields.get("currency") or (product.currency if product else DEFAULT_CURRENCY)
    basis = _Basis(reading, said, product, currency, told, now)
    present = dict(_keyed(product.live_variants, lambda it: (it.sku, it.name))) if product else {}
    plan = VariantPlan()
    for key, each in _keyed(said.variants, lambda it: (it.text(SKU), it.text(NAME))):
        variant = present.get(key)
        if variant is None:
            plan.new.append(_new(basis, key, each))
        else:
            _change(basis, plan, key, each, variant)
    if len(present) + len(plan.new) > MAX_VARIANTS:
        reading.wrong(said.row, SKU, f"is of more variants than the {MAX_VARIANTS} that a product may have")
    return plan


def is_export(token: str) -> bool:
    """Whether it names an export; a token that was cut off does not."""
    return _EXPORTED.fullmatch(token) is not None


def _keyed(variants: Iterable[Any], names: Any) -> Iterable[tuple[str, Any]]:
    """Each variant by its SKU, else by its name and which of several it is."""
    seen: Counter[str] = Counter()
    for each in variants:
        sku, name = names(each)
        key = sku or f"#{name}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key}#{seen[key]}", each


def _new(basis: _Basis, key: str, each: SaidVariant) -> PlannedVariant:
    own = (column for column in _COLUMNS if each.text(column.name) and column.name not in EDITION)
    raw: dict[str, Any] = {column.field: value(column, each.cells[column.name]) for column in own}
    if each.text(STOCK):
        raw["stock"] = each.text(STOCK)
    if (edition := said_edition(each)) is not None:
        raw["edition"] = edition
    fields = loaded(basis.reading, "VariantSchema", raw, _rows(each), partial=False)
    _hold_price(basis, each, fields.get("price_adjustment"))
    hold_new_edition(basis.reading, each, fields)
    told = fields.get("stock") if basis.said.exported else None
    return PlannedVariant(each.row, key, None, fields, told)


def _change(basis: _Basis, plan: VariantPlan, key: str, each: SaidVariant, variant: Variant) -> None:
    fields = _fields(basis, each, variant)
    if "price_adjustment" in fields:
        _hold_price(basis, each, fields["price_adjustment"])
    if fields:
        plan.changed.append(PlannedVariant(each.row, key, variant.id, fields))
    move = _move(basis, key, each, variant)
    if move is not None:
        plan.moves.append(move)
    hold_edition(basis.reading, each, variant, fields, move.delta if move else 0)


def _fields(basis: _Basis, each: SaidVariant, variant: Variant) -> dict[str, Any]:
    """The fields of a variant that the file says otherwise than they are."""
    shown = variant_cells(variant, basis.currency)
    said = [column for column in _COLUMNS if column.name in each.cells]
    differing = [column for column in said if not is_same(each.cells[column.name], shown, column.name)]
    raw = {column.field: _changed(column, each) for column in differing if column.name not in EDITION}
    if any(column.name in EDITION for column in differing):
        raw["edition"] = said_edition(each, shown)
    fields = loaded(basis.reading, "VariantSchema", raw, _rows(each), partial=True)
    return {name: it for name, it in fields.items() if name in raw and it != getattr(variant, name)}


def _changed(column: Column, each: SaidVariant) -> object:
    """What a cell says of a variant that is there: an empty one is no attributes, and no other price."""
    said = value(column, each.cells[column.name])
    if said is None and column.kind in {"json", "money"}:
        return {} if column.kind == "json" else Decimal(0)
    return said


def _hold_price(basis: _Basis, each: SaidVariant, adjustment: Decimal | None) -> None:
    try:
        refuse_finer("price_adjustment", adjustment, basis.currency)
    except InvalidInput as error:
        basis.reading.wrong(each.row, "price_adjustment", "; ".join(error.fields["price_adjustment"]))


def _move(basis: _Basis, key: str, each: SaidVariant, variant: Variant) -> Move | None:
    """The pieces that a file adds or takes: the difference to what its export showed, or told last."""
    text = each.text(STOCK)
    if not text:
        return None
    pieces, seen = _whole(basis, each, STOCK), _whole(basis, each, STOCK_SEEN)
    if pieces is None:
        return None
    if seen is None or not basis.said.exported:
        if pieces != variant.stock:
            left = "is left as it is: only a file with stock_seen and exported changes pieces that are there"
            basis.reading.warn(each.row, STOCK, left)
        return None
    delta = pieces - basis.told.stock.get(key, seen)
    if not delta:
        return None
    if not 0 <= variant.stock + delta <= MAX_STOCK:
        moved = f"would make {variant.stock + delta} of the {variant.stock} pieces that there are"
        basis.reading.wrong(each.row, STOCK, moved)
    _hold_age(basis, each)
    return Move(each.row, key, variant.id, delta, pieces)


def _hold_age(basis: _Basis, each: SaidVariant) -> None:
    found = _EXPORTED.fullmatch(basis.said.exported)
    if found and basis.now - parse_iso(found[1]) > EXPORT_KEPT:
        basis.reading.wrong(each.row, STOCK, f"is of an export of more than {EXPORT_KEPT.days} days ago")


def _whole(basis: _Basis, each: SaidVariant, name: str) -> int | None:
    text = each.text(name)
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 8:
        return int(text)
    basis.reading.wrong(each.row, name, "must be a whole number")
    return None


def _rows(each: SaidVariant) -> dict[str, tuple[int, str]]:
    named = {column.field: (each.row, column.name) for column in _COLUMNS}
    editions = {"edition": (each.row, "edition_size"), "edition.proofs": (each.row, "edition_proofs")}
    return {**named, STOCK: (each.row, STOCK), **editions}
