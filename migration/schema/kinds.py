"""The types of the schema: what may stand in for each, what its values are in Python, what is nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from migration.schema.conversions import AMOUNT, JSON, MOMENT, PLAIN, Conversion

TEXTS = frozenset({"character varying", "text", "character"})
INTEGERS: Mapping[str, int] = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
"""The whole numbers by the first number that each does not hold."""
MOMENTS = frozenset({"timestamp without time zone", "timestamp with time zone"})
_JSONS = frozenset({"json", "jsonb"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of the schema.

    `alike` are the types, as `format_type` names them, that may stand in for it without any loss; `held` says
    what a value is in Python, () where that depends on the value; `roomy` is a type without limits for data
    of which nothing is known; `nothing` is what the shop has for a value that is missing, None for a time.
    """

    alike: frozenset[str]
    held: tuple[type, ...]
    roomy: str
    nothing: Any = None
    conversion: Conversion = PLAIN


_WHOLE = frozenset(INTEGERS)
KINDS: Mapping[str, Kind] = {
    "varchar": Kind(TEXTS, (str,), "text", ""),
    "text": Kind(TEXTS, (str,), "text", ""),
    "serial": Kind(_WHOLE, (int,), "bigserial", 0),
    "int": Kind(_WHOLE, (int,), "bigint", 0),
    "bigint": Kind(_WHOLE, (int,), "bigint", 0),
    "numeric": Kind(_WHOLE | {"numeric"}, (Decimal, int), "numeric", Decimal(0), AMOUNT),
    "timestamp": Kind(MOMENTS, (datetime,), "timestamptz", None, MOMENT),
    "json": Kind(_JSONS | TEXTS, (), "text", None, JSON),
    "jsonb": Kind(_JSONS | TEXTS, (), "text", None, JSON),
    "boolean": Kind(frozenset({"boolean"}), (bool,), "boolean", nothing=False),
}
# Types whose values one expression of PostgreSQL's can give.
MERGED = (TEXTS, _WHOLE | {"numeric"}, MOMENTS)


def base_type(kind: str) -> str:
    """A type without its length: `character varying(50)` is a `character varying`."""
    name, bracket, rest = kind.partition("(")
    return name + rest.partition(")")[2] if bracket else name
