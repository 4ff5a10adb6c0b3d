"""What a command finds: one type for what reading, checking, moving, verifying and going back have to say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from common.dynamodb import Key


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of finding: `word` names it where it is stored, `title` is that of its list in a report.

    `heads` are the columns of the list, each with the field of a `Line` that it shows; `note` is a sentence
    above a list that is not empty.
    """

    word: str
    title: str
    heads: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: a finding with one of its details; `names` are the examples as names are listed."""

    entity: str
    id: object
    where: str
    what: str
    source: str
    here: str
    count: int
    examples: str
    names: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found, and needs to be known.

    It is about an entity or a table; `id` names the record or row, and `where` the row's key, the table with
    the row's key, or the query that was asked. `details` say it: a column, an attribute or a whole sentence,
    and what there is of it here, or what was done. `source` is what the source has instead. What is true of
    many rows has their `count` and up to ten `examples`.
    """

    kind: Kind
    entity: str
    id: int | str = ""
    where: str | Key = ""
    details: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    count: int = 1
    examples: Sequence[str] = ()

    @property
    def what(self) -> str:
        """The first of the details: what it is about."""
        return next(iter(self.details), "")

    @property
    def here(self) -> str:
        """What there is of it here."""
        return self.details.get(self.what, "")

    def lines(self) -> Iterator[Line]:
        """A line for each detail, one at least."""
        where = self.where if isinstance(self.where, str) else " / ".join(self.where)
        for what, here in (self.details or {"": ""}).items():
            yield Line(
                self.entity,
                self.id,
                where,
                what,
                self.source,
                here,
                self.count,
                "; ".join(self.examples),
                ", ".join(self.examples),
            )


def cells(heads: Mapping[str, str], found: Iterable[Finding]) -> list[tuple[object, ...]]:
    """The rows of a list with these heads."""
    return [tuple(getattr(line, name) for name in heads.values()) for one in found for line in one.lines()]
