"""Amounts in tables of people: which of point and comma is the decimal mark is decided for a whole file."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

Mark = Literal[".", ","]

_OTHER: dict[Mark, Mark] = {".": ",", ",": "."}
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
# Between the digits of large numbers: blanks of several widths, and the Swiss apostrophe.
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[ '\u00a0\u2009\u202f\u2019](?=[0-9]{3})")
_MOST = 40


class UnclearMark(ValueError):
    """A file writes amounts with a decimal point and with a decimal comma."""


def decimal_mark(texts: Iterable[str], default: Mark | None = None) -> Mark | None:
    """The decimal mark of these amounts; `default` where none of them tells.

    `12,50`, `1.234,50`, `1.234.567` and `0,125` tell that it is a comma; `1.234` alone tells nothing. Raises
    UnclearMark when some tell the one and some the other.
    """
    told = {mark for text in texts if (mark := _told(_bare(text))) is not None}
    if len(told) > 1:
        raise UnclearMark("amounts have a decimal point in one row and a decimal comma in another")
    return told.pop() if told else default


def read_amount(text: str, mark: Mark | None) -> Decimal:
    """The amount that is written with this decimal mark, thousands divided or not.

    ValueError, with a text that goes on after the column's name, for what is no amount, and without a mark
    for what may mean two.
    """
    bare = _bare(text)
    if len(bare) > _MOST or not _NUMBER.fullmatch(bare):
        raise ValueError("must be a number")
    if mark is None:
        if not bare.lstrip("+-").isdigit():
            raise ValueError(f"{text.strip()} may be a fraction or thousands; write it with two decimals")
        mark = "."
    whole, found, fraction = bare.partition(mark)
    groups = whole.lstrip("+-").split(_OTHER[mark])
    is_divided = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if not (len(groups) == 1 or is_divided) or (found and not fraction.isdigit()):
        raise ValueError("must be a number")
    digits = whole.replace(_OTHER[mark], "")
    return Decimal(f"{digits}.{fraction}" if found else digits)


def _bare(text: str) -> str:
    return _BETWEEN_DIGITS.sub("", text.strip().replace("\u2212", "-"))


def _told(bare: str) -> Mark | None:
    """The decimal mark that an amount can only have; None for one that may have either, or is none."""
    if not _NUMBER.fullmatch(bare):
        return None
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        return "." if bare.rindex(".") > bare.rindex(",") else ","
    if not points and not commas:
        return None
    mark: Mark = "." if points else ","
    if points + commas > 1:
        return _OTHER[mark]
    whole, _, fraction = bare.lstrip("+-").partition(mark)
    is_plain = len(fraction) != 3 or len(whole) > 3 or whole.startswith("0")
    return mark if is_plain else None
