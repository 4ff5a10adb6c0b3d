"""Dates, amounts and rates as a reader of each language writes them."""

from datetime import datetime
from decimal import Decimal

from common import config
from common.clock import parse_iso
from common.languages import ITALIAN
from common.money import money_text
from common.written_dates import day_text


def date_text(moment: datetime | str, language: str) -> str:
    """The day of a moment (ISO 8601 where it is a text) in the shop's time zone: `1 dicembre 2026`."""
    return day_text(_local(moment).date(), language)


def time_text(moment: datetime | str, language: str) -> str:
    """The same with the time and its zone: `1 dicembre 2026, 10:33 CET`."""
    return f"{date_text(moment, language)}, {_local(moment):%H:%M %Z}"


def amount_text(amount: Decimal | int | str, currency: str, language: str) -> str:
    """An amount of money: `12,50 EUR` in Italian, `12.50 EUR` in English."""
    return _separated(money_text(amount, currency), language)


def rate_text(rate: Decimal, language: str) -> str:
    """A rate, given as a fraction such as 0.22: `22 %`."""
    percent = (rate * 100).normalize()
    return f"{_separated(f'{percent:f}', language)} %"


def _separated(number: str, language: str) -> str:
    return number.replace(".", ",") if language == ITALIAN else number


def _local(moment: datetime | str) -> datetime:
    aware = parse_iso(moment) if isinstance(moment, str) else moment
    return aware.astimezone(config.shop_time_zone())
