"""JSON of any shape in a row: as it is where DynamoDB can hold it, else as text.

JSON allows what DynamoDB does not: empty names, numbers beyond 38 digits, nesting beyond 32 levels.
"""

from typing import Any

from .codec import UnstorableValue, to_wire_value

# A map with this one name holds a JSON text; a value that looks the same is stored as text itself.
_TEXT = "$json"
# How deep such a value may stand in a row, at most.
_ABOVE = 4


def to_stored(value: Any) -> Any:
    """What is stored for a JSON value (numbers as int or Decimal); `from_stored` gives an equal one."""
    if not value:
        return value
    probe = value
    for _ in range(_ABOVE):
        probe = [probe]
    try:
        to_wire_value(probe)
    except UnstorableValue:
        return _as_text(value)
    return _as_text(value) if _is_text(value) else value


def from_stored(stored: Any) -> Any:
    """The JSON value behind what is stored."""
    if not _is_text(stored):
        return stored
    import simplejson

    return simplejson.loads(stored[_TEXT], use_decimal=True)


def _as_text(value: Any) -> dict[str, str]:
    import simplejson

    return {_TEXT: simplejson.dumps(value, use_decimal=True, separators=(",", ":"))}


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get(_TEXT), str)
