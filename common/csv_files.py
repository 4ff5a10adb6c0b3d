"""Tables as CSV (RFC 4180), in which no cell is a formula to the program that opens it."""

import csv
import io
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv"
CONTENT_TYPE = f"{MEDIA_TYPE}; charset=utf-8"

# By it spreadsheets know UTF-8 from the code page of their system.
BYTE_ORDER_MARK = "\ufeff"

# What spreadsheets take a cell for that begins so, the full-width forms where their language has them:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its header, lines ended by CR LF; numbers as they are, None as an empty cell.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, blanks in front or not;
    so does one that only lacks that because apostrophes are in front already, so that `as_meant` finds each.
    """
    return csv_lines([header, *rows])


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The same of rows that go on a table, without a header."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def as_meant(cell: str) -> str:
    """The text that was written as this cell: without the apostrophe that made it harmless."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_FORMULAS) or bare.lstrip().startswith(_FORMULAS)
