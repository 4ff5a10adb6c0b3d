"""The last numbers of a year's papers by series, and how the next one is drawn: without a gap, never twice.

One row a year, `PAPER_NUMBERS#{year}`, because it is known which before the series are. `last_FT` is the last
number of the series FT, `day_FT` the date that its paper bears.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from common import config, prefixes
from common.dynamodb import Item, Key, UnitOfWork, Update, attr, get_item
from common.dynamodb.backoff import delay
from common.optimistic import StaleVersion

_LAST, _DAY = "last_", "day_"

T = TypeVar("T")

# Orders that are placed at once wait for each other's numbers; up to 400 ms each time.
_ROUNDS, _LONGEST_PAUSE = 12, 3


class NumberTaken(StaleVersion):
    """Another paper took the number that was seen free."""

    def __init__(self) -> None:
        super().__init__("The number of the next invoice")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The next number of a series in a year, and the date of its paper."""

    series: str
    year: int
    sequence: int
    day: date

    @property
    def number(self) -> str:
        """The paper's whole number, as `FT-2026-17`."""
        return f"{self.series}-{self.year}-{self.sequence}"


def numbers_key(now: datetime) -> Key:
    """The key of the row from which a paper that is issued at `now` takes its number."""
    return f"{prefixes.PAPER_NUMBERS}#{_today(now).year}", "METADATA"


def draw(work: UnitOfWork, row: Item | None, series: str, now: datetime) -> Drawn:
    """Takes the next number of a series, in the transaction of its paper; `row` is that of `numbers_key`.

    Raises NumberTaken at the commit when another paper was faster. A paper never bears an earlier date than
    the one before it, whose transaction may have begun later.
    """
    today, found = _today(now), row or {}
    last = int(found.get(_LAST + series, 0))
    day = max(today, date.fromisoformat(found.get(_DAY + series, today.isoformat())))
    drawn = Drawn(series, today.year, last + 1, day)
    seen = attr(_LAST + series).eq(last) if last else attr(_LAST + series).missing()
    work.update(
        numbers_key(now),
        Update().set(_LAST + series, drawn.sequence).set(_DAY + series, day.isoformat()),
        # Stops two papers that saw the same last number from both taking the one after it. What is taken is
        # taken together with its paper, so a transaction that fails leaves no gap.
        condition=seen,
        failed=NumberTaken(),
    )
    return drawn


def in_line(step: Callable[[], T]) -> T:
    """Runs `step` (which reads afresh, decides and writes) again while others are faster to the next number.

    Raises NumberTaken when they were through all rounds.
    """
    for turn in range(1, _ROUNDS):
        try:
            return step()
        except NumberTaken:
            time.sleep(delay(min(turn, _LONGEST_PAUSE)))
    return step()


def last_numbers(year: int) -> dict[str, int]:
    """The last number of each series of a year, by one consistent read."""
    row = get_item((f"{prefixes.PAPER_NUMBERS}#{year}", "METADATA"), consistent=True) or {}
    return {
        name.removeprefix(_LAST): int(last) for name, last in sorted(row.items()) if name.startswith(_LAST)
    }


def _today(now: datetime) -> date:
    return now.astimezone(config.shop_time_zone()).date()
