"""What `artshop run` and `artshop engine` share: signals, one of them for each folder, a watched engine."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import locks
from tools.engines.ministack import EngineFailed, MiniStack
from tools.errors import ToolError
from tools.local import storage

RUN_LOCK = "run.lock"
WATCH_S = 0.5
RESTARTS = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str], None]


def is_running(data: Path) -> bool:
    """True while a shop or its engine uses this data."""
    return any(locks.is_held(data / name) for name in (RUN_LOCK, "engine.lock"))


def until_stopped(work: Callable[[], None], say: Say) -> None:
    """Do `work`, which Ctrl-C, SIGTERM and the terminal's end stop."""
    _interrupt_on_signals()
    try:
        work()
    except KeyboardInterrupt:
        say("Stopped.")


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the folder; ToolError while another shop or engine does."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        lock = locks.acquire(data / RUN_LOCK)
    except locks.Held as error:
        raise ToolError(f"The shop runs already on the data in {data}; stop it first.") from error
    with lock:
        yield


def _interrupt_on_signals() -> None:
    def interrupt(*_: object) -> None:
        # Once is enough: a second Ctrl-C must not break off the engine's end.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in SIGNALS:
        # Under nohup a closed terminal is meant to be ignored.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


def watch(engine: MiniStack | None, say: Say, prepare_queue: Callable[[], None]) -> None:
    """Look after the engine, None for one of the caller's own, until the process is interrupted.

    One that ends is started again up to three times, then EngineFailed; `prepare_queue` follows.
    """
    restarts, failure = 0, ""
    while True:
        time.sleep(WATCH_S)
        if engine is None:
            continue
        if engine.is_running:
            failure = _tell_failure(engine.failure(), failure, say)
            continue
        restarts += 1
        if restarts > RESTARTS:
            raise EngineFailed(f"The engine ended {restarts} times; its log is {engine.data / 'engine.log'}")
        say("The engine ended unexpectedly and is started again with all that it acknowledged.")
        engine.start()
        # Killed in its first moments, it had no table, bucket and queue yet.
        storage.prepare()
        prepare_queue()


def _tell_failure(failure: str, told: str, say: Say) -> str:
    """Say when saving begins to fail, for another reason, or works again; gives what is true now."""
    if failure and failure != told:
        say(f"THE ENGINE CANNOT SAVE and refuses every write until it can: {failure}")
    if told and not failure:
        say("The engine saves again.")
    return failure
