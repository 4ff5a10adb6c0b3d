"""How far a long command is: a bar with rate and time left on a terminal, plain lines anywhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import click

# A line for each tenth, unless that is less than so many, and one after so many seconds of silence.
TENTHS = 10
FEW = 100
SILENCE_S = 15.0

Clock = Callable[[], float]


Advance = Callable[[int], None]
"""Says that so many more are done."""
Progress = Callable[[str, int], AbstractContextManager[Advance]]
"""Opens one stretch of work: what is done, and how many of it there are."""


def for_terminal() -> Progress:
    """The progress that suits where the output goes."""
    return bar if sys.stdout.isatty() else lines


@contextmanager
def bar(label: str, total: int, clock: Clock = time.monotonic) -> Iterator[Advance]:
    """A bar that shows how many a second are done and how long the rest takes."""
    started, done = clock(), 0

    def rate(_item: object) -> str:
        return f"{done / max(clock() - started, 0.001):,.0f}/s"

    with click.progressbar(
        length=max(total, 1), label=f"{label:<28}", show_pos=True, item_show_func=rate
    ) as shown:

        def advance(count: int) -> None:
            nonlocal done
            done += count
            shown.update(count, current_item=done)

        yield advance


@contextmanager
def lines(
    label: str, total: int, clock: Clock = time.monotonic, say: Callable[[str], None] = click.echo
) -> Iterator[Advance]:
    """A line for each tenth of the way and at the end, and whenever nothing was said for 15 seconds."""
    started = said_at = clock()
    step = max(total // TENTHS, FEW)
    done = said = 0

    def advance(count: int) -> None:
        nonlocal done, said, said_at
        done += count
        if done // step > said // step or clock() - said_at >= SILENCE_S:
            said, said_at = done, clock()
            say(f"{label}: {done:,} of {max(total, done):,} ({_rate(done, clock() - started)})")

    yield advance
    if not done or done != said:
        say(f"{label}: {done:,} ({_rate(done, clock() - started)})" if done else f"{label}: none")


def _rate(done: int, seconds: float) -> str:
    return f"{done / max(seconds, 0.001):,.0f}/s"


@contextmanager
def silent(_label: str, _total: int) -> Iterator[Advance]:
    """Says nothing."""

    def advance(_count: int) -> None:
        pass

    yield advance
