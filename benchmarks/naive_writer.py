"""What the move is compared with: the same items by boto3's own batch writer, in one thread."""

import json
import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from common.dynamodb import batch_write, create_table, delete_table, from_wire, index_keys, table_name
from tools.scanning import scan_pages

# In memory at once; reading them from the file does not count.
SLICE = 10_000
WARM_ROWS = 30_000

_OWN = ("COUNTER", "MIGRATION#")
_SEGMENTS = 64


def keep_items(path: Path) -> int:
    """Write what the table has into a file, without what the move keeps for itself, and count it."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for page in (page for segment in range(_SEGMENTS) for page in scan_pages(segment, _SEGMENTS)):
            for wire in page.items:
                if not wire["PK"]["S"].startswith(_OWN):
                    file.write(json.dumps(wire) + "\n")
                    count += 1
    return count


def write_naively(path: Path) -> int:
    """Write the items of a file into the table, and give the nanoseconds that the writing took."""
    import boto3

    resource: Any = boto3.resource("dynamodb", endpoint_url=os.environ["DYNAMODB_ENDPOINT"])
    table = resource.Table(table_name())
    spent = 0
    for items in _slices(path):
        started = time.perf_counter_ns()
        with table.batch_writer() as writer:
            for item in items:
                writer.put_item(Item=item)
        spent += time.perf_counter_ns() - started
    return spent


def warm_up() -> None:
    """Let the engine compile what it needs for writing, which takes seconds, before anything is measured."""
    create_table()
    try:
        batch_write(
            {
                "PK": f"WARM#{number}",
                "SK": "METADATA",
                "text": "x" * 300,
                **index_keys("GSI1", "W", str(number)),
            }
            for number in range(WARM_ROWS)
        )
    finally:
        delete_table(table_name())


def _slices(path: Path) -> Iterator[list[dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        while lines := list(islice(file, SLICE)):
            yield [from_wire(json.loads(line)) for line in lines]
