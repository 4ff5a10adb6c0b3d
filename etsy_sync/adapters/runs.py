"""How a run over a channel went, and who wants to see how far it is."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

# Told of how many things are done, and of how many there are where that is known.
Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class RunResult:
    """How a run over a channel went; `counts` by what became of things, `errors` what went wrong.

    `is_cut_short` when the channel could not be asked or told of everything.
    """

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    is_cut_short: bool = False
