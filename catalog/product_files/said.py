"""What a file says of products, whichever program wrote it: the form that all formats are brought into."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Said(NamedTuple):
    """A text in a file, and the row that it stands in."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong or worth knowing in a row and a column as the file names them; row 0 is all of it."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class SaidVariant:
    """What a file says of a variant, by the columns of an export; amounts with a decimal point."""

    row: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """What stands in a column, without blanks around; empty where the file has no such column."""
        return self.cells.get(column, "").strip()


@dataclass(slots=True)
class SaidProduct:
    """What a file says of a product: by the columns of an export what it says, a text that is empty too.

    `exported` and `version` are the export's own, empty where the file is none.
    """

    slug: str
    row: int
    cells: dict[str, Said] = field(default_factory=dict)
    variants: list[SaidVariant] = field(default_factory=list)
    exported: str = ""
    version: str = ""


@dataclass(slots=True)
class Reading:
    """All that a file says, what is wrong with it, what else is to be known, and columns that nobody reads.

    `names` says how a column of an export is called in this file, where that is otherwise.
    """

    format: str
    products: list[SaidProduct] = field(default_factory=list)
    errors: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    decimal_mark: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def wrong(self, row: int, column: str, message: str) -> None:
        """Notes an error in a column of an export."""
        self.errors.append(Note(row, self.names.get(column, column), message))

    def warn(self, row: int, column: str, message: str) -> None:
        """Notes something that is left out or otherwise than it may be thought."""
        self.warnings.append(Note(row, self.names.get(column, column), message))


def unread(columns: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The columns of a file that are none of `known`, which are in small letters."""
    read = frozenset(known)
    return tuple(column for column in columns if column.lower() not in read)
