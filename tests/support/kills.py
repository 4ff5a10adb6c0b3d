"""`artshop migrate` in processes that are killed: at an event, after a line, or at a random moment."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from tests.support.programs import Program, program

_PASSED_ON = ("AWS_", "DYNAMODB_", "TOKEN_")
# The artshop of these tests: it kills itself at the n-th of the client's events of one name.
_DYING = """
import os, signal, sys
from itertools import count
from common.dynamodb import get_client
from tools.cli import main

event, number = sys.argv[1], int(sys.argv[2])
seen = count(1)


def die(**_):
    if next(seen) == number:
        os.kill(os.getpid(), signal.SIGKILL)


get_client().meta.events.register(event, die)
sys.argv[1:3] = []
main()
"""
# The one that waits for its engine no longer than so many seconds.
_IMPATIENT = """
import sys
from importlib import import_module
from tools.cli import main

import_module("common.dynamodb.patience").LONGEST_S = float(sys.argv[1])
sys.argv[1:2] = []
main()
"""
PATIENCE_S = 1

Begun = str | Callable[[Program], None]
"""When a command is about to do what it is killed in: what it says then, or what waits for it."""


@contextmanager
def artshop(
    *words: str, dies_at: tuple[str, int] | None = None, endpoint: str | None = None
) -> Iterator[Program]:
    """`artshop migrate` with these words; by another way to its engine, `endpoint`, it is impatient."""
    changes = {name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)}
    changes |= {"DYNAMODB_ENDPOINT": endpoint} if endpoint else {}
    command = ["-m", "tools.cli"] if dies_at is None else ["-c", _DYING, *map(str, dies_at)]
    command = ["-c", _IMPATIENT, str(PATIENCE_S)] if endpoint else command
    with program([*command, "migrate", *words], changes) as started:
        yield started


def kill_after(line: str, times: int, *words: str) -> None:
    """Kill the command after it has said `line` so many times."""
    with artshop(*words) as command:
        for _ in range(times):
            said = command.read_until(line)
            assert line in said, said
        command.send(signal.SIGKILL)
        assert command.wait() == -signal.SIGKILL


def die_at(event: str, number: int, *words: str) -> None:
    """Let the command kill itself at an event of its client."""
    assert dies_at(event, number, *words)


def dies_at(event: str, number: int, *words: str) -> bool:
    """The same; False when the command was done before that event."""
    with artshop(*words, dies_at=(event, number)) as command:
        code = command.wait()
        assert code in {0, -signal.SIGKILL}, command.read_until("Error")
    return code != 0


def seconds_of(begun: Begun, *words: str) -> float:
    """How long the command works once it has begun."""
    with artshop(*words) as command:
        _wait(command, begun)
        started = time.monotonic()
        assert command.wait() == 0
        return time.monotonic() - started


def killed_within(seconds: float, begun: Begun, random: Random, *words: str) -> bool:
    """Kill the command at a random moment of so many seconds from its beginning; False when it was done."""
    with artshop(*words) as command:
        _wait(command, begun)
        try:
            code = command.process.wait(random.uniform(0, seconds))
        except subprocess.TimeoutExpired:
            command.send(signal.SIGKILL)
            code = command.wait()
    assert code in {0, -signal.SIGKILL}
    return code != 0


def _wait(command: Program, begun: Begun) -> None:
    if callable(begun):
        begun(command)
    else:
        said = command.read_until(begun)
        assert begun in said, said
