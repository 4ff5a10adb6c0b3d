"""The terms on which the shop sells, part by part: read, set, taken away."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, NamedTuple

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.dynamodb.shapes import Shape
from common.errors import Outdated
from common.optimistic import StaleVersion, retry_when_stale, unchecked
from common.repositories.selling_terms import (
    TERMS,
    Papers,
    Seller,
    SellingTerms,
    Shipping,
    Taxes,
    selling_terms,
)

ENTITY = "SellingTerms"

Check = Callable[[SellingTerms], None]


class Part(NamedTuple):
    """A part of the terms: the field of SellingTerms `name`, of the type `entity`.

    `schema` is what may be sent of it, a TermsSchema by its name in the domain, `answer` what is shown.
    """

    name: str
    entity: type[Any]
    schema: str
    answer: str


_PARTS = (
    Part("seller", Seller, "selling_terms_schemas.SellerSchema", "SellerTerms"),
    Part("shipping", Shipping, "shipping_schemas.ShippingSchema", "ShippingTerms"),
    Part("papers", Papers, "selling_terms_schemas.PapersSchema", "PaperTerms"),
    Part("taxes", Taxes, "tax_schemas.TaxesSchema", "TaxTerms"),
)
PARTS: Mapping[str, Part] = {part.name: part for part in _PARTS}


def terms_json(terms: SellingTerms) -> dict[str, Any]:
    """All parts, null where one is not set."""
    parts = {name: _held(terms, name) for name in PARTS}
    return {"parts": parts, "version": terms.version, "updated_at": terms.updated_at}


def part_json(terms: SellingTerms, name: str) -> dict[str, Any]:
    """One part: its fields where it is set, beside `is_set`, and `version` and `updated_at` of the terms."""
    held = _held(terms, name)
    state = {"is_set": held is not None, "version": terms.version, "updated_at": terms.updated_at}
    return {**(held or {}), **state}


def set_part(
    name: str, data: Mapping[str, Any], actor: Actor, now: datetime, *, check: Check = unchecked
) -> SellingTerms:
    """Sets a part to the validated fields in `data`, whole: what is not in it is as by default.

    A `version` in `data` is that of the terms that the sender saw: Outdated when they were changed since.
    `check` sees the terms as they are and may refuse. Setting what is set already changes nothing, and is not
    refused, so that a repetition is answered like the first (RFC 9110, section 13.1.1).
    """
    fields = {field: value for field, value in data.items() if field != "version" and value is not None}
    value = Shape(PARTS[name].entity).read(fields)
    return _changed(name, value, data.get("version"), actor, now, check)


def remove_part(name: str, actor: Actor, now: datetime, *, check: Check = unchecked) -> SellingTerms:
    """Takes a part away: the shop sells as if it had never been set."""
    return _changed(name, None, None, actor, now, check)


def _changed(
    name: str, value: Any, seen: int | None, actor: Actor, now: datetime, check: Check
) -> SellingTerms:
    def step() -> SellingTerms:
        before = selling_terms()
        if getattr(before, name) == value:
            return before
        check(before)
        if seen is not None and seen != before.version:
            raise Outdated
        after = replace(before, **{name: value}, updated_at=iso(now))
        with UnitOfWork() as work:
            stored = _stored(work, before, after)
            _audit(work, name, before, stored, actor, now)
        return stored

    return retry_when_stale(step)


def _stored(work: UnitOfWork, before: SellingTerms, after: SellingTerms) -> SellingTerms:
    if before.version:
        # Stops one of two changes of different parts from undoing the other.
        return TERMS.change(work, before, after, failed=StaleVersion(TERMS.noun))
    first = replace(after, version=1)
    # Stops two who both find no terms from each making theirs.
    TERMS.add(work, first, exists=StaleVersion(TERMS.noun))
    return first


def _audit(
    work: UnitOfWork, name: str, before: SellingTerms, after: SellingTerms, actor: Actor, now: datetime
) -> None:
    changes = changes_between({name: _held(before, name)}, {name: _held(after, name)})
    record(work, actor=actor, action="UPDATE", entity_type=ENTITY, entity_id=name, now=now, changes=changes)


def _held(terms: SellingTerms, name: str) -> dict[str, Any] | None:
    value = getattr(terms, name)
    return None if value is None else asdict(value)
