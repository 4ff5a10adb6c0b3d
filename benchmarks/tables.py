"""What the tables of the report share: their form, their numbers, and how they say that a limit holds."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from benchmarks.calls import Budget

NONE = "–"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def milliseconds(nanoseconds: int, digits: int = 2) -> str:
    """A duration in ms with so many decimals."""
    return f"{Decimal(nanoseconds) / 1_000_000:.{digits}f}"


def verdict(holds: bool | None) -> str:
    """How a table says whether a limit holds; None where there is no limit."""
    return NONE if holds is None else ("yes" if holds else "**no**")


def limits(budget: Budget | None) -> str:
    """A budget in words."""
    if budget is None:
        return NONE
    named = {"trips": budget.trips, "read": budget.read, "write": budget.write}
    return ", ".join(f"{name} ≤ {limit}" for name, limit in named.items() if limit is not None)
