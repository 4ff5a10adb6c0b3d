"""How values leave PostgreSQL: what Python cannot hold becomes `Unreadable` instead of ending the reading."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.abc import AdaptContext, Buffer
    from psycopg.adapt import Loader

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that is there and cannot be read; `reason` says why."""

    reason: str


def read_json(text: str) -> Any:
    """The value of a JSON text with exact numbers, or Unreadable."""
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_refuse)
        if "\\u" in text:
            # A lone surrogate is legal in PostgreSQL's `json` and has no UTF-8.
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        return Unreadable(f"is no JSON that can be kept ({error}): {shortened(text)}")
    return value


def shortened(text: str) -> str:
    """The beginning of a text, as Python writes it, for a message."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def register(connection: "Connection[Any]", codec: str) -> None:
    """Have `connection` read leniently; `codec` is Python's name of the encoding that it sends."""
    from psycopg.pq import Format

    adapters = connection.adapters
    for name in ("timestamp", "timestamptz"):
        oid = adapters.types[name].oid
        base = adapters.get_loader(oid, Format.TEXT)
        if base is not None:
            adapters.register_loader(oid, _moments(base))
    # PostgreSQL has checked the texts of a UTF-8 database itself; psycopg's own loader is faster.
    if connection.info.encoding != "utf-8":
        for name in ("text", "varchar", "bpchar"):
            adapters.register_loader(name, _texts(codec))
    for name in ("json", "jsonb"):
        adapters.register_loader(name, _json(codec))


def _decoded(data: bytes, codec: str) -> str | Unreadable:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        return Unreadable(f"is not {codec}: {error}")


@cache
def _texts(codec: str) -> "type[Loader]":
    from psycopg.adapt import Loader

    class Text(Loader):
        def load(self, data: "Buffer") -> Any:
            return _decoded(bytes(data), codec)

    return Text


@cache
def _json(codec: str) -> "type[Loader]":
    from psycopg.adapt import Loader

    class Json(Loader):
        def load(self, data: "Buffer") -> Any:
            text = _decoded(bytes(data), codec)
            return read_json(text) if isinstance(text, str) else text

    return Json


@cache
def _moments(base: Any) -> "type[Loader]":
    from psycopg import DataError
    from psycopg.adapt import Loader

    class Moment(Loader):
        def __init__(self, oid: int, context: "AdaptContext | None" = None) -> None:
            super().__init__(oid, context)
            self._load = base(oid, context).load

        def load(self, data: "Buffer") -> Any:
            try:
                return self._load(data)
            except DataError:
                text = bytes(data).decode("ascii", "replace")
                return Unreadable(f"{text} lies outside the years 1 to 9999")

    return Moment


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")
