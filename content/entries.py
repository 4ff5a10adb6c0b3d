"""The rules that personaggi and fumetti share: creating, changing, ordering, deleting and restoring."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from common.audit import changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import NotFound
from common.http import Identity
from common.optimistic import retry_when_stale, unchecked
from common.picture_files import PictureFiles, discard
from common.repositories.ordered import OrderedCollection, OrderedEntity
from content.pictures import PictureFields

E = TypeVar("E", bound=OrderedEntity)

Change = Callable[[E], E]
Check = Callable[[E], None]

# What changes by itself says nothing in the audit log.
_UNAUDITED = frozenset({"updated_at", "edited_at", "version"})


class Entries(Generic[E]):
    """One kind of entry and what may be done with it; each change leaves an audit entry."""

    def __init__(self, collection: OrderedCollection[E], pictures: PictureFields) -> None:
        self.collection = collection
        self.pictures = pictures

    def find(self, entry_id: int, *, sees_deleted: bool) -> E:
        """The entry with this id; NotFound when there is none, or a deleted one unless `sees_deleted`."""
        entry = self.collection.get(entry_id)
        if entry is None or (entry.deleted_at and not sees_deleted):
            raise NotFound(f"{self.collection.noun} not found")
        return entry

    def create(self, data: Mapping[str, Any], actor: Identity, now: datetime) -> E:
        """A new entry from validated fields, last in the list unless `data` says its order.

        Personaggi and fumetti take their default order from an atomic counter alike, so that two
        creations at once never share a place; an order chosen by hand moves the counter on.
        """
        order = data.get("order")
        if order is None:
            order = self.collection.next_order()
        else:
            self.collection.reach_order(order)
        values = {**data, "order": order, "created_at": iso(now), "updated_at": iso(now)}
        entry_id = self.collection.next_id()
        with PictureFiles(self.pictures.folder_of(entry_id)) as files:
            entry = self.collection.entity(id=entry_id, **self.pictures.taken(values, files))
            with UnitOfWork() as work:
                self.collection.add(work, entry)
                self._record(work, entry, "CREATE", actor, now)
        return entry

    def update(
        self,
        entry_id: int,
        data: Mapping[str, Any],
        actor: Identity,
        now: datetime,
        *,
        check: Check[E] = unchecked,
    ) -> E:
        """Changes the fields in `data` and nothing else; NotFound when missing or deleted.

        `check` sees the entry on which the change is decided, and may refuse it.
        """
        fields = {name: value for name, value in data.items() if name != "order" or value is not None}
        with PictureFiles(self.pictures.folder_of(entry_id)) as files:

            def decide(entry: E) -> E:
                check(entry)
                changed = replace(entry, **self.pictures.taken(fields, files, self.pictures.keys(entry)))
                return entry if changed == entry else replace(changed, edited_at=iso(now))

            before, after = self.change(entry_id, decide, actor, now)
        # A copy may have been made for an attempt that was repeated on a newer reading.
        self.discard(entry_id, self.pictures.keys(before) | files.copies, after)
        if after.order != before.order:
            self.collection.reach_order(after.order)
        return after

    def change(self, entry_id: int, decide: Change[E], actor: Identity, now: datetime) -> tuple[E, E]:
        """Writes what `decide` makes of a live entry; the entry before and after.

        `decide` sees the entry as it is and is asked again when somebody else changed it meanwhile, so no
        change is lost. Raises NotFound, or StaleVersion (409) when others kept being faster.
        """
        return retry_when_stale(lambda: self._change(entry_id, decide, actor, now))

    def _change(self, entry_id: int, decide: Change[E], actor: Identity, now: datetime) -> tuple[E, E]:
        before = self.find(entry_id, sees_deleted=False)
        decided = decide(before)
        if decided == before:
            return before, before
        with UnitOfWork() as work:
            after = self.collection.change(work, before, replace(decided, updated_at=iso(now)))
            changes = {
                name: change
                for name, change in changes_between(asdict(before), asdict(after)).items()
                if name not in _UNAUDITED
            }
            self._record(work, after, "UPDATE", actor, now, changes)
        return before, after

    def discard(self, entry_id: int, keys: Collection[str], after: E) -> None:
        """Deletes the files of those keys that an entry does not name any more, and no other row does."""
        discard(set(keys) - self.pictures.keys(after), self.pictures.folder_of(entry_id))

    def delete(self, entry_id: int, actor: Identity, now: datetime, *, check: Check[E] = unchecked) -> None:
        """Deletes an entry softly; repeating it changes nothing. NotFound for an id that never was."""
        retry_when_stale(lambda: self._delete(entry_id, actor, now, check))

    def _delete(self, entry_id: int, actor: Identity, now: datetime, check: Check[E]) -> None:
        entry = self.find(entry_id, sees_deleted=True)
        if entry.deleted_at:
            return
        check(entry)
        with UnitOfWork() as work:
            self.collection.delete(work, entry, iso(now))
            self._record(work, entry, "DELETE", actor, now)

    def restore(self, entry_id: int, actor: Identity, now: datetime) -> E:
        """Brings a deleted entry back to its place; repeating it changes nothing. NotFound when missing."""
        return retry_when_stale(lambda: self._restore(entry_id, actor, now))

    def _restore(self, entry_id: int, actor: Identity, now: datetime) -> E:
        entry = self.find(entry_id, sees_deleted=True)
        if not entry.deleted_at:
            return entry
        with UnitOfWork() as work:
            restored = self.collection.restore(work, entry, iso(now))
            self._record(work, restored, "RESTORE", actor, now)
        return restored

    def _record(
        self,
        work: UnitOfWork,
        entry: E,
        action: str,
        actor: Identity,
        now: datetime,
        changes: Mapping[str, Any] | None = None,
    ) -> None:
        record(
            work,
            actor=actor,
            action=action,
            entity_type=self.collection.noun,
            entity_id=entry.id,
            now=now,
            changes=changes,
        )
