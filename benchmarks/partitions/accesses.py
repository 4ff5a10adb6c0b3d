"""Which partitions of the table and its indexes are asked, and for how many units by AWS's arithmetic.

Reads are what the engine counted. Writes are reckoned from the row before and after, because DynamoDB Local
counts actions of one transaction that cost the same only once.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

from benchmarks.aws_units import size_of
from benchmarks.capacity import TABLE
from common.dynamodb import INDEXES, Item, from_wire, get_client, table_name

_KILOBYTE = 1024
_EQUALS = re.compile(r"(?:^|\()\s*#?\w+ = (:\w+)")
_BEFORE, _AFTER = "before-parameter-build.dynamodb", "after-call.dynamodb"
_NOTE = "PartitionsOfThisCall"
_SINGLE_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem"})


@dataclass(frozen=True, slots=True)
class Access:
    """Units of one partition key of the table, or of the index that `where` names."""

    where: str
    partition: str
    read: float = 0.0
    write: float = 0.0


def change_units(old: Item | None, new: Item | None, *, in_transaction: bool) -> list[Access]:
    """What AWS counts for a row that was `old` and is `new`; None is no row.

    The larger of both counts by started kilobytes, twice in a transaction. An index counts once for an
    entry that is put, changed or removed, and twice for one that moves; an unchanged one not at all.
    """
    either = new or old
    if either is None:
        return []
    kilobytes = max(_kilobytes(old), _kilobytes(new))
    found = [Access(TABLE, str(either["PK"]), write=kilobytes * (2 if in_transaction else 1))]
    for index in INDEXES:
        found += _index_units(index, old, new)
    return found


def _index_units(index: str, old: Item | None, new: Item | None) -> Iterator[Access]:
    before, after = _entry(index, old), _entry(index, new)
    if before == after:
        if before and old != new:
            yield Access(index, before[0], write=max(_kilobytes(old), _kilobytes(new)))
        return
    for entry, row in ((before, old), (after, new)):
        if entry:
            yield Access(index, entry[0], write=_kilobytes(row))


def _entry(index: str, row: Item | None) -> tuple[str, str] | None:
    return (str(row[f"{index}PK"]), str(row[f"{index}SK"])) if row and f"{index}PK" in row else None


def _kilobytes(row: Item | None) -> int:
    return -(-size_of(row) // _KILOBYTE) if row else 0


class Recorder:
    """Notes the accesses of every call that the access layer's client sends."""

    def __init__(self) -> None:
        self.accesses: list[Access] = []
        own = get_client()
        self._events = own.meta.events
        # A client of its own: what it looks at is not noted.
        self._rows = boto3.client(
            "dynamodb", endpoint_url=own.meta.endpoint_url, region_name=own.meta.region_name
        )

    def start(self) -> None:
        """Begin to note."""
        self._events.register(_BEFORE, self._before)
        self._events.register(_AFTER, self._after)

    def stop(self) -> None:
        """Note no more."""
        self._events.unregister(_BEFORE, self._before)
        self._events.unregister(_AFTER, self._after)

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        keys = written_keys(model.name, params)
        context[_NOTE] = (dict(params), [(key, self._row(key)) for key in keys])

    def _after(self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        params, before = context[_NOTE]
        if "Error" in parsed:
            return
        self.accesses += read_accesses(model.name, params, parsed)
        for key, old in before:
            self.accesses += change_units(
                old, self._row(key), in_transaction=model.name not in _SINGLE_WRITES
            )

    def _row(self, key: Mapping[str, Any]) -> Item | None:
        found = self._rows.get_item(TableName=table_name(), Key=key, ConsistentRead=True).get("Item")
        return from_wire(found) if found else None


@contextmanager
def recorded() -> Iterator[list[Access]]:
    """A list to which every call within the block adds its accesses."""
    recorder = Recorder()
    recorder.start()
    try:
        yield recorder.accesses
    finally:
        recorder.stop()


def written_keys(operation: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keys, in wire format, that an operation writes or holds conditions against."""
    if operation in _SINGLE_WRITES:
        return [_key(params)]
    if operation == "TransactWriteItems":
        return [_key(request) for action in params["TransactItems"] for request in action.values()]
    return []


def read_accesses(operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Access]:
    """The partitions that an operation read, with what the engine counted: at least one row's worth."""
    if operation == "Query":
        (value,) = _EQUALS.findall(params["KeyConditionExpression"])[:1]
        partition = params["ExpressionAttributeValues"][value]["S"]
        return [Access(params.get("IndexName", TABLE), partition, read=_units(params, answer))]
    if operation == "GetItem":
        return [Access(TABLE, params["Key"]["PK"]["S"], read=_units(params, answer))]
    if operation == "BatchGetItem":
        ((_, asked),) = params["RequestItems"].items()
        each = _units(asked, answer, len(asked["Keys"])) / len(asked["Keys"])
        return [Access(TABLE, key["PK"]["S"], read=each) for key in asked["Keys"]]
    return []


def _key(request: Mapping[str, Any]) -> dict[str, Any]:
    held = request.get("Item") or request["Key"]
    return {name: held[name] for name in ("PK", "SK")}


def _units(asked: Mapping[str, Any], answer: Mapping[str, Any], rows: int = 1) -> float:
    counted = answer.get("ConsumedCapacity") or {}
    entries = counted if isinstance(counted, list) else [counted]
    # AWS counts a read that finds nothing as one of a row, which DynamoDB Local does not.
    least = rows * (1.0 if asked.get("ConsistentRead") else 0.5)
    return max(least, sum(float(entry.get("CapacityUnits", 0)) for entry in entries))
