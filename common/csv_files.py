"""Tables as CSV (RFC 4180), in which no cell is a formula to the program that opens it."""

import csv
import io
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv"
CONTENT_TYPE = f"{MEDIA_TYPE}; charset=utf-8"

# What spreadsheets take a cell for that begins so: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with its header, lines ended by CR LF; numbers as they are, None as an empty cell.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, blanks in front or not.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_harmless(cell) for cell in header])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and (cell.startswith(_FORMULAS) or cell.lstrip().startswith(_FORMULAS)):
        return f"'{cell}"
    return cell
