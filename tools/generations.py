"""While a command writes rows of products that nothing marks: whoever holds the catalogue reads it anew."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from common.repositories.catalogue_changes import begin_generation

# A process that reads the catalogue meanwhile misses what was written since for as long, in seconds.
EVERY = 60.0


@contextmanager
def new_generations(
    *, every: float = EVERY, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[], None]]:
    """Begins a generation at the start of the block and at its end, however it ends.

    The function that it gives is to be called often: it begins another `every` so many seconds.
    """
    begin_generation()
    last = clock()

    def keep_up() -> None:
        nonlocal last
        if clock() - last >= every:
            begin_generation()
            last = clock()

    try:
        yield keep_up
    except BaseException:
        # What ended the block is what has to be told; often it keeps a generation from beginning too.
        with suppress(Exception):
            begin_generation()
        raise
    begin_generation()
