"""What AWS counts for the writes of a transaction.

DynamoDB Local counts the actions of one transaction that cost the same only once. AWS counts each: two
units for every started kilobyte of its row, and one for every started kilobyte of an entry in an index,
which holds the whole row; two where the entry moves, as that of a listing row does to the mark of its change.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from common import prefixes
from common.dynamodb import INDEXES, Item, from_wire, get_client, get_item

_KILOBYTE = 1024
_EVENT = "before-parameter-build.dynamodb.TransactWriteItems"
_STRUCTURE = 3
"""Bytes that a map or a list takes besides what is in it."""

Action = Mapping[str, Any]


@contextmanager
def recorded_actions() -> Iterator[list[Action]]:
    """A list that collects the actions of every transaction that is sent within the block."""
    actions: list[Action] = []

    def collect(params: Mapping[str, Any], **_: object) -> None:
        actions.extend(params["TransactItems"])

    events = get_client().meta.events
    events.register(_EVENT, collect)
    try:
        yield actions
    finally:
        events.unregister(_EVENT, collect)


def transaction_units(actions: Iterable[Action]) -> int:
    """The write units of a transaction that deletes nothing, by the rows as it has left them."""
    return sum(row_units(_row(action)) for action in actions)


def row_units(item: Item) -> int:
    """The write units of writing a row in a transaction, with its entries in the indexes.

    A mark is counted as one that takes the place of another: the first of a row costs a unit less.
    """
    kilobytes = -(-size_of(item) // _KILOBYTE)
    entries = sum(f"{index}PK" in item for index in INDEXES)
    is_moved = item.get("GSI3PK") == prefixes.CATALOGUE
    return kilobytes * (2 + entries + is_moved)


def _row(action: Action) -> Item:
    (request,) = action.values()
    key = from_wire({name: request.get("Item", request.get("Key"))[name] for name in ("PK", "SK")})
    row = get_item((key["PK"], key["SK"]), consistent=True)
    if row is None:
        raise LookupError(f"the transaction left no row {key['PK']}, {key['SK']}")
    return row


def size_of(item: Mapping[str, Any]) -> int:
    """The bytes that DynamoDB counts for a row, or for what a map holds."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Any) -> int:
    if isinstance(value, dict):
        # Every entry of a map or a list takes a byte of its own.
        return _STRUCTURE + len(value) + size_of(value)
    if isinstance(value, list):
        return _STRUCTURE + sum(1 + _value_size(part) for part in value)
    if isinstance(value, bool):
        return 1
    return len(str(value).encode())
