"""Uploading pictures to entries and removing them, in step with their files in S3."""

from datetime import datetime
from typing import Generic, TypeVar

from common import media
from common.http import Identity
from common.repositories.ordered import OrderedEntity
from common.uploads import store_picture
from content.entries import Entries

E = TypeVar("E", bound=OrderedEntity)


class Gallery(Generic[E]):
    """The pictures of one kind of entry."""

    def __init__(self, entries: Entries[E]) -> None:
        self.entries = entries
        self.pictures = entries.pictures

    def upload(self, entry_id: int, kind: str, data: bytes, actor: Identity, now: datetime) -> tuple[str, E]:
        """Stores a picture and names it in the entry; its key and the entry as it is then.

        Raises NotFound, InvalidInput when `data` is no picture, PayloadTooLarge, Conflict when full.
        """
        self.pictures.refuse_when_full(self.entries.find(entry_id, sees_deleted=False), kind)
        key = store_picture(self.pictures.folder_of(entry_id), data)
        try:
            before, entry = self.entries.change(
                entry_id, lambda entry: self.pictures.added(entry, kind, key), actor, now
            )
        except Exception:
            self._take_back(entry_id, key)
            raise
        self.entries.discard(entry_id, self.pictures.keys(before), entry)
        return key, entry

    def remove(self, entry_id: int, kind: str, url: str, actor: Identity, now: datetime) -> None:
        """Takes a picture out of an entry, and its file away once no row names it any more.

        A picture that the entry does not have changes nothing. Raises NotFound.
        """
        keys = media.possible_keys(media.key_of(url))
        before, after = self.entries.change(
            entry_id, lambda entry: self.pictures.dropped(entry, kind, keys), actor, now
        )
        self.entries.discard(entry_id, self.pictures.keys(before), after)

    def _take_back(self, entry_id: int, key: str) -> None:
        # The write may have happened although its answer was lost: then the file stays.
        entry = self.entries.collection.get(entry_id)
        if entry is None or key not in self.pictures.keys(entry):
            media.remove(key)
