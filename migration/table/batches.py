"""Batch reads, writes and deletions that are done whole, or end in an error that says how to go on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from common.dynamodb import BatchIncomplete, BatchReport, Item, Key, batch_get, batch_put_json, batch_write
from tools.errors import ToolError

# A moment before every expiry: what has expired but is still stored is there, as far as moving goes.
BEFORE_ALL_TIME = 0

_GOES_ON = "Run the same command again: it goes on from here."


def read_all(keys: Sequence[Key]) -> dict[Key, Item]:
    """What is stored under these keys, expired or not, read consistently. Raises ToolError."""
    try:
        return batch_get(keys, consistent=True, now=BEFORE_ALL_TIME)
    except BatchIncomplete as error:
        raise ToolError(f"The database is too busy to be read. {_GOES_ON}") from error


def write_all(items: Iterable[Mapping[str, Any]]) -> None:
    """Write items until all are written. Raises ToolError naming one that the database refuses."""
    _all_done(batch_write(items), "written")


def put_all(items: Mapping[Key, str]) -> None:
    """Write items that are JSON in wire format, by key, as `write_all` does."""
    _all_done(batch_put_json(items), "written")


def delete_all(keys: Iterable[Key]) -> None:
    """Delete keys until all are gone. Raises ToolError naming one that is left."""
    _all_done(batch_write(deletes=keys), "deleted")


def _all_done(report: BatchReport, what: str) -> None:
    if report.failed:
        (pk, sk), reason = report.failed[0]
        raise ToolError(
            f"{len(report.failed)} rows were not {what}, {pk} / {sk} among them: {reason}. {_GOES_ON}"
        )
