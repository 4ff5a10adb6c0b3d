"""Collections with an order of their own whose entries are deleted softly and can be restored.

Live entries stand in GSI1 by their order, those of one order newest first, and deleted ones in GSI2 by the
time of deletion: each list is one query. An entry is in exactly one of the two, because one update moves it.
"""

from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from common.dynamodb import (
    Condition,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    attr,
    expected_version,
    fetch_all,
    get_item,
    index_keys,
    next_id,
    not_deleted,
    raise_counter,
    restore_update,
    soft_delete_update,
)
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion

# The order stands in the index with ten digits. Entries that were moved in may have one below zero.
MAX_ORDER = 9_999_999_999
_LATEST_FIRST = str.maketrans("0123456789", "9876543210")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedEntity:
    """What every entry has; smaller `order` comes first, times in ISO 8601 UTC.

    `edited_at` is when a form was last saved over it, which adding and taking away pictures are not.
    """

    id: int
    order: int
    created_at: str
    updated_at: str
    version: int = 1
    deleted_at: str | None = None
    edited_at: str | None = None


E = TypeVar("E", bound=OrderedEntity)


class OrderedCollection(Generic[E]):
    """All entries of one kind; `prefix` opens their keys (PERSONAGGIO) and `noun` names one to people."""

    def __init__(self, prefix: str, noun: str, entity: type[E]) -> None:
        self.prefix = prefix
        self.noun = noun
        self.entity = entity
        self._fields = tuple(field.name for field in fields(entity))

    def key(self, entry_id: int) -> Key:
        """The key of an entry."""
        return f"{self.prefix}#{entry_id}", "METADATA"

    def place(self, entry: E) -> dict[str, str]:
        """The index keys of an entry: its place among the live ones or among the deleted ones."""
        if entry.deleted_at is not None:
            return index_keys("GSI2", f"{self.prefix}_DELETED", f"{entry.deleted_at}#{entry.id}")
        age = f"{entry.created_at}#{entry.id:010d}".translate(_LATEST_FIRST)
        return index_keys("GSI1", f"{self.prefix}_ORDER", f"{_order_digits(entry.order)}#{age}")

    def row(self, entry: E) -> Item:
        """The item of an entry; fields that are None are not stored."""
        pk, sk = self.key(entry.id)
        values = {name: getattr(entry, name) for name in self._fields}
        return {"PK": pk, "SK": sk, **self.place(entry), **_without_none(values)}

    def from_row(self, item: Item) -> E:
        """The entry that an item holds; its lists become tuples."""
        values: dict[str, Any] = {
            name: tuple(item[name]) if isinstance(item[name], list) else item[name]
            for name in self._fields
            if name in item
        }
        return self.entity(**values)

    def live(self) -> list[E]:
        """Every live entry in order, by one query (eventually consistent)."""
        return self._listed(Query(f"{self.prefix}_ORDER", index="GSI1"))

    def deleted(self) -> list[E]:
        """Every deleted entry, the latest deletion first, by one query (eventually consistent)."""
        return self._listed(Query(f"{self.prefix}_DELETED", index="GSI2", descending=True))

    def find(self, entry_id: int) -> E | None:
        """The entry with this id, a deleted one included, by one consistent read."""
        item = get_item(self.key(entry_id), consistent=True)
        return self.from_row(item) if item else None

    def next_id(self) -> int:
        """A fresh id from the atomic counter."""
        return next_id(f"{self.prefix}_ID")

    def next_order(self) -> int:
        """The order behind every entry so far, from an atomic counter: two creations get two places."""
        return min(next_id(f"{self.prefix}_ORDER"), MAX_ORDER)

    def reach_order(self, order: int) -> None:
        """Lets `next_order` go on behind an order that was chosen by hand."""
        raise_counter(f"{self.prefix}_ORDER", order)

    def add(self, work: UnitOfWork, entry: E) -> None:
        """Adds a new entry."""
        work.put(
            self.row(entry),
            # Stops a counter that was not seeded after a migration from overwriting an entry.
            condition=attr("PK").missing(),
            failed=Conflict(f"{self.noun} with id {entry.id} already exists"),
        )

    def change(self, work: UnitOfWork, before: E, after: E) -> None:
        """Writes what differs between two readings of one live entry, its place in the list included."""
        update = Update().increment("version", 1)
        for name in self._fields:
            if name != "version":
                _set_when_changed(update, name, getattr(before, name), getattr(after, name))
        if after.order != before.order:
            _set_all(update, self.place(after))
        # Stops a change that was decided on an older reading from undoing somebody else's, and a change
        # that meets a deletion from bringing the entry back to life.
        self._update(work, before, update, expected_version(before.version) & not_deleted())

    def delete(self, work: UnitOfWork, entry: E, now: str) -> None:
        """Takes a live entry out of the list and puts it among the deleted; `now` in ISO 8601 UTC."""
        update = soft_delete_update(now, "GSI1")
        _set_all(update, index_keys("GSI2", f"{self.prefix}_DELETED", f"{now}#{entry.id}"))
        # Stops a deletion beside a change of the order, whose update would put the entry back in the list.
        self._update(work, entry, update, expected_version(entry.version) & not_deleted())

    def restore(self, work: UnitOfWork, entry: E, restored: E) -> None:
        """Puts a deleted entry back in its place; `restored` is the entry as it will be."""
        update = restore_update(restored.updated_at, self.place(restored)).remove("GSI2PK", "GSI2SK")
        # Stops a restoration from an older reading, which would put the entry at an outdated place.
        self._update(work, entry, update, expected_version(entry.version) & attr("deleted_at").exists())

    def _update(self, work: UnitOfWork, entry: E, update: Update, condition: Condition) -> None:
        work.update(self.key(entry.id), update, condition=condition, failed=self._refused)

    def _refused(self, found: Item | None) -> Exception:
        return StaleVersion(self.noun) if found else NotFound(f"{self.noun} not found")

    def _listed(self, query: Query) -> list[E]:
        return [self.from_row(item) for item in fetch_all(query)]


def _order_digits(order: int) -> str:
    """Digits that sort as the orders do; a minus sorts before every digit."""
    return f"{order:010d}" if order >= 0 else f"-{MAX_ORDER + 1 + order:010d}"


def _without_none(values: dict[str, Any]) -> Item:
    return {name: value for name, value in values.items() if value is not None}


def _set_when_changed(update: Update, name: str, before: object, after: object) -> None:
    if after == before:
        return
    if after is None:
        update.remove(name)
    else:
        update.set(name, after)


def _set_all(update: Update, values: dict[str, str]) -> None:
    for name, value in values.items():
        update.set(name, value)
