"""Rows: what an entity's row is, declared once, and all that is done with such rows.

Every write is joined to the unit of work that it is given, or made by itself with `AT_ONCE`. What a write
needs follows from the two readings of an entity, before and after: the fields that differ, the entries of
its indexes, the markers of what it alone may have.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion

from . import unique as markers
from .at_once import AtOnce
from .batch import batch_get
from .codec import Item, Key
from .entries import INDEX_KEYS, Index, Unique, filled, names_in, prefix_of
from .expressions import Condition, Update, attr
from .items import get_item
from .lifecycle import absent, epoch_now, not_deleted
from .query import Page, Query, cursor_behind, fetch_all, fetch_page, sort_key
from .shapes import Kind, Shape
from .transaction import Failure, UnitOfWork

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

E = TypeVar("E", bound="DataclassInstance")

Work = UnitOfWork | AtOnce

_VERSION, _DELETED, _UPDATED, _EXPIRES = "version", "deleted_at", "updated_at", "expires_at"


class Rows(Generic[E]):
    """All rows of one kind of entity, a frozen dataclass; `noun` names one to people.

    `key` and `sort` are templates of the row's key, filled with fields or properties. `indexes` are the ways
    to find it besides, `unique` what one row has alone. How fields are stored is said by the dataclass (see
    `shapes`); fields that `unstored` names are not stored while they are their default.

    Fields with these names mean what they say: `version` moves with every change, and a change of an
    older reading is refused; `deleted_at` is set while a row is deleted softly, with none of the index
    entries of live rows; a row is gone from `expires_at` (epoch seconds) on. `guard` names the fields that
    refuse older readings of rows without a version. `rereads` is for ids that no counter gives out: who finds
    the place of a new row taken was overtaken, and has to read again. `completed` is what a reading becomes
    where one field says how another is meant, as a currency does of an amount.
    """

    def __init__(
        self,
        entity: type[E],
        noun: str,
        *,
        key: str,
        sort: str = "METADATA",
        indexes: Iterable[Index[E]] = (),
        unique: Iterable[Unique[E]] = (),
        unstored: tuple[str, ...] = (),
        kinds: Mapping[str, Kind] | None = None,
        stored_as: Mapping[str, str] | None = None,
        guard: tuple[str, ...] = (),
        rereads: bool = False,
        completed: Callable[[E], E] | None = None,
    ) -> None:
        self.entity = entity
        self.noun = noun
        self.shape = Shape(entity, unstored, kinds, stored_as)
        self.key_templates = key, sort
        self.indexes = tuple(indexes)
        self.unique = tuple(unique)
        self._completed = completed
        self._key_names = names_in(key, sort)
        self._rereads = rereads
        self._fields = frozenset(self.shape.names)
        self._guard = guard or ((_VERSION,) if _VERSION in self._fields else ())

    def key(self, *ids: object) -> Key:
        """The key of the row with these ids, in the order in which the templates name them."""
        values = dict(zip(self._key_names, ids, strict=True))
        partition, sort = (template.format(**values) for template in self.key_templates)
        return partition, sort

    def key_of(self, entity: E) -> Key:
        """The key of an entity's row."""
        partition, sort = self.key_templates
        return filled(partition, entity), filled(sort, entity)

    def index_keys(self, entity: E) -> dict[str, str]:
        """The keys of all index entries of an entity. Raises ValueError for two entries of one index."""
        keys: dict[str, str] = {}
        for index in self.indexes:
            entry = index.keys(entity)
            if keys.keys() & entry.keys():
                raise ValueError(f"{self.noun}: two entries of {index.name}")
            keys |= entry
        return keys

    def item(self, entity: E) -> Item:
        """The row of an entity."""
        partition, sort = self.key_of(entity)
        return {"PK": partition, "SK": sort, **self.index_keys(entity), **self.shape.store(entity)}

    def of(self, item: Item) -> E:
        """The entity that a row holds."""
        entity = self.shape.read(item)
        return entity if self._completed is None else self._completed(entity)

    def markers(self, entity: E) -> list[Item]:
        """The markers of what an entity has alone."""
        owner, _ = self.key_of(entity)
        found = (unique.marker(entity, owner) for unique in self.unique)
        return [marker for marker in found if marker is not None]

    def get(self, *ids: object, consistent: bool = True, now: int | None = None) -> E | None:
        """The entity with these ids, a deleted one included, by one read.

        None when there is none, or when it expired by `now` (epoch seconds, default: the clock).
        """
        item = get_item(self.key(*ids), consistent=consistent, now=now)
        return self.of(item) if item else None

    def many(self, keys: Iterable[Key], *, consistent: bool = True) -> dict[Key, E]:
        """The entities that there are at these keys, by one read for each hundred."""
        return {key: self.of(item) for key, item in batch_get(keys, consistent=consistent).items()}

    def under(self, *ids: object, descending: bool = False) -> Query:
        """The consistent query of all rows of this kind in the partition that `ids` name."""
        partition, sort = self.key_templates
        values = dict(zip(names_in(partition), ids, strict=True))
        own = sort_key().begins_with(prefix_of(sort))
        return Query(partition.format(**values), sort=own, consistent=True, descending=descending)

    def all(self, query: Query, *, limit: int | None = None, now: int | None = None) -> list[E]:
        """The entities of a query (see `Index.query`), the first `limit` of them where it is given."""
        return [self.of(item) for item in fetch_all(query, limit=limit, now=now)]

    def first(self, query: Query) -> E | None:
        """The first entity of a query."""
        return next(iter(self.all(query, limit=1)), None)

    def page(
        self, query: Query, limit: int, cursor: str | None = None, *, now: int | None = None
    ) -> tuple[list[E], str | None]:
        """The next `limit` entities behind a cursor, and the cursor of what follows. Raises InvalidCursor."""
        page: Page = fetch_page(query, limit, cursor, now)
        return [self.of(item) for item in page.items], page.cursor

    def cursor_behind(self, query: Query, entity: E) -> str:
        """The cursor of what follows an entity in a query."""
        return cursor_behind(query, self.item(entity))

    def as_read(self, entity: E) -> Condition:
        """The row is as it was read, which the guarding fields tell, and live.

        Stops a writer who decided on an older reading, or on a row that was deleted meanwhile.
        """
        condition = not_deleted() if _DELETED in self._fields else None
        for name in self._guard:
            same = _same(name, getattr(entity, name))
            condition = same if condition is None else condition & same
        return attr("PK").exists() if condition is None else condition

    def guard(self, work: UnitOfWork, entity: E) -> None:
        """Makes a unit of work fail with StaleVersion when a row that it does not write is not as read."""
        work.check(self.key_of(entity), self.as_read(entity), failed=StaleVersion(self.noun))

    def refused(self, found: Item | None) -> Exception:
        """What a write is refused with that met another row than was read, or (None) no row."""
        return StaleVersion(self.noun) if found else NotFound(f"{self.noun} not found")

    def add(self, work: Work, entity: E, *, exists: Exception | None = None) -> None:
        """Adds a new row with its markers; Conflict (StaleVersion if it `rereads`) when there is one already.

        `exists` says it otherwise.
        """
        with self._claiming(work, None, entity) as unit:
            # Stops an id that is in use, as by a counter that was not seeded, from being written over.
            unit.put(self.item(entity), condition=self._absent(), failed=exists or self._exists(entity))

    def put(self, work: Work, entity: E) -> None:
        """Writes a row whatever is there; for what has no markers."""
        work.put(self.item(entity))

    def change(
        self,
        work: Work,
        before: E,
        after: E,
        *,
        condition: Condition | None = None,
        failed: Failure | None = None,
    ) -> E:
        """Writes what differs between an entity as it was read and as it will be, which is returned.

        Setting `deleted_at` deletes it and clearing it restores it. StaleVersion when the row is not as it
        was read, or does not meet `condition` besides, and NotFound when there is none; `failed` says it
        otherwise. Conflict when another has what is to be its own.
        """
        key, stored, refused = self.key_of(before), self._next(before, after), failed or self.refused
        if self.key_of(stored) != key:
            raise ValueError(f"{self.noun}: a change of {key} that would be another row")
        update, required = self._difference(before, stored), self._unchanged(before, stored)
        if condition is not None:
            required &= condition
        with self._claiming(work, before, stored) as unit:
            if update:
                unit.update(key, update, condition=required, failed=refused)
            elif isinstance(unit, UnitOfWork):
                unit.check(key, required, failed=refused)
        return stored

    def delete(self, work: Work, entity: E, now: str) -> E:
        """Deletes a live entity softly at `now` (ISO 8601 UTC); what it alone had is free."""
        return self.change(work, entity, self._at(entity, now, {_DELETED: now}))

    def restore(self, work: Work, entity: E, now: str, **changes: Any) -> E:
        """Puts a deleted entity back at `now` (ISO 8601 UTC), with `changes`; it claims its own again."""
        restored = self._at(entity, now, {_DELETED: None, **changes})
        # Stops a restoration of what was read before somebody else restored it.
        return self.change(work, entity, restored, condition=attr(_DELETED).exists())

    def remove(self, work: UnitOfWork, entity: E) -> None:
        """Takes a row away for good; what it alone had is free.

        StaleVersion when the row is not as it was read, NotFound when there is none.
        """
        work.delete(self.key_of(entity), condition=self.as_read(entity), failed=self.refused)
        owner, _ = self.key_of(entity)
        for unique in self.unique:
            value = unique.claimed(entity)
            if value is not None:
                markers.release(work, unique.kind, value, owner)

    def _at(self, entity: E, now: str, changes: dict[str, Any]) -> E:
        return replace(entity, **({_UPDATED: now} if _UPDATED in self._fields else {}), **changes)

    def _next(self, before: E, after: E) -> E:
        if _VERSION not in self._fields:
            return after
        version: int = getattr(before, _VERSION)
        return replace(after, **{_VERSION: version + 1})

    def _difference(self, before: E, after: E) -> Update:
        # Whole, so that a value which becomes its default again is written over what is stored.
        old, new = (
            self.index_keys(entity) | self.shape.store(entity, whole=True) for entity in (before, after)
        )
        if getattr(before, _DELETED, None) != getattr(after, _DELETED, None):
            # Whatever indexes the row is in, by whatever declaration: afterwards it is in those of its state.
            old |= dict.fromkeys(INDEX_KEYS, "")
        return difference(old, new)

    def _unchanged(self, before: E, after: E) -> Condition:
        if getattr(before, _DELETED, None) is None or getattr(after, _DELETED, None) is not None:
            return self.as_read(before)
        # Stops two restorations at once from both claiming what the row alone may have.
        condition = attr(_DELETED).exists()
        for name in self._guard:
            condition &= _same(name, getattr(before, name))
        return condition

    def _absent(self) -> Condition:
        return absent(epoch_now()) if _EXPIRES in self._fields else attr("PK").missing()

    def _exists(self, entity: E) -> Conflict:
        if self._rereads:
            return StaleVersion(self.noun)
        ids = " ".join(str(getattr(entity, name)) for name in self._key_names)
        return Conflict(f"{self.noun} {ids} already exists")

    @contextmanager
    def _claiming(self, work: Work, before: E | None, after: E) -> Iterator[Work]:
        """Where a row is written: in the work that is given, or with its markers in one of its own."""
        claims = [
            (unique, None if before is None else unique.claimed(before), unique.claimed(after))
            for unique in self.unique
        ]
        changed = [claim for claim in claims if claim[1] != claim[2]]
        if not changed:
            yield work
        elif isinstance(work, UnitOfWork):
            yield work
            self._claim(work, changed, after)
        else:
            with UnitOfWork() as unit:
                yield unit
                self._claim(unit, changed, after)

    def _claim(
        self, work: UnitOfWork, claims: Iterable[tuple[Unique[E], str | None, str | None]], entity: E
    ) -> None:
        owner, _ = self.key_of(entity)
        for unique, old, new in claims:
            if new is not None:
                markers.claim(work, unique.kind, new, owner, unique.refusal(entity, self.noun))
            if old is not None:
                markers.release(work, unique.kind, old, owner)


def difference(before: Item, after: Item, update: Update | None = None) -> Update:
    """The update that makes `after` of `before`: what is new or another is set, what is gone is removed.

    It is added to `update` where one is given.
    """
    update = update or Update()
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            update.remove(name)
        elif name not in before or before[name] != after[name]:
            update.set(name, after[name])
    return update


def _same(name: str, value: object) -> Condition:
    return attr(name).missing() if value is None else attr(name).eq(value)
