"""The attributes of stored rows as the values of PostgreSQL's columns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from common.clock import parse_iso
from common.dynamodb import Item


def moment(text: str | None) -> datetime | None:
    """A stored time, aware."""
    return None if text is None else parse_iso(text)


def amount(value: int | Decimal | None) -> Decimal | None:
    """A stored amount."""
    return None if value is None else Decimal(value)


def number(text: object) -> int | None:
    """An id that is stored as text; None for one that PostgreSQL's integer columns cannot hold."""
    words = str(text) if text is not None else ""
    digits = words.removeprefix("-")
    return int(words) if digits.isascii() and digits.isdigit() else None


def id_of(text: str) -> int | str:
    """An id as a number where it is one."""
    found = number(text)
    return text if found is None else found


def by_sort_key(items: Iterable[Item]) -> dict[str, Item]:
    """The items of one record by their sort keys."""
    return {item["SK"]: item for item in items}


def plain(item: Item, names: Sequence[str]) -> dict[str, Any]:
    """The attributes that are columns of the same name; None for each that is not set."""
    return {name: item.get(name) for name in names}


def times(item: Item, *names: str) -> dict[str, datetime | None]:
    """The attributes that are times."""
    return {name: moment(item.get(name)) for name in names}


def amounts(item: Item, *names: str) -> dict[str, Decimal | None]:
    """The attributes that are amounts."""
    return {name: amount(item.get(name)) for name in names}
