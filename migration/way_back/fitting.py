"""What a column of PostgreSQL can hold of a value of the shop's, and what was done to make it fit.

The rules give the same for the same value, so that going back a second time finds nothing to do.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from migration.schema.kinds import INTEGERS, base_type

_SMALLEST = "it is the least that the column holds"
_LARGEST = "it is the most that the column holds"
_ARGUMENTS = re.compile(r"\((\d+)(?:,(\d+))?\)")
_NEVER_NULL: dict[str, Any] = {"boolean": False, "json": {}, "jsonb": {}}
# Wide enough for every number that a row can have.
_EXACT = Context(prec=400)
_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Unfit(Exception):
    """A value has no place in its column, nor has anything that could stand for it; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """A column as a database has it: `kind` as `format_type` writes it, `codec` its encoding for Python.

    `is_address` is true where the value is the address of a file or page, of which a part is worth nothing.
    """

    kind: str
    codec: str = "utf-8"
    is_required: bool = False
    is_address: bool = False


Fitted = tuple[Any, str | None]
"""What the column holds, and what was done; None where it is the value itself."""


def fitted(value: Any, place: Place) -> Fitted:
    """The value as this column can hold it. Raises Unfit where nothing can stand for it."""
    if value is None:
        return _of_nothing(place) if place.is_required else (None, None)
    return _RULES.get(base_type(place.kind), _as_it_is)(value, place)


def text_length(kind: str) -> int | None:
    """The characters that a type of text holds; None without a limit."""
    return _argument(kind, 0) if base_type(kind).startswith("char") else None


def _of_nothing(place: Place) -> Fitted:
    kind = base_type(place.kind)
    if kind.startswith("timestamp"):
        return _THE_BEGINNING, "it has none; it is the beginning of 1970"
    numbers = (*INTEGERS, "numeric")
    instead = _NEVER_NULL.get(kind, 0 if kind in numbers else "")
    return instead, f"it has none; it is {instead!r}"


def _as_it_is(value: Any, _place: Place) -> Fitted:
    return value, None


def _text(value: Any, place: Place) -> Fitted:
    if not isinstance(value, str):
        # JSON in a column of text: it is written as text by whoever writes it.
        return value, None
    text = _readable(value, place.codec)
    size = _argument(place.kind, 0)
    if size is None or len(text) <= size:
        return text, None if text == value else "characters that the database cannot hold were replaced"
    if not place.is_address:
        return text[:size], f"it was cut to {size:,} characters"
    if place.is_required:
        raise Unfit(f"its address has {len(text):,} characters, and the column holds {size:,}")
    return None, f"the address has {len(text):,} characters and was left out: the column holds {size:,}"


def _json(value: Any, place: Place) -> Fitted:
    found = _in_json(value, place)
    return found, None if found == value else "characters that the database cannot hold were replaced"


def _in_json(value: Any, place: Place) -> Any:
    if isinstance(value, str):
        # `json` is kept as the text that it is, with NUL as an escape; `jsonb` has to be able to hold it.
        is_kept = place.kind == "json" and place.codec == "utf-8"
        return value if is_kept else _readable(value, place.codec)
    if isinstance(value, dict):
        return {_in_json(name, place): _in_json(entry, place) for name, entry in value.items()}
    if isinstance(value, list):
        return [_in_json(entry, place) for entry in value]
    return value


def _readable(text: str, codec: str) -> str:
    found = text.replace("\0", "")
    return found if codec == "utf-8" else found.encode(codec, "replace").decode(codec)


def _integer(value: Any, place: Place) -> Fitted:
    limit = INTEGERS[base_type(place.kind)]
    number = int(Decimal(value).to_integral_value(ROUND_HALF_UP))
    if number >= limit:
        return limit - 1, _LARGEST
    if number < -limit:
        return -limit, _SMALLEST
    return number, None if number == value else f"{value} was rounded"


def _numeric(value: Any, place: Place) -> Fitted:
    precision = _argument(place.kind, 0)
    if precision is None:
        return value, None
    scale = _argument(place.kind, 1) or 0
    step = Decimal(1).scaleb(-scale)
    largest = Decimal((0, (9,) * precision, -scale))
    exact = Decimal(value)
    rounded = exact.quantize(step, ROUND_HALF_UP, _EXACT)
    if abs(rounded) > largest:
        return (largest, _LARGEST) if exact > 0 else (-largest, _SMALLEST)
    return rounded, None if rounded == exact else f"{value} was rounded to {scale} decimals"


def _moment(value: Any, place: Place) -> Fitted:
    digits = _argument(place.kind, 0)
    if digits is None or not isinstance(value, datetime):
        return value, None
    step = 10 ** (6 - digits)
    whole = (value.microsecond + step // 2) // step * step
    rounded = value.replace(microsecond=0) + timedelta(microseconds=whole)
    return rounded, None if rounded == value else "it was rounded as the column is"


def _argument(kind: str, number: int) -> int | None:
    """The n-th number in the brackets of a type."""
    found = _ARGUMENTS.search(kind)
    text = found.group(number + 1) if found else None
    return None if text is None else int(text)


_RULES: dict[str, Callable[[Any, Place], Fitted]] = {
    "character varying": _text,
    "character": _text,
    "text": _text,
    "json": _json,
    "jsonb": _json,
    **dict.fromkeys(INTEGERS, _integer),
    "numeric": _numeric,
    "timestamp without time zone": _moment,
    "timestamp with time zone": _moment,
}
