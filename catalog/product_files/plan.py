"""What an import is going to do: steps, each one transaction, as they are kept between dry run and run."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal

from catalog.product_files.said import Note
from common.http.responses import encode_json
from common.repositories.products import Edition

Kind = Literal["create", "product", "new_variant", "variant", "stock"]

_AMOUNTS = ("base_price", "price_adjustment")


@dataclass(frozen=True, slots=True)
class Picture:
    """An address as the file names it, and what stands for the picture; None leaves that as it is."""

    address: str
    alt_text: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of an import: a product or a variant is made or changed, or pieces of one are moved.

    `version` is the one that the product must have, None where that does not matter; `product_id` is None
    until the product is there. `fields` are those that change, of what is new all; `category_ids` and
    `pictures` are None where they stay. `delta` pieces come or, when negative, go. What the rows of the
    export `exported` have made of the product by then is `told_version` and, by variant,
    `told_stock`; before it that was `told_before`.
    """

    kind: Kind
    slug: str
    row: int
    version: int | None = None
    product_id: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    category_ids: tuple[int, ...] | None = None
    pictures: tuple[Picture, ...] | None = None
    variants: tuple[Mapping[str, Any], ...] = ()
    variant_id: int | None = None
    delta: int = 0
    exported: str = ""
    told_version: int = 0
    told_stock: Mapping[str, int] = field(default_factory=dict)
    told_before: Mapping[str, int] | None = None


@dataclass(slots=True)
class Plan:
    """The steps of a file, in its order, with what is wrong and what is to be known; `left` products stay."""

    steps: list[Step] = field(default_factory=list)
    left: int = 0
    errors: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many products are made, changed and left as they are."""
        made = {step.slug for step in self.steps if step.kind == "create"}
        changed = {step.slug for step in self.steps} - made
        return {"created": len(made), "changed": len(changed), "left": self.left}

    @property
    def digest(self) -> str:
        """What tells this plan from every other one: of another file, or of the shop at another time."""
        return sha256(written(self.steps).encode()).hexdigest()


def written(steps: Iterable[Step]) -> str:
    """Steps as JSON."""
    return encode_json([asdict(step) for step in steps])


def read_steps(text: str) -> list[Step]:
    """The steps that were written so."""
    return [_step(each) for each in json.loads(text, parse_float=Decimal)]


def _step(said: dict[str, Any]) -> Step:
    pictures, ids = said["pictures"], said["category_ids"]
    parts = {
        "fields": _fields(said["fields"]),
        "category_ids": None if ids is None else tuple(ids),
        "pictures": None if pictures is None else tuple(Picture(**each) for each in pictures),
        "variants": tuple(_fields(each) for each in said["variants"]),
    }
    return Step(**(said | parts))


def _fields(said: dict[str, Any]) -> dict[str, Any]:
    exact = {name: Decimal(said[name]) for name in _AMOUNTS if name in said}
    edition = {"edition": Edition(**said["edition"])} if said.get("edition") else {}
    return said | exact | edition
