"""The public holidays on which no period of the law ends: Italy's, each with the law it is by."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday on the same `day` of a `month` each year from `since` on."""

    month: int
    day: int
    law: str
    since: int = 1949


# https://www.normattiva.it/uri-res/N2Ls?urn:nir:stato:legge:1949-05-27;260
_LAW_OF_1949 = "Law 260 of 27 May 1949"
HOLIDAYS = (
    Holiday(1, 1, _LAW_OF_1949),
    Holiday(1, 6, "Decree of the President 792 of 28 December 1985", 1986),
    Holiday(4, 25, _LAW_OF_1949),
    Holiday(5, 1, _LAW_OF_1949),
    Holiday(6, 2, "Law 336 of 20 November 2000", 2001),
    Holiday(8, 15, _LAW_OF_1949),
    Holiday(10, 4, "Law 151 of 8 October 2025", 2026),
    Holiday(11, 1, _LAW_OF_1949),
    Holiday(12, 8, _LAW_OF_1949),
    Holiday(12, 25, _LAW_OF_1949),
    Holiday(12, 26, _LAW_OF_1949),
)


def is_working_day(day: date) -> bool:
    """Whether it is no Saturday, Sunday or public holiday (Regulation 1182/71, article 2(2))."""
    if day.weekday() >= 5 or day == _easter_sunday(day.year) + timedelta(days=1):
        return False
    return not any((it.month, it.day) == (day.month, day.day) and day.year >= it.since for it in HOLIDAYS)


def _easter_sunday(year: int) -> date:
    """Easter by the Gregorian calendar: Oudin's form of the computus (US Naval Observatory)."""
    century = year // 100
    golden = year % 19
    moon = century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15
    moon %= 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    distance = moon - weekday
    month = 3 + (distance + 40) // 44
    return date(year, month, distance + 28 - 31 * (month // 4))
