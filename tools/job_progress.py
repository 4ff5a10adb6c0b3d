"""Shows how far a job is, which says so by counting: a bar on a terminal, plain lines anywhere else."""

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from tools.progress import Advance, Progress, for_terminal, lines


class Watched:
    """Takes a job's counts, of things done and of all there are (None: nobody knows), and shows them.

    A job has a stretch for each channel: where the count falls back or the total changes, the next begins.
    """

    def __init__(self, label: str, *, is_shown: bool, kind: Progress | None = None) -> None:
        self._label, self._is_shown = label, is_shown
        self._kind = kind or for_terminal()
        self._stretch = ExitStack()
        self._advance: Advance | None = None
        self._done, self._total = 0, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stretch.close()

    def __call__(self, done: int, total: int | None) -> None:
        """So many are done by now."""
        if not self._is_shown:
            return
        if self._advance is None or done < self._done or (total or 0) != self._total:
            self._begin(total or 0)
        if self._advance is not None and done > self._done:
            self._advance(done - self._done)
            self._done = done

    def _begin(self, total: int) -> None:
        self._stretch.close()
        self._done, self._total = 0, total
        # A bar needs to know where it ends.
        show = self._kind if total else lines
        self._advance = self._stretch.enter_context(show(self._label, total))
