"""`python -m benchmarks.embedded`: what saving costs the embedded engine, beside MiniStack without it."""

import asyncio
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from tests.support.embedded import ITEM_BYTES, REGION, TABLE, fill
from tools.engines.ministack_data import FILE
from tools.engines.ministack_rows import TableRows
from tools.engines.ministack_saving import Saver, saving_tables
from tools.engines.row_store import RowStore

WRITES = 500
AT_ONCE = 5
CREATE = {
    "TableName": TABLE,
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
}

Ask = Callable[[str, dict[str, Any]], Awaitable[None]]


@dataclass
class Times:
    """What requests took of the processor, and until they were done, in milliseconds."""

    processor: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    async def measure(self, request: Awaitable[None]) -> None:
        """Wait for one request and note its times."""
        began, worked = time.perf_counter(), time.process_time()
        await request
        self.processor.append((time.process_time() - worked) * 1000)
        self.whole.append((time.perf_counter() - began) * 1000)


def put(number: int) -> tuple[str, dict[str, Any]]:
    """One new item of 1 KB."""
    return "PutItem", {"TableName": TABLE, "Item": _item(f"put-{number}")}


def transaction(number: int) -> tuple[str, dict[str, Any]]:
    """Five new items of 1 KB in a transaction with a token."""
    items = [_item(f"transaction-{number}-{each}") for each in range(AT_ONCE)]
    puts = [{"Put": {"TableName": TABLE, "Item": item}} for item in items]
    return "TransactWriteItems", {"TransactItems": puts, "ClientRequestToken": str(number)}


class Engine:
    """MiniStack's DynamoDB over one folder, asked with saving or without."""

    def __init__(self, service: Any, folder: Path, count: Any) -> None:
        service._tables._data = {}
        service._update_counts = self._own_count = count
        self._service, self._plain = service, service.handle_request
        store = RowStore(folder / FILE)
        self._rows = TableRows(service, store)
        self._count = service._update_counts
        self._saving = saving_tables(
            service, self._rows, Saver(store, {"dynamodb": self._rows}, service._lock)
        )
        self.close = store.close

    async def ask_saving(self, action: str, request: dict[str, Any]) -> None:
        """Carry out as `make run` does."""
        self._service._update_counts = self._count
        await _ask(self._saving, action, request)

    async def ask_plain(self, action: str, request: dict[str, Any]) -> None:
        """Carry out as MiniStack does by itself."""
        self._service._update_counts = self._own_count
        await _ask(self._plain, action, request)
        self._rows.saved()


async def measure(service: Any, count: Any, megabytes: int) -> list[str]:
    """The rows of the table for a size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = Engine(service, folder, count)
        await engine.ask_saving("CreateTable", CREATE)
        engine.close()
        fill(folder, megabytes)
        began, worked = time.perf_counter(), time.process_time()
        engine = Engine(service, folder, count)
        seconds = time.perf_counter() - began, time.process_time() - worked
        lines = [f"{megabytes} MB are read in {seconds[0]:.1f} s, of which {seconds[1]:.1f} s processor"]
        for what in (put, transaction):
            plain, saved = Times(), Times()
            for number in range(WRITES):
                times, ask = (plain, engine.ask_plain) if number % 2 else (saved, engine.ask_saving)
                await times.measure(ask(*what(number)))
            lines.append(_line(megabytes, what.__name__, plain, saved))
        engine.close()
    return lines


async def _ask(handle: Callable[..., Awaitable[Any]], action: str, request: dict[str, Any]) -> None:
    headers = {"x-amz-target": f"DynamoDB_20120810.{action}"}
    status, _, answer = await handle("POST", "/", headers, json.dumps(request).encode(), {})
    if status != 200:
        raise click.ClickException(str(answer))


def _item(name: str) -> dict[str, Any]:
    return {"PK": {"S": name}, "text": {"S": "x" * (ITEM_BYTES - 60)}}


def _line(megabytes: int, what: str, plain: Times, saved: Times) -> str:
    processor = [statistics.median(times.processor) for times in (plain, saved)]
    slowest = [sorted(times.whole)[WRITES // 2 * 99 // 100] for times in (plain, saved)]
    return (
        f"{megabytes} MB, {what}: processor p50 {processor[0]:.2f} ms plain, {processor[1]:.2f} ms saved, "
        f"ratio {processor[1] / processor[0]:.2f}; p99 {slowest[0]:.1f} ms plain, {slowest[1]:.1f} ms saved"
    )


@click.command()
def main() -> None:
    """Measure at 1 MB and at 100 MB, both ways in turns in one process."""
    from ministack.core.responses import set_request_region
    from ministack.services import dynamodb

    set_request_region(REGION)
    dynamodb._lock = threading.RLock()
    count = dynamodb._update_counts
    for megabytes in (1, 100):
        for line in asyncio.run(measure(dynamodb, count, megabytes)):
            click.echo(line)


if __name__ == "__main__":
    main()
