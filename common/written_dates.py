"""Days and times as buyers read them: in their language, by the shop's clock."""

from datetime import date, datetime

from common import config
from common.languages import ITALIAN

_MONTHS = {
    "it": (
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def day_text(day: date, language: str) -> str:
    """A day, as `31 gennaio 2026` and `31 January 2026`."""
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def moment_text(moment: datetime, language: str) -> str:
    """An aware time in `SHOP_TIME_ZONE`, as `31 gennaio 2026, ore 10:05 (CET)`."""
    local = moment.astimezone(config.shop_time_zone())
    hour = f"{'ore ' if language == ITALIAN else ''}{local:%H:%M} ({local.tzname()})"
    return f"{day_text(local.date(), language)}, {hour}"
