"""Reads that do not need each other, side by side: the caller waits for the slowest, not for their sum."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Protocol, TypeVar

T = TypeVar("T")


class Starter(Protocol):
    """Starts a call and answers what its result will be read from."""

    def __call__(self, call: Callable[[], T], /) -> "Future[T]":
        """The future of `call`, whose `result` raises what the call raised."""


@contextmanager
def side_by_side(threads: int) -> Iterator[Starter]:
    """Runs what is started within the block in up to `threads` threads; its end waits for all of them.

    Each call sees the context variables of its caller, so that its capacity units are counted too.
    """
    with ThreadPoolExecutor(max_workers=threads) as workers:

        def start(call: Callable[[], T], /) -> "Future[T]":
            return workers.submit(copy_context().run, call)

        yield start
