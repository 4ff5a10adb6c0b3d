"""Columns with a JSON list of pictures: their keys in a row, and the original where it is another JSON.

The shop knows lists of addresses. What else such a column holds is kept beside it as it came, together
with the addresses that were found in it; it is given back for as long as nobody has changed those.
"""

import json
from typing import Any

from common.dynamodb import Item
from common.dynamodb.stored_json import from_stored, to_stored
from migration.schema.conversions import media_address, media_key

_ORIGINAL = "original_"


def shown(value: Any, bases: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of the pictures in a column's JSON: those of a list, or of a list written as text."""
    return tuple(key for entry in _texts(value) if (key := media_key(entry, bases)) is not None)


def put_pictures(item: Item, name: str, value: Any, bases: tuple[str, ...]) -> None:
    """Set the attribute `name` of an item to a column's value; NULL leaves it out."""
    if value is None:
        item.pop(name, None)
        return
    item[name] = list(shown(value, bases))
    if not _is_list_of_texts(value):
        item[_ORIGINAL + name] = {"json": to_stored(value), "shown": item[name]}


def pictures_of(item: Item, name: str) -> Any:
    """The column's value behind an item."""
    stored = item.get(name)
    original = item.get(_ORIGINAL + name)
    if original is not None and original["shown"] == stored:
        return from_stored(original["json"])
    return None if stored is None else [media_address(key) for key in stored]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
