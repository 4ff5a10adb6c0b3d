"""Months, days and times as buyers read them: in their language, by the shop's clock."""

from datetime import date, datetime

from common import config
from common.languages import ITALIAN

# Not those of the process's locale.
_MONTHS = {
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "en": "January February March April May June July August September October November December",
}


def month_text(month: str, language: str) -> str:
    """A month, given as `2026-01`: `gennaio 2026`, `January 2026`."""
    year, _, number = month.partition("-")
    return f"{_MONTHS[language].split()[int(number) - 1]} {year}"


def day_text(day: date, language: str) -> str:
    """A day, as `31 gennaio 2026` and `31 January 2026`."""
    return f"{day.day} {month_text(f'{day:%Y-%m}', language)}"


def moment_text(moment: datetime, language: str) -> str:
    """An aware time in `SHOP_TIME_ZONE`, as `31 gennaio 2026, ore 10:05 (CET)`."""
    local = moment.astimezone(config.shop_time_zone())
    hour = f"{'ore ' if language == ITALIAN else ''}{local:%H:%M} ({local.tzname()})"
    return f"{day_text(local.date(), language)}, {hour}"
