"""Whether a row names a picture: products, personaggi and fumetti are asked, deleted ones too."""

from collections.abc import Collection, Iterator
from typing import Any

from common.dynamodb import Item, Key, batch_get
from common.dynamodb.counters import VALUE, counter_key

_KINDS = ("PRODUCT", "PERSONAGGIO", "FUMETTO")
_READ_AT_ONCE = 100


def is_named(keys: Collection[str]) -> bool:
    """True when a row names one of these keys, by consistent reads of the rows up to the counters' ids.

    It costs about a unit for each product, so it is for what happens rarely.
    """
    rows = list(_row_keys())
    for start in range(0, len(rows), _READ_AT_ONCE):
        found = batch_get(rows[start : start + _READ_AT_ONCE], consistent=True)
        if any(_names(item, keys) for item in found.values()):
            return True
    return False


def _row_keys() -> Iterator[Key]:
    counters = {kind: counter_key(f"{kind}_ID") for kind in _KINDS}
    values = batch_get(counters.values(), consistent=True)
    for kind, counter in counters.items():
        last = int(values.get(counter, {}).get(VALUE, 0))
        yield from ((f"{kind}#{number}", "METADATA") for number in range(1, last + 1))


def _names(item: Item, keys: Collection[str]) -> bool:
    return any(text in keys for value in item.values() for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value that can be a picture's key: alone, in a list, or in a map of images."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (text for text in value if isinstance(text, str))
    elif isinstance(value, dict):
        yield from (image["key"] for image in value.values() if isinstance(image, dict) and "key" in image)
