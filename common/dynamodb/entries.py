"""Where a row stands and by what it is found, declared as templates that its fields fill."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any, Generic, TypeVar

from common.errors import Conflict

from .codec import Item
from .expressions import Condition, Update
from .query import Query, SortCondition
from .table import INDEXES, index_keys
from .unique import marker_item

E = TypeVar("E")

INDEX_KEYS = tuple(f"{index}{part}" for index in INDEXES for part in ("PK", "SK"))


class _Filled:
    """An entity as what a template is filled with: its fields and properties by their names."""

    __slots__ = ("_entity",)

    def __init__(self, entity: object) -> None:
        self._entity = entity

    def __getitem__(self, name: str) -> Any:
        return getattr(self._entity, name)


def filled(template: str, entity: object) -> str:
    """A template such as `REFUND#{number:04d}` with an entity's fields and properties."""
    return template.format_map(_Filled(entity))


def names_in(*templates: str) -> tuple[str, ...]:
    """The names that templates are filled with, in their order."""
    return tuple(name for template in templates for name in _names(template))


def _names(template: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(template) if name)


def prefix_of(template: str) -> str:
    """What every text that a template makes begins with."""
    return template.partition("{")[0]


@dataclass(frozen=True)
class Index(Generic[E]):
    """A way to find rows: `name` is GSI1, GSI2 or GSI3; `partition` and `sort` are templates of its keys.

    `sort` may be a function of the entity. A row is listed while `when` holds of it and it is not deleted, or
    only while it is deleted if it is an index `of_deleted` rows.
    """

    name: str
    partition: str
    sort: str | Callable[[E], str]
    when: Callable[[E], bool] | None = None
    of_deleted: bool = False

    def keys(self, entity: E) -> dict[str, str]:
        """The keys of an entity's entry; none when it is not listed."""
        if (getattr(entity, "deleted_at", None) is not None) != self.of_deleted:
            return {}
        if self.when is not None and not self.when(entity):
            return {}
        sort = filled(self.sort, entity) if isinstance(self.sort, str) else self.sort(entity)
        return index_keys(self.name, filled(self.partition, entity), sort)

    def moved(self, update: Update, **parts: object) -> Update:
        """The update, with the entry moved to the partition that `parts` name, where it keeps its place."""
        return update.set(f"{self.name}PK", self.partition.format(**parts))

    def query(
        self,
        *,
        descending: bool = False,
        sort: SortCondition | None = None,
        where: Condition | None = None,
        select: tuple[str, ...] | None = None,
        **parts: object,
    ) -> Query:
        """The query of one partition, which `parts` name: `BY_SLUG.query(slug="ink")`."""
        return Query(
            self.partition.format(**parts),
            sort=sort,
            index=self.name,
            descending=descending,
            where=where,
            select=select,
        )


@dataclass(frozen=True)
class Unique(Generic[E]):
    """A value that one row of a kind has alone, by a marker whose key `kind` opens.

    `field` is what people know it by and `value` names the field or property that is compared, where that is
    another. Deleted rows, and those whose value is None, claim nothing.
    """

    kind: str
    field: str
    value: str = ""
    taken: str = "{noun} with {field} '{value}' already exists"

    def claimed(self, entity: E) -> str | None:
        """What an entity claims."""
        if getattr(entity, "deleted_at", None) is not None:
            return None
        value: str | None = getattr(entity, self.value or self.field)
        return value

    def marker(self, entity: E, owner: str) -> Item | None:
        """The marker of what an entity claims."""
        value = self.claimed(entity)
        return None if value is None else marker_item(self.kind, value, owner)

    def refusal(self, entity: E, noun: str) -> Conflict:
        """What is raised when another has the value of an entity."""
        text = self.taken.format(noun=noun, field=self.field, value=getattr(entity, self.field))
        return Conflict(text, details={"fields": {self.field: ["already exists"]}})
