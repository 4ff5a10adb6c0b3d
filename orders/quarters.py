"""Quarters of a year, by which taxes are declared: their names, and when they begin and end for the shop."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from common import config
from common.clock import iso, parse_iso
from common.errors import InvalidInput

_NAME = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter such as `2026-Q4`: from `start` until before `end`, ISO 8601 UTC."""

    name: str
    start: str
    end: str

    def holds(self, moment: str | None) -> bool:
        """Whether a moment (ISO 8601 UTC) is in it."""
        return moment is not None and self.start <= moment < self.end


def quarter_in(text: str) -> Quarter:
    """The quarter that a text names; InvalidInput for another text."""
    found = _NAME.fullmatch(text.strip().upper())
    if found is None or not 1 < int(found[1]) < 9999:
        raise InvalidInput.of_field("quarter", "must be a quarter such as 2026-Q4")
    year, number = int(found[1]), int(found[2])
    following = (year, number + 1) if number < 4 else (year + 1, 1)
    return Quarter(found[0], _begins(year, number), _begins(*following))


def quarter_of(moment: str) -> str:
    """The name of the quarter that a moment (ISO 8601 UTC) is in."""
    day = parse_iso(moment).astimezone(config.shop_time_zone())
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def _begins(year: int, number: int) -> str:
    midnight = datetime(year, 3 * number - 2, 1, tzinfo=config.shop_time_zone())
    return iso(midnight.astimezone(UTC))
