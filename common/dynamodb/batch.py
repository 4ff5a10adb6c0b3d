"""Reading and writing many items by key, in chunks, with what the service left over tried again."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from common.config import table_name
from common.errors import Unavailable

from .backoff import Sleep
from .client import call
from .codec import Item, Key, UnstorableValue, from_wire, key_of, key_to_wire, to_wire
from .ids import with_prefix, without_prefix
from .lifecycle import epoch_now, is_live
from .patience import attempts
from .requests_building import WireJson

READ_CHUNK = 100
WRITE_CHUNK = 25
ATTEMPTS = 6

_UNPROCESSED = "not processed by the database; try again"
_T = TypeVar("_T")


class BatchIncomplete(Unavailable):
    """Some items could not be read; `keys` names them, `found` has the others."""

    def __init__(self, keys: list[Key], found: dict[Key, Item]) -> None:
        super().__init__("The database is too busy to read everything; try again", retry_after=1)
        self.keys = keys
        self.found = found


@dataclass(slots=True)
class BatchReport:
    """Which keys were written or deleted, and which were not, each with the reason."""

    succeeded: list[Key] = field(default_factory=list)
    failed: list[tuple[Key, str]] = field(default_factory=list)


def batch_get(
    keys: Iterable[Key],
    *,
    consistent: bool = False,
    now: int | None = None,
    sleep: Sleep = time.sleep,
) -> dict[Key, Item]:
    """The items that exist and have not expired at `now` (epoch seconds, default: the clock), by key.

    Keys may repeat. Raises BatchIncomplete when the service leaves keys over through all attempts.
    """
    moment = epoch_now() if now is None else now
    found: dict[Key, Item] = {}
    left: list[Key] = []
    for chunk in _chunks(list(dict.fromkeys(keys)), READ_CHUNK):
        left += _read_chunk([key_to_wire(key) for key in chunk], found, sleep, consistent=consistent)
    found = {key: item for key, item in found.items() if is_live(item, moment)}
    if left:
        raise BatchIncomplete(left, found)
    return found


def batch_write(
    puts: Iterable[Mapping[str, Any]] = (),
    deletes: Iterable[Key] = (),
    *,
    sleep: Sleep = time.sleep,
) -> BatchReport:
    """Write whole items and delete keys, without conditions and not as one.

    The last put of a key wins over earlier ones, and a delete over a put. What fails is reported and the
    rest goes on. Raises ValueError when an item has no key.
    """
    report = BatchReport()
    requests = _requests(puts, deletes, report)
    for chunk in _chunks(list(requests.items()), WRITE_CHUNK):
        _write_chunk(dict(chunk), report, sleep)
    return report


def batch_put_json(items: Mapping[Key, str], *, sleep: Sleep = time.sleep) -> BatchReport:
    """Write whole items that are JSON in wire format already, by key; the rest is as with `batch_write`."""
    report = BatchReport()
    requests = [(key, WireJson(f'{{"PutRequest":{{"Item":{text}}}}}')) for key, text in items.items()]
    for chunk in _chunks(requests, WRITE_CHUNK):
        _write_chunk(dict(chunk), report, sleep)
    return report


def delete_by_ids(
    entity: str,
    ids: Iterable[str | int],
    sort_key: str = "METADATA",
    *,
    sleep: Sleep = time.sleep,
) -> dict[str, list[Any]]:
    """Delete items of an entity by id, with or without its prefix.

    Returns `{"success": [id, ...], "failed": [{"id": id, "error": text}, ...]}` with the ids as passed.
    """
    passed = list(ids)
    keys = {
        identifier: (with_prefix(entity, identifier), sort_key)
        for identifier in passed
        if without_prefix(entity, identifier)
    }
    errors = dict(batch_write(deletes=keys.values(), sleep=sleep).failed)
    outcome: dict[str, list[Any]] = {"success": [], "failed": []}
    for identifier in passed:
        key = keys.get(identifier)
        error = "is empty" if key is None else errors.get(key)
        if error is None:
            outcome["success"].append(identifier)
        else:
            outcome["failed"].append({"id": identifier, "error": error})
    return outcome


def _read_chunk(
    wanted: list[dict[str, Any]], found: dict[Key, Item], sleep: Sleep, *, consistent: bool
) -> list[Key]:
    """Read one chunk into `found` and return the keys that were left over."""
    table = table_name()
    for _ in attempts(ATTEMPTS, sleep):
        response = call(
            "batch_get_item", RequestItems={table: {"Keys": wanted, "ConsistentRead": consistent}}
        )
        for wire in response["Responses"].get(table, ()):
            item = from_wire(wire)
            found[item["PK"], item["SK"]] = item
        wanted = response.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        if not wanted:
            return []
    return [key_of(from_wire(wire)) for wire in wanted]


def _requests(
    puts: Iterable[Mapping[str, Any]], deletes: Iterable[Key], report: BatchReport
) -> dict[Key, dict[str, Any]]:
    # One request per key, because the service refuses a batch that names a key twice.
    requests: dict[Key, dict[str, Any]] = {}
    refused: dict[Key, str] = {}
    for item in puts:
        key = key_of(item)
        refused.pop(key, None)
        try:
            requests[key] = {"PutRequest": {"Item": to_wire(item)}}
        except UnstorableValue as error:
            requests.pop(key, None)
            refused[key] = str(error)
    for key in deletes:
        refused.pop(key, None)
        requests[key] = {"DeleteRequest": {"Key": key_to_wire(key)}}
    report.failed += refused.items()
    return requests


def _write_chunk(
    requests: Mapping[Key, dict[str, Any] | WireJson], report: BatchReport, sleep: Sleep
) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    table = table_name()
    pending = requests
    error = _UNPROCESSED
    for _ in attempts(ATTEMPTS, sleep):
        try:
            response = call("batch_write_item", RequestItems={table: list(pending.values())})
        except (ClientError, BotoCoreError) as refusal:
            error = str(refusal)
            break
        left = {_key_of_request(it) for it in response.get("UnprocessedItems", {}).get(table, ())}
        pending = {key: request for key, request in pending.items() if key in left}
        if not pending:
            break
    report.succeeded += [key for key in requests if key not in pending]
    report.failed += [(key, error) for key in pending]


def _key_of_request(request: Mapping[str, Any]) -> Key:
    holder = request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"]
    return holder["PK"]["S"], holder["SK"]["S"]


def _chunks(entries: list[_T], size: int) -> Iterator[list[_T]]:
    for start in range(0, len(entries), size):
        yield entries[start : start + size]
