"""What a file says of a variant's edition, by the rules that keep every number true."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catalog.editions import numbered, renumbered
from catalog.product_files.columns import STOCK, Cells
from catalog.product_files.said import Reading, SaidVariant
from common.errors import Conflict, InvalidInput
from common.repositories.numbering import TooFewNumbers
from common.repositories.products import Variant

SIZE, PROOFS = "edition_size", "edition_proofs"
COLUMNS = (SIZE, PROOFS)


def said_edition(each: SaidVariant, shown: Cells | None = None) -> dict[str, str] | None:
    """The edition of a row as the schema reads it, None for none; an absent column is as it is shown."""
    size, proofs = (_text(each, name, shown or {}) for name in COLUMNS)
    if not size and not proofs:
        return None
    return {name: text for name, text in (("size", size), ("proofs", proofs)) if text}


def hold_new_edition(reading: Reading, each: SaidVariant, fields: Mapping[str, Any]) -> None:
    """Notes more pieces of a new variant than its edition has numbers."""
    if not fields.get("edition"):
        return
    made = Variant(id=0, product_id=0, created_at="", updated_at="", **fields)
    try:
        numbered(made)
    except TooFewNumbers as error:
        reading.wrong(each.row, STOCK, "; ".join(error.fields[STOCK]))


def hold_edition(
    reading: Reading, each: SaidVariant, variant: Variant, fields: Mapping[str, Any], delta: int
) -> None:
    """Notes a change of an edition, or of the pieces of one, that its numbers do not allow."""
    if "edition" not in fields and delta <= 0:
        return
    try:
        after = renumbered(variant, replace(variant, **fields))
    except (Conflict, InvalidInput) as error:
        reading.wrong(each.row, SIZE, error.message)
        return
    if after.numbering is not None and variant.stock + delta > after.numbering.left:
        reading.wrong(each.row, STOCK, f"must be at most {after.numbering.left}, for which numbers are left")


def _text(each: SaidVariant, name: str, shown: Cells) -> str:
    if name in each.cells:
        return each.text(name)
    now = shown.get(name)
    return "" if now is None else str(now)
