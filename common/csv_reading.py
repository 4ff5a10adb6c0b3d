"""CSV as people and programs write it, read by one rule: encoding, separator, line ends, what is broken."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from common.csv_files import as_meant
from common.errors import InvalidInput

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000

SEPARATORS = (",", ";", "\t")
# With the byte order marks of more bytes first: that of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_LEGACY = "Windows-1252"
_CODECS = {"UTF-8": "utf-8-sig", "UTF-16": "utf-16", "UTF-32": "utf-32", _LEGACY: "cp1252"}
# What the csv module says, and what it means to whoever has the file.
_BROKEN = {
    "unexpected end of data": "begins a quoted cell that never ends: it is cut off, or a quote is missing",
    "expected after": "has a quotation mark within a quoted cell; it must stand twice",
    "field larger than field limit": "has a cell of more than 131,072 characters",
}


class UnreadableFile(InvalidInput):
    """A file that is no table; `row` is where, counted from the header as 1 (0: nowhere)."""

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(f"Row {row} {message}" if row else f"The file {message}")
        self.row = row


@dataclass(frozen=True, slots=True)
class Row:
    """A row by the names of its columns in small letters, and its number as spreadsheets count."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read: how it was written, its columns as they are named, and its rows."""

    encoding: str
    separator: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of the columns in small letters."""
        return frozenset(column.lower() for column in self.columns)


def read_table(data: bytes) -> Table:
    """The table in a file of at most 20 MiB and 20,000 rows; UnreadableFile says where it is broken.

    UTF-8 and UTF-16, with a byte order mark or without, else Windows-1252. The separator is the one of comma,
    semicolon and tab that makes most columns of the header, or what a first line `sep=;` names. Lines end in
    CR LF, LF or CR. Rows without a text in them are passed over. Apostrophes that made formulas harmless are
    taken away.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"is larger than {MAX_BYTES // 2**20} MB")
    text, encoding = _decoded(data)
    text, separator = _separator(text)
    records = _records(text, separator)
    header = next(records, None)
    if header is None:
        raise UnreadableFile("is empty")
    columns = _columns(header[1])
    rows = tuple(_rows(records, columns))
    if not rows:
        raise UnreadableFile("has no rows below its header")
    return Table(encoding, separator, columns, rows)


def _decoded(data: bytes) -> tuple[str, str]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding and 0 in data[:2]:
        # Every header begins with an ASCII character, whose other byte is zero.
        return _decode(data, "utf-16-be" if data[0] == 0 else "utf-16-le", "UTF-16"), "UTF-16"
    if encoding:
        return _decode(data, _CODECS[encoding], encoding), encoding
    try:
        return data.decode(), "UTF-8"
    except UnicodeDecodeError as error:
        if not data[: error.start].isascii():
            # What was UTF-8 so far does not become something else: it was cut off, or damaged.
            row = data[: error.start].count(b"\n") + 1
            raise UnreadableFile(f"has a broken character in line {row}: it is damaged or cut off") from error
    return _decode(data, _CODECS[_LEGACY], f"UTF-8 nor {_LEGACY}"), _LEGACY


def _decode(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"is not valid {name}: byte {error.start + 1} is damaged") from error


def _separator(text: str) -> tuple[str, str]:
    """The text without a line that names the separator, and the separator."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and first[4:5] in SEPARATORS and len(first.strip("\r ")) <= 5:
        return rest, first[4]
    widths = {separator: _width(text, separator) for separator in SEPARATORS}
    return text, max(SEPARATORS, key=lambda separator: widths[separator])


def _width(text: str, separator: str) -> int:
    try:
        return len(next(_reader(text, separator), []))
    except csv.Error:
        return 0


def _reader(text: str, separator: str) -> "Iterator[list[str]]":
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The records that have a text, with their numbers."""
    number, reader = 0, _reader(text, separator)
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            known = (ours for theirs, ours in _BROKEN.items() if theirs in str(error))
            raise UnreadableFile(next(known, f"is broken: {error}"), number) from error
        if cells is None:
            return
        if any("\0" in cell for cell in cells):
            raise UnreadableFile("has a NUL character", number)
        if any(cell.strip() for cell in cells):
            yield number, cells


def _columns(header: list[str]) -> tuple[str, ...]:
    names = [cell.strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    if "" in names:
        raise UnreadableFile(f"names no column in its cell {names.index('') + 1}", 1)
    twice = [name for name, times in Counter(name.lower() for name in names).items() if times > 1]
    if twice:
        raise UnreadableFile(f"names the column {twice[0]} twice", 1)
    return tuple(names)


def _rows(records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row]:
    names = [column.lower() for column in columns]
    for count, (number, cells) in enumerate(records, 1):
        if count > MAX_ROWS:
            raise UnreadableFile(f"has more than {MAX_ROWS:,} rows; divide it")
        if len(cells) < len(names):
            few = f"has {len(cells)} cells, and the header {len(names)}: the file is cut off or damaged"
            raise UnreadableFile(few, number)
        if any(cell.strip() for cell in cells[len(names) :]):
            raise UnreadableFile(
                "has more cells than the header: a cell with a separator needs quotes", number
            )
        yield Row(number, {name: as_meant(cell) for name, cell in zip(names, cells, strict=False)})
