"""Uploading pictures to entries and removing them, in step with their files in S3."""

from datetime import datetime
from typing import Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from common import media
from common.http import Identity
from common.logging import describe_exception, logger
from common.repositories.ordered import OrderedEntity
from common.uploads import store_picture
from content.entries import Entries
from content.pictures import PictureFields

E = TypeVar("E", bound=OrderedEntity)


class Gallery(Generic[E]):
    """The pictures of one kind of entry; `folder` is where their files lie in S3."""

    def __init__(self, entries: Entries[E], pictures: PictureFields, folder: str) -> None:
        self.entries = entries
        self.pictures = pictures
        self.folder = folder

    @property
    def temporary_folder(self) -> str:
        """Where pictures lie that were uploaded before their entry was saved."""
        return f"uploads/{self.folder}/temp"

    def folder_of(self, entry_id: int) -> str:
        """Where the pictures of one entry lie."""
        return f"{self.folder}/{entry_id}"

    def upload(self, entry_id: int, kind: str, data: bytes, actor: Identity, now: datetime) -> tuple[str, E]:
        """Stores a picture and names it in the entry; its key and the entry as it is then.

        Raises NotFound, InvalidInput when `data` is no picture, PayloadTooLarge, Conflict when full.
        """
        self.pictures.refuse_when_full(self.entries.find(entry_id, sees_deleted=False), kind)
        key = store_picture(self.folder_of(entry_id), data)
        try:
            _, entry = self.entries.change(
                entry_id, lambda entry: self.pictures.added(entry, kind, key), actor, now
            )
        except Exception:
            self._take_back(entry_id, key)
            raise
        return key, entry

    def remove(self, entry_id: int, kind: str, url: str, actor: Identity, now: datetime) -> None:
        """Takes a picture out of an entry, and its file away when it was ours and nobody names it any more.

        A picture that the entry does not have changes nothing. Raises NotFound.
        """
        key = media.key_of(url)
        before, after = self.entries.change(
            entry_id, lambda entry: self.pictures.dropped(entry, kind, key), actor, now
        )
        if key in self.pictures.keys(before) - self.pictures.keys(after):
            self._discard(key)

    def _take_back(self, entry_id: int, key: str) -> None:
        # The write may have happened although its answer was lost: then the file stays.
        entry = self.entries.collection.find(entry_id)
        if entry is None or key not in self.pictures.keys(entry):
            media.remove(key)

    def _discard(self, key: str) -> None:
        own = key.startswith((f"{self.folder}/", f"{self.temporary_folder}/"))
        if not own or self._is_named(key):
            return
        try:
            media.remove(key)
        except (BotoCoreError, ClientError) as error:
            # The entry is changed already; a file too many is no reason to report a failure.
            logger().warning("picture not removed", extra=describe_exception(error))

    def _is_named(self, key: str) -> bool:
        collection = self.entries.collection
        return any(key in self.pictures.keys(entry) for entry in (*collection.live(), *collection.deleted()))
