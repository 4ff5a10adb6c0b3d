"""Takes a plain dump apart into statements, COPY's data, comments and psql's own commands, as psql does.

A dump is no format of lines: a line may belong to a text value, to the body of a function, or to COPY's
data, and looks like a statement there.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from tools.errors import ToolError

# No line and no statement is held in memory beyond this; the shop's longest has some kilobytes.
LONGEST = 64 * 1024 * 1024

# What neither ends a statement nor opens anything; a value without a backslash is passed over whole.
_DULL = re.compile(
    rb"""(?:[^'"$;/()\-A-Za-z_\x80-\xff]++|[A-Za-z_\x80-\xff][\w$\x80-\xff]*+(?!')|'[^'\\]*+')*+""", re.ASCII
)
# The same where a function's body of plain SQL may come, whose words count.
_DULL_IN_FUNCTION = re.compile(rb"[^'\"$;/()\-A-Za-z_\x80-\xff]*+")
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w$\x80-\xff]*+", re.ASCII)
_TAG = re.compile(rb"\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$", re.ASCII)
_FUNCTION = re.compile(rb"CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b", re.IGNORECASE)
_COPY = re.compile(rb"COPY\s.*\sFROM\s+stdin\b", re.IGNORECASE | re.DOTALL)
_CONFORMING = re.compile(rb"SET\s+standard_conforming_strings\s*(?:=|TO)\s*'?(\w+)", re.IGNORECASE)
_ENDS = {
    b"'": re.compile(rb"[^']*+'"),
    b'"': re.compile(rb'[^"]*+"'),
    b"E": re.compile(rb"(?:[^'\\]|\\.|'')*+'", re.DOTALL),
    b"*": re.compile(rb"(?:(?!\*/|/\*).)*+(\*/|/\*)", re.DOTALL),
}


class Kind(Enum):
    """What a piece of a dump is."""

    STATEMENT = auto()
    COMMENT = auto()  # a line of its own, between statements
    COMMAND = auto()  # psql's own, as `\\connect`
    UNFINISHED = auto()  # the statement at whose middle, or within whose data, the dump ends


@dataclass(slots=True)
class Piece:
    """One piece with the number of its first line.

    `data` has the lines of COPY's data, which are read once and at once. `splits_a_value` is true when
    a value goes on behind a CRLF and the statement's own last line ends with one too.
    """

    kind: Kind
    text: bytes
    line: int
    data: Iterable[bytes] = ()
    splits_a_value: bool = False


def pieces(lines: Iterable[bytes]) -> Iterator[Piece]:
    """The pieces of a plain dump in their order.

    Raises ToolError for a statement that is too long to be one.
    """
    return _Scanner(lines).pieces()


class _Scanner:
    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._number = 0
        self._conforming = True
        self._is_cut = False  # COPY's data did not come to its end
        self._reset()

    def _reset(self) -> None:
        self._pending: list[bytes] = []
        self._length = 0
        self._first = 0
        self._open = b""  # what the text is inside of: a key of _ENDS, or a tag of dollars
        self._comments = 0
        self._parentheses = 0
        self._blocks = 0  # BEGIN ATOMIC and CASE without their END
        self._dull = _DULL
        self._has_split = False

    def pieces(self) -> Iterator[Piece]:
        for line in self._counted():
            rest = line
            while rest:
                if not self._pending:
                    rest = rest.lstrip()
                    if rest.startswith((b"--", b"\\")):
                        yield self._line(rest)
                        break
                    if not rest:
                        break
                    self._begin(rest)
                end = self._end_of_statement(rest)
                self._add(rest if end is None else rest[:end])
                rest = b"" if end is None else rest[end:]
                if end is not None:
                    yield from self._statement(line)
        if self._pending:
            yield Piece(Kind.UNFINISHED, b"".join(self._pending), self._first)

    def _line(self, text: bytes) -> Piece:
        """A comment, or a command, which has a line's end unless the dump ends within it."""
        whole = Kind.COMMAND if text.endswith(b"\n") else Kind.UNFINISHED
        kind = Kind.COMMENT if text.startswith(b"--") else whole
        return Piece(kind, text.rstrip(), self._number)

    def _counted(self) -> Iterator[bytes]:
        for line in self._lines:
            self._number += 1
            yield line

    def _begin(self, text: bytes) -> None:
        self._first = self._number
        self._dull = _DULL_IN_FUNCTION if _FUNCTION.match(text) else _DULL

    def _add(self, text: bytes) -> None:
        self._length += len(text)
        if self._length > LONGEST:
            raise ToolError(f"The statement of line {self._first} is longer than {LONGEST // 2**20} MB")
        self._pending.append(text)
        self._has_split |= bool(self._open in {b"'", b"E"} and text.endswith(b"\r\n"))

    def _statement(self, line: bytes) -> Iterator[Piece]:
        text = b"".join(self._pending)
        splits = self._has_split and line.endswith(b"\r\n")
        piece = Piece(Kind.STATEMENT, text, self._first, splits_a_value=splits)
        self._reset()
        if setting := _CONFORMING.match(text):
            self._conforming = setting.group(1).lower() not in {b"off", b"false", b"0", b"no"}
        if not _COPY.match(text):
            yield piece
            return
        piece.data = self._data()
        yield piece
        deque(piece.data, maxlen=0)
        if self._is_cut:
            yield Piece(Kind.UNFINISHED, text, piece.line)

    def _data(self) -> Iterator[bytes]:
        """The lines of data up to `\\.`; COPY writes a line's end within a value as `\\n` or `\\r`."""
        for line in self._counted():
            row = line[:-2] + b"\n" if line.endswith(b"\r\n") else line
            if row == b"\\.\n":
                return
            yield row
        self._is_cut = True

    def _end_of_statement(self, text: bytes) -> int | None:
        """Where the statement ends in this piece of text; None when it goes on with the next line."""
        at = 0
        while at < len(text):
            if self._open:
                found = self._close(text, at)
                if found is None:
                    return None
                at = found
                continue
            at = self._dull.match(text, at).end()  # type: ignore[union-attr]
            if text[at : at + 1] == b";" and not self._parentheses and not self._blocks:
                return at + 1
            at = self._step(text, at)
        return None

    def _close(self, text: bytes, at: int) -> int | None:
        """Where what is open ends; None when it goes on."""
        if self._open not in _ENDS:
            end = text.find(self._open, at)
            found = None if end < 0 else end + len(self._open)
            self._open = self._open if found is None else b""
            return found
        match = _ENDS[self._open].match(text, at)
        if match is None:
            return None
        if self._open == b"*":
            self._comments += 1 if match.group(1) == b"/*" else -1
        self._open = b"*" if self._comments else b""
        return match.end()

    def _step(self, text: bytes, at: int) -> int:
        """Go over the next token, which may open something."""
        word = _WORD.match(text, at)
        if word:
            return self._step_word(text, word)
        start, two = text[at : at + 1], text[at : at + 2]
        tag = _TAG.match(text, at)
        if tag:
            self._open = tag.group()
            return tag.end()
        if two == b"--":
            return len(text)
        if two == b"/*":
            self._open, self._comments = b"*", 1
            return at + 2
        if start in {b"'", b'"'}:
            self._open = b"E" if start == b"'" and not self._conforming else start
        self._parentheses += (start == b"(") - (start == b")")
        return at + 1

    def _step_word(self, text: bytes, word: re.Match[bytes]) -> int:
        name, end = word.group().lower(), word.end()
        if name == b"e" and text[end : end + 1] == b"'":
            self._open = b"E"
            return end + 1
        if self._dull is _DULL_IN_FUNCTION:
            if name == b"begin" or (name == b"case" and self._blocks):
                self._blocks += 1
            elif name == b"end" and self._blocks:
                self._blocks -= 1
        return end
