"""Dictionaries that tell what is put into them and taken away, for a program that keeps its data there."""

from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any

# Told the key's parts and the new value, None for one that is gone.
Note = Callable[..., None]


class Recorded(dict[Any, Any]):
    """A dictionary that notes each value that is set or deleted, by whatever method.

    A copy of it is a plain dictionary.
    """

    def __init__(self, note: Note, given: Mapping[Any, Any]) -> None:
        super().__init__(given)
        self._note = note

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        self._note(key, value)

    def __delitem__(self, key: Any) -> None:
        super().__delitem__(key)
        self._note(key, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)

    def pop(self, key: Any, *default: Any) -> Any:
        """Take the key away and give its value, or the default where there is none."""
        if default and key not in self:
            return default[0]
        value = self[key]
        del self[key]
        return value

    # dict's own go past the two methods above.
    popitem = MutableMapping.popitem
    clear = MutableMapping.clear
    update = MutableMapping.update
    setdefault = MutableMapping.setdefault


class RecordedPartitions(Recorded):
    """Items by partition key, then by sort key; notes partition key, sort key and item."""

    def __init__(self, note: Note, given: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(note, {key: Recorded(partial(note, key), items) for key, items in given.items()})

    def __missing__(self, key: str) -> Recorded:
        partition = Recorded(partial(self._note, key), {})
        dict.__setitem__(self, key, partition)
        return partition

    def __setitem__(self, key: str, items: Mapping[str, Any]) -> None:
        partition = self[key]
        partition.clear()
        partition.update(items)

    def __delitem__(self, key: str) -> None:
        self[key].clear()
        dict.__delitem__(self, key)


class RecordedTables(Recorded):
    """Tables by account, region and name, each with its `items`; notes these three and an item's two keys."""

    def __init__(self, note: Note, given: Mapping[tuple[str, str, str], dict[str, Any]]) -> None:
        super().__init__(note, given)
        for key, table in given.items():
            table["items"] = RecordedPartitions(partial(note, *key), table["items"])

    def __setitem__(self, key: tuple[str, str, str], table: dict[str, Any]) -> None:
        if key in self:
            del self[key]
        items = table["items"]
        table["items"] = RecordedPartitions(partial(self._note, *key), {})
        table["items"].update(items)
        dict.__setitem__(self, key, table)

    def __delitem__(self, key: tuple[str, str, str]) -> None:
        self[key]["items"].clear()
        dict.__delitem__(self, key)
