"""How large an item is for DynamoDB, and whether it can be stored at all.

The sums are those of the DynamoDB Developer Guide, "Item sizes and formats": names and texts count their
UTF-8 bytes, a number a byte for each two digits and one more, a map or list 3 bytes and one for each entry.
"""

from collections.abc import Mapping
from typing import Any

from common.dynamodb import INDEXES, UnstorableValue, to_wire
from common.dynamodb.codec import LONGEST_PARTITION_KEY, LONGEST_SORT_KEY
from common.dynamodb.requests_building import wire_json

MAX_ITEM_BYTES = 400 * 1024
KILOBYTE = 1024

_STRUCTURE = 3
_KEYS = {
    f"{prefix}{name}": longest
    for prefix in ("", *INDEXES)
    for name, longest in (("PK", LONGEST_PARTITION_KEY), ("SK", LONGEST_SORT_KEY))
}


def why_not_storable(item: Mapping[str, Any]) -> str | None:
    """Why DynamoDB cannot hold an item, for the person at the terminal; None when it can."""
    try:
        storable_json(item)
    except UnstorableValue as error:
        return str(error)
    return None


def storable_json(item: Mapping[str, Any]) -> str:
    """An item as it is sent. Raises UnstorableValue that says why DynamoDB cannot hold it."""
    for name, most in _KEYS.items():
        text = item.get(name)
        # Four bytes are the most that a character takes.
        if text is None or 0 < len(text) * 4 <= most:
            continue
        length = len(text.encode(errors="replace"))
        if not 0 < length <= most:
            raise UnstorableValue(f"{name} would have {length:,} bytes; a key has 1 to {most:,}")
    wire = to_wire(item)
    text = wire_json(wire)
    # Its JSON is never shorter, and far quicker to measure.
    if len(text) > MAX_ITEM_BYTES and wire_size(wire) > MAX_ITEM_BYTES:
        raise UnstorableValue(
            f"would be an item of {wire_size(wire):,} bytes; DynamoDB holds {MAX_ITEM_BYTES:,}"
        )
    return text


def item_size(item: Mapping[str, Any]) -> int:
    """The bytes of an item. Raises UnstorableValue for one that cannot be stored."""
    return wire_size(to_wire(item))


def write_units(item: Mapping[str, Any]) -> int:
    """What AWS counts for a plain write of a new item.

    One unit for each started kilobyte, and as much again for its entry in each index, which projects all.
    """
    kilobytes = -(-item_size(item) // KILOBYTE)
    return kilobytes * (1 + sum(f"{index}PK" in item for index in INDEXES))


def wire_size(wire: Mapping[str, Mapping[str, Any]]) -> int:
    """The bytes of an item in wire format."""
    return sum(_text_size(name) + _value_size(value) for name, value in wire.items())


def _value_size(wire: Mapping[str, Any]) -> int:
    ((tag, value),) = wire.items()
    if tag == "S":
        return _text_size(value)
    if tag == "N":
        return _number_size(value)
    if tag == "M":
        return _STRUCTURE + len(value) + wire_size(value)
    if tag == "L":
        return _STRUCTURE + len(value) + sum(_value_size(entry) for entry in value)
    return _plain_size(tag, value)


def _plain_size(tag: str, value: Any) -> int:
    if tag in {"SS", "NS", "BS"}:
        return sum(_plain_size(tag[0], entry) for entry in value)
    if tag == "S":
        return _text_size(value)
    if tag == "N":
        return _number_size(value)
    return len(value) if tag == "B" else 1


def _text_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _number_size(text: str) -> int:
    digits = len(text.strip("-").replace(".", "").strip("0")) or 1
    return (digits + 1) // 2 + 1 + text.startswith("-")
