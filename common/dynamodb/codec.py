"""Between Python values and DynamoDB's wire format, exactly and without floats.

The limits are those of the service: 38 significant digits, magnitudes from 1E-130 to 9.9E+125, 32
levels of nesting, 2048 and 1024 bytes of partition and sort key (DynamoDB Developer Guide, "Service,
account, and table quotas").
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact
from typing import Any

Item = dict[str, Any]
Key = tuple[str, str]
WireValue = dict[str, Any]
WireItem = dict[str, WireValue]

MAX_DIGITS = 38
MAX_EXPONENT = 125
MIN_EXPONENT = -130
MAX_DEPTH = 32

# Which single write was the last: the access layer's own, so that it knows its repetition again.
WRITE_ID = "write_id"

LONGEST_PARTITION_KEY, LONGEST_SORT_KEY = 2048, 1024
_KEYS = frozenset(f"{prefix}{name}" for prefix in ("", "GSI1", "GSI2", "GSI3") for name in ("PK", "SK"))

_INT_LIMIT = 10**MAX_DIGITS
_SMALL = 2**62
_EXACT = Context(prec=MAX_DIGITS, traps=[Inexact])


class UnstorableValue(ValueError):
    """A value that DynamoDB cannot hold; `path` says where it stands, as in `attributes.size`."""

    def __init__(self, reason: str, path: tuple[str, ...] = ()) -> None:
        self.reason = reason
        self.path = ".".join(path)
        self._parts = path
        super().__init__(f"{self.path} {reason}" if path else reason)

    def below(self, part: str) -> "UnstorableValue":
        """The same error, seen from the container that holds the value under `part`."""
        return UnstorableValue(self.reason, (part, *self._parts))


def to_wire(item: Mapping[str, Any]) -> WireItem:
    """An item in wire format. Raises UnstorableValue naming the attribute.

    The mark of the last single write is refused as an attribute: `from_wire` would lose it without a word.
    """
    wire = _write_entries(item, 0)
    if WRITE_ID in wire:
        raise UnstorableValue("is the access layer's own name", (WRITE_ID,))
    for name in _KEYS & wire.keys():
        refuse_long_key(name, wire[name].get("S", ""))
    return wire


def from_wire(wire: Mapping[str, Mapping[str, Any]]) -> Item:
    """The item that a wire format item stands for; whole numbers become int, others Decimal.

    The mark of the last single write is left out: nobody above the access layer has to know of it.
    """
    item = _read_map(wire)
    item.pop(WRITE_ID, None)
    return item


def to_wire_value(value: object) -> WireValue:
    """One value in wire format. Raises UnstorableValue."""
    return _write(value, 0)


def from_wire_value(wire: Mapping[str, Any]) -> Any:
    """The value that a wire format value stands for."""
    ((tag, raw),) = wire.items()
    return _READERS[tag](raw)


def key_to_wire(key: Key) -> WireItem:
    """A key (PK, SK) in wire format. Raises UnstorableValue for one that no item can have."""
    partition, sort = key
    refuse_long_key("PK", partition)
    refuse_long_key("SK", sort)
    return {"PK": _write_text(partition, 0), "SK": _write_text(sort, 0)}


def key_of(item: Mapping[str, Any]) -> Key:
    """The key (PK, SK) of an item. Raises ValueError when the item lacks one."""
    partition, sort = item.get("PK"), item.get("SK")
    if not isinstance(partition, str) or not isinstance(sort, str) or not partition or not sort:
        raise ValueError("an item needs PK and SK, both texts that are not empty")
    return partition, sort


def refuse_long_key(name: str, text: str) -> None:
    """Raises UnstorableValue when the key attribute `name` cannot hold the text.

    Texts from outside become parts of keys; the service would refuse them as it does a defect's.
    """
    longest = LONGEST_SORT_KEY if name.endswith("SK") else LONGEST_PARTITION_KEY
    # Four bytes are the most that a character takes.
    if len(text) * 4 > longest and len(text.encode(errors="replace")) > longest:
        raise UnstorableValue(f"A name or an id is too long: with what precedes it, {longest} bytes at most")


def _write(value: object, depth: int) -> WireValue:
    writer = _WRITERS.get(type(value))
    if writer is None:
        writer = _writer_of_subclass(value)
    return writer(value, depth)


def _writer_of_subclass(value: object) -> Callable[[Any, int], WireValue]:
    for kind, writer in _WRITERS.items():
        if isinstance(value, kind):
            return writer
    if isinstance(value, Mapping):
        return _write_map
    raise UnstorableValue(f"is a {type(value).__name__}, which cannot be stored")


def _write_text(value: str, _depth: int) -> WireValue:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UnstorableValue("has a character that is not valid Unicode text") from None
    return {"S": str(value)}


def _write_bool(value: bool, _depth: int) -> WireValue:
    return {"BOOL": value}


def _write_null(_value: None, _depth: int) -> WireValue:
    return {"NULL": True}


def _write_bytes(value: bytes | bytearray, _depth: int) -> WireValue:
    return {"B": bytes(value)}


def _write_int(value: int, _depth: int) -> WireValue:
    if -_INT_LIMIT < value < _INT_LIMIT:
        return {"N": int.__repr__(value)}
    # Python refuses to write very long numbers as text, so the magnitude is judged first.
    if value.bit_length() > 4 * (MAX_EXPONENT + 1):
        raise UnstorableValue("is a number out of range")
    return _write_decimal(Decimal(int(value)), 0)


def _write_decimal(value: Decimal, _depth: int) -> WireValue:
    if not value.is_finite():
        raise UnstorableValue("is not a finite number")
    if not value:
        return {"N": "0"}
    if not MIN_EXPONENT <= value.adjusted() <= MAX_EXPONENT:
        raise UnstorableValue("is a number out of range")
    try:
        # Trailing zeros are dropped as the service drops them, so that every engine answers alike.
        return {"N": format(value.normalize(_EXACT), "f")}
    except Inexact:
        raise UnstorableValue(f"has more than {MAX_DIGITS} significant digits") from None


def _write_float(_value: float, _depth: int) -> WireValue:
    raise UnstorableValue("is a float, which is not exact; use Decimal")


def _write_map(value: Mapping[Any, Any], depth: int) -> WireValue:
    return {"M": _write_entries(value, _deeper(depth))}


def _write_entries(value: Mapping[Any, Any], depth: int) -> WireItem:
    wire: WireItem = {}
    part: Any = None
    try:
        for part, entry in value.items():
            if not isinstance(part, str) or not part:
                _refuse_name(part)
            # Plain texts and small numbers, nearly all of an item, are written without a call.
            kind = type(entry)
            if kind is str and entry.isascii():
                wire[part] = {"S": entry}
            elif kind is int and -_SMALL < entry < _SMALL:
                wire[part] = {"N": repr(entry)}
            else:
                wire[part] = _write(entry, depth)
    except UnstorableValue as error:
        raise error.below(str(part)) from None
    return wire


def _refuse_name(name: object) -> None:
    if name == "":
        raise UnstorableValue("is an empty name of an entry")
    raise UnstorableValue(f"is a {type(name).__name__} as the name of an entry; names are texts")


def _write_list(value: list[Any] | tuple[Any, ...], depth: int) -> WireValue:
    below = _deeper(depth)
    return {"L": [_write_at(position, entry, below) for position, entry in enumerate(value)]}


def _write_at(position: int, entry: object, depth: int) -> WireValue:
    try:
        return _write(entry, depth)
    except UnstorableValue as error:
        raise error.below(str(position)) from None


def _deeper(depth: int) -> int:
    # What is innermost is a level too, so 31 maps or lists in each other are the most that is stored.
    if depth >= MAX_DEPTH - 1:
        raise UnstorableValue(f"is nested deeper than {MAX_DEPTH} levels")
    return depth + 1


def _write_set(value: set[Any] | frozenset[Any], depth: int) -> WireValue:
    if not value:
        raise UnstorableValue("is an empty set, which cannot be stored")
    wires = [_write(entry, depth) for entry in value]
    tags = {tag for wire in wires for tag in wire}
    if len(tags) != 1 or not tags <= {"S", "N", "B"}:
        raise UnstorableValue("is a set of other things than only texts, only numbers or only bytes")
    (tag,) = tags
    # Sorted, so that equal sets have equal wire forms: cursors are bound to their query by it.
    return {f"{tag}S": sorted(wire[tag] for wire in wires)}


_WRITERS: dict[type, Callable[[Any, int], WireValue]] = {
    str: _write_text,
    bool: _write_bool,
    int: _write_int,
    Decimal: _write_decimal,
    type(None): _write_null,
    dict: _write_map,
    list: _write_list,
    tuple: _write_list,
    set: _write_set,
    frozenset: _write_set,
    bytes: _write_bytes,
    bytearray: _write_bytes,
    float: _write_float,
}


def _read_number(raw: str) -> int | Decimal:
    return Decimal(raw) if "." in raw or "E" in raw else int(raw)


def _read_map(raw: Mapping[str, Mapping[str, Any]]) -> Item:
    # Every item that is read passes here: texts and numbers, nearly all of it, are read without a call.
    item: Item = {}
    for name, wire in raw.items():
        if "S" in wire:
            item[name] = wire["S"]
        elif "N" in wire:
            number = wire["N"]
            item[name] = Decimal(number) if "." in number or "E" in number else int(number)
        else:
            for tag, value in wire.items():
                item[name] = _READERS[tag](value)
    return item


def _read_list(raw: list[Mapping[str, Any]]) -> list[Any]:
    readers = _READERS
    return [readers[tag](value) for wire in raw for tag, value in wire.items()]


def _read_null(_raw: object) -> None:
    return None


def _read_bytes(raw: str | bytes) -> bytes:
    # Text where the answer was read as plain JSON, bytes where botocore has decoded it.
    return b64decode(raw) if isinstance(raw, str) else bytes(raw)


def _read_several_bytes(raw: list[str | bytes]) -> set[bytes]:
    return {_read_bytes(entry) for entry in raw}


def _read_numbers(raw: list[str]) -> set[int | Decimal]:
    return {_read_number(text) for text in raw}


_READERS: dict[str, Callable[[Any], Any]] = {
    "S": str,
    "N": _read_number,
    "BOOL": bool,
    "NULL": _read_null,
    "M": _read_map,
    "L": _read_list,
    "B": _read_bytes,
    "SS": set,
    "NS": _read_numbers,
    "BS": _read_several_bytes,
}
