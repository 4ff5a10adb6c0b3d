"""Rows of PostgreSQL in one canonical form, so that what was moved compares equal with its source.

Times are compared to the millisecond, which is what the shop keeps; amounts exactly; JSON by value, in
whatever order its names stand; the address of an upload of the shop's own by its key.
"""

from collections.abc import Container, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import simplejson

from common.clock import iso
from migration.mapping.records import Row
from migration.schema.columns import Column
from migration.schema.conversions import as_utc, media_key
from migration.schema.tables import TABLES

_LONGEST_INT = 38
_PLAIN = frozenset({str, int, bool, Decimal, type(None)})


def comparable(
    table: str, row: Row, media_bases: tuple[str, ...] = (), columns: Container[str] | None = None
) -> dict[str, Any]:
    """Every column of the schema with its canonical value; None for one that the row does not have.

    Times become ISO 8601 UTC with milliseconds, amounts Decimals with at least the column's decimals.
    `media_bases` are the prefixes of absolute addresses whose uploads are the shop's own; `columns` names
    those that are wanted when not all are.
    """
    values = {}
    for column in TABLES[table].columns:
        if columns is not None and column.name not in columns:
            continue
        value = canonical(row.get(column.name), column)
        values[column.name] = _with_keys(value, media_bases) if column.is_media else value
    return values


def canonical(value: Any, column: Column) -> Any:
    """One value of a column in its canonical form."""
    if isinstance(value, datetime):
        return iso(as_utc(value))
    if column.is_json:
        return _json(value)
    scale = column.scale
    if scale is not None and value is not None:
        return _amount(Decimal(value), scale)
    return value


def is_same(value: Any, other: Any) -> bool:
    """True when two plain values are equal as they are; others may be equal in their canonical form."""
    if type(value) is not type(other):
        return False
    if isinstance(value, datetime):
        return as_utc(value) == as_utc(other)
    return type(value) in _PLAIN and bool(value == other)


def checksum(values: Mapping[str, Any]) -> str:
    """The SHA-256 of canonical values, in hex."""
    text = simplejson.dumps(values, use_decimal=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _amount(value: Decimal, scale: int) -> Decimal:
    """The same number with at least `scale` decimals and no more than it needs."""
    sign, digits, exponent = _shortest(value)
    missing = exponent + scale
    if missing > 0:
        digits, exponent = digits + (0,) * missing, -scale
    return Decimal((sign, digits, exponent))


def _json(value: Any) -> Any:
    """JSON with every number in one form: an int where it is whole and not longer than any stored one."""
    if isinstance(value, dict):
        return {name: _json(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_json(entry) for entry in value]
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        sign, digits, exponent = _shortest(Decimal(value))
        shortest = Decimal((sign, digits, exponent))
        return int(shortest) if 0 <= exponent <= _LONGEST_INT - len(digits) else shortest
    return value


def _shortest(value: Decimal) -> tuple[int, tuple[int, ...], int]:
    # Not by `normalize`, which rounds to the precision of the context.
    sign, digits, exponent = value.as_tuple()
    if not any(digits) or not isinstance(exponent, int):
        return 0, (0,), 0
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return sign, digits[: len(digits) - zeros], exponent + zeros


def _with_keys(value: Any, bases: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return media_key(value, bases)
    if isinstance(value, list):
        return [_with_keys(entry, bases) for entry in value]
    return value
