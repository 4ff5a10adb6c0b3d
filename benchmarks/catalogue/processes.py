"""Processes that answer for one catalogue each, as the benchmark asks them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, Self, cast

from tools.paths import ROOT


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request consumed, took in ns by the clock and of processor time, and said."""

    status: int
    trips: int
    read: float
    wall: list[int]
    processor: list[int]
    rows: int
    total: int | None
    cursor: str | None
    etag: str | None


class Answering:
    """A fresh process for the table with this name; it ends with the block.

    `imported` are the ns that its import took, by the clock and of processor time.
    """

    def __init__(self, way: str, table: str, settings: Mapping[str, str] | None = None) -> None:
        environment = os.environ | {
            "DYNAMODB_TABLE_NAME": table,
            "SHOP_DOMAINS": "catalog",
            **(settings or {}),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.catalogue.worker", way],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._process = process
        self._questions, self._answers = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        said = self._heard()
        self.imported: tuple[int, int] = (said["wall"][0], said["processor"][0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def cost(self, path: str, headers: Mapping[str, str]) -> Cost:
        """One request, with what it consumed."""
        return Cost(**self._asked({"do": "cost", "path": path, "headers": dict(headers)}))

    def times(self, path: str, headers: Mapping[str, str], count: int) -> tuple[list[int], list[int]]:
        """The ns that `count` requests take, by the clock and of processor time."""
        said = self._asked({"do": "time", "path": path, "headers": dict(headers), "times": count})
        return said["wall"], said["processor"]

    def memory(self) -> dict[str, float]:
        """What it takes `now` and has taken at `most`, in MB."""
        return self._asked({"do": "memory"})

    def write_snapshot(self, goods: int = 0) -> int:
        """The bytes of the snapshot that it has written of the whole table, or of so many `goods`."""
        return int(self._asked({"do": "snapshot", "goods": goods})["bytes"])

    def _asked(self, question: Mapping[str, Any]) -> dict[str, Any]:
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        line = self._answers.readline()
        if not line:
            raise RuntimeError("a process that answers for a catalogue has ended")
        said: dict[str, Any] = json.loads(line)
        return said
