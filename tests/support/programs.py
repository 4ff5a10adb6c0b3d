"""The project's own programs, started as processes that cannot outlive their test."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from tools.paths import ROOT

LONGEST_S = 120

# Variables that would lead a program to what this machine's user works on.
MINE = (
    "ADMIN_",
    "AMAZON_",
    "ARTSHOP_DATA",
    "ARTSHOP_ENV",
    "AWS_",
    "COV_",
    "CURSOR_",
    "DYNAMODB_",
    "ETSY_",
    "JWT_",
    "PORT",
    "PYTEST_",
    "SHOPIFY_",
    "SHOP_",
    "STOCK_",
    "TOKEN_",
)


@dataclass(frozen=True)
class Program:
    """A running process whose output is always read, so that it never waits for a reader."""

    process: subprocess.Popen[str]
    lines: SimpleQueue[str | None] = field(default_factory=SimpleQueue)

    def read_until(self, word: str) -> str:
        """What it prints up to the line with `word`; all of it when it ends before that.

        AssertionError with what it printed when it falls silent without the word.
        """
        found: list[str] = []
        try:
            while line := self.lines.get(timeout=LONGEST_S):
                found.append(line)
                if word in line:
                    break
        except Empty:
            raise AssertionError(f"{word!r} was not printed within {LONGEST_S} s: {''.join(found)}") from None
        return "".join(found)

    def send(self, signal_number: int) -> None:
        """Signal its process group, as a terminal does on Ctrl-C."""
        os.killpg(self.process.pid, signal_number)

    def wait(self) -> int:
        """Its exit code."""
        return self.process.wait(LONGEST_S)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This machine's environment without AWS, the shop's settings and pytest's; with `changes`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(MINE)}
    kept.pop("ENVIRONMENT", None)
    return kept | {"PYTHONUNBUFFERED": "1"} | dict(changes)


@contextmanager
def program(arguments: Sequence[str], changes: Mapping[str, str], root: Path = ROOT) -> Iterator[Program]:
    """This Python in a project's root with these arguments; killed at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=root,
        env=environment(changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    started = Program(process)
    reader = threading.Thread(target=started._read)
    reader.start()
    try:
        yield started
    finally:
        process.kill()
        process.wait()
        reader.join()
        if process.stdout:
            process.stdout.close()


def run(
    arguments: Sequence[str], changes: Mapping[str, str], text: str = "", root: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """The finished process of this Python in a project's root, given `text` on its standard input."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env=environment(changes),
        input=text,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
