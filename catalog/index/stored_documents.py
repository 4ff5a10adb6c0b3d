"""An item of the table as compact JSON, exact both ways: a process keeps many of them and reads few."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from decimal import Decimal
from json.encoder import encode_basestring as quoted
from typing import Any

from common.dynamodb import Item

# JSON has neither sets nor bytes. Where an item has any, it begins with a blank, and they stand in maps of
# one name; names that begin like these get one more sign. All other items are read without being searched.
_HAS_TAGS = b" "
_SIGN, _SET, _BYTES = "$", "$set", "$bytes"


class _NeedsTags(Exception):
    """The item holds what JSON has no form for."""


def encode(item: Item) -> bytes:
    """The item as JSON in UTF-8. ValueError for what no item of a table holds, such as a float."""
    return _encoded(item)


def encode_all(items: Sequence[Item]) -> bytes:
    """Several items in one piece, which are read several times faster than one by one."""
    return _encoded(list(items))


def decode(data: bytes) -> Item:
    """The item behind `data`: an equal one, numbers of the same types. ValueError when it is no such JSON."""
    item = _decoded(data)
    if not isinstance(item, dict):
        raise ValueError("is no item")  # noqa: TRY004 - what was read is wrong, not what was given
    return item


def decode_all(data: bytes) -> list[Item]:
    """The items that `encode_all` was given. ValueError when it is no such JSON."""
    items = _decoded(data)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("are no items")
    return items


def _encoded(value: Any) -> bytes:
    try:
        return _written(value, tags=False).encode()
    except _NeedsTags:
        return _HAS_TAGS + _written(value, tags=True).encode()


def _decoded(data: bytes) -> Any:
    return (_read_tagged if data.startswith(_HAS_TAGS) else _read)(data.decode())


def _written(value: Any, *, tags: bool) -> str:
    writer = _WRITERS.get(type(value))
    return writer(value) if writer is not None else _written_container(value, tags=tags)


def _written_container(value: Any, *, tags: bool) -> str:
    if isinstance(value, dict):
        entries = [f"{quoted(_name(name, tags))}:{_written(held, tags=tags)}" for name, held in value.items()]
        return f"{{{','.join(entries)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join([_written(held, tags=tags) for held in value])}]"
    if not isinstance(value, set | frozenset | bytes | bytearray):
        raise ValueError(f"is a {type(value).__name__}, which no item holds")  # noqa: TRY004 - as encode() says
    if not tags:
        raise _NeedsTags
    if isinstance(value, bytes | bytearray):
        return f'{{"{_BYTES}":"{b64encode(value).decode()}"}}'
    # Sorted, so that equal items are equal bytes.
    return f'{{"{_SET}":[{",".join(sorted(_written(held, tags=True) for held in value))}]}}'


def _written_decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("is not a finite number")
    text = str(value)
    # Without a fraction or an exponent it would be read as an int.
    return text if "." in text or "E" in text else f"{text}E0"


def _name(name: str, tags: bool) -> str:
    return f"{_SIGN}{name}" if tags and name.startswith(_SIGN) else name


def _untagged(read: dict[str, Any]) -> Any:
    if _SET in read:
        return set(read[_SET])
    if _BYTES in read:
        return b64decode(read[_BYTES])
    return {name.removeprefix(_SIGN): held for name, held in read.items()}


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: quoted,
    int: repr,
    Decimal: _written_decimal,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _value: "null",
}
_read = json.JSONDecoder(parse_float=Decimal).decode
_read_tagged = json.JSONDecoder(parse_float=Decimal, object_hook=_untagged).decode
