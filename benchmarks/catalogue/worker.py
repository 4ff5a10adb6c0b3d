"""`python -m benchmarks.catalogue.worker WAY`: a process that answers as a Lambda function would.

It reads questions from its input and writes what it found to its output, a line of JSON each.
"""

import time

_BEGAN = time.perf_counter_ns(), time.process_time_ns()

import importlib  # noqa: E402 - the import of the app is measured
import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from contextlib import redirect_stdout  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, TextIO, cast  # noqa: E402

from common.http import ShopApp  # noqa: E402

HEADERS = {"Origin": "https://shop.example.com", "Accept": "application/json"}
WHOLE, INDEXED = "whole", "indexed"

Said = dict[str, Any]


class Worker:
    """Asks one app, and tells what it took."""

    def __init__(self, app: ShopApp) -> None:
        from chalice.local import LambdaEventConverter, RouteMatcher

        self._app = app
        self._converter = LambdaEventConverter(RouteMatcher(list(app.routes)), app.api.binary_types)

    def answer(self, question: Mapping[str, Any]) -> Said:
        """What a question of the parent's asks for."""
        if question["do"] == "memory":
            return memory()
        if question["do"] == "snapshot":
            return write_snapshot_of(question["goods"]) if question["goods"] else write_whole_snapshot()
        event = self._event(question)
        return self._timed(event, question["times"]) if question["do"] == "time" else self._cost(event)

    def _event(self, question: Mapping[str, Any]) -> Any:
        headers = {**HEADERS, **question.get("headers", {})}
        return self._converter.create_lambda_event("GET", question["path"], headers)

    def _timed(self, event: Any, times: int) -> Said:
        wall, processor = [], []
        for _ in range(times):
            began = time.perf_counter_ns(), time.process_time_ns()
            self._app(event, None)
            wall.append(time.perf_counter_ns() - began[0])
            processor.append(time.process_time_ns() - began[1])
        return {"wall": wall, "processor": processor}

    def _cost(self, event: Any) -> Said:
        from benchmarks.capacity import consumed
        from common.dynamodb import meter

        began = time.perf_counter_ns(), time.process_time_ns()
        with consumed() as found, meter() as usage:
            answer = self._app(event, None)
        wall, processor = time.perf_counter_ns() - began[0], time.process_time_ns() - began[1]
        body = json.loads(answer["body"] or "") if answer["statusCode"] == 200 else {}
        return {
            "status": answer["statusCode"],
            "trips": usage.calls,
            "read": float(sum(found.reads.values())),
            "wall": [wall],
            "processor": [processor],
            "rows": len(next((held for held in body.values() if isinstance(held, list)), [])),
            "total": body.get("total"),
            "cursor": body.get("lastEvaluatedKey"),
            "etag": answer["headers"].get("ETag"),
        }


def memory() -> Said:
    """What the process takes now and has taken at most, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    sizes = {name: text for name, _, text in (line.partition(":") for line in status)}
    return {name: int(sizes[key].split()[0]) / 1024 for name, key in (("now", "VmRSS"), ("most", "VmHWM"))}


def write_whole_snapshot() -> Said:
    """The `bytes` of the snapshot, as the job writes it."""
    from catalog.snapshot_job import write_snapshot
    from common.clock import utc_now

    return {"bytes": write_snapshot(utc_now(), whole=True).counts["bytes"]}


def write_snapshot_of(count: int) -> Said:
    """The `bytes` of the snapshot of so many products, of which the table has none."""
    from benchmarks.catalogue.goods import snapshot_of
    from catalog.index.snapshot import save

    return {"bytes": save(snapshot_of(count), None)}


def make_app(way: str) -> ShopApp:
    """The app that answers by an index, or the one that reads the whole catalogue."""
    if way == WHOLE:
        return cast("ShopApp", importlib.import_module("benchmarks.catalogue.whole_app").whole_app())
    return cast("ShopApp", importlib.import_module("app").app)


def main() -> None:
    """Answer until the input ends."""
    # The access log is not what the parent reads.
    output = sys.stdout
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        answer_all(output)


def answer_all(output: TextIO) -> None:
    """Say what the import took, then answer each question."""
    app = make_app(sys.argv[1])
    wall, processor = time.perf_counter_ns() - _BEGAN[0], time.process_time_ns() - _BEGAN[1]
    worker = Worker(app)
    print(json.dumps({"wall": [wall], "processor": [processor]}), file=output, flush=True)
    for line in sys.stdin:
        print(json.dumps(worker.answer(json.loads(line))), file=output, flush=True)


if __name__ == "__main__":
    main()
