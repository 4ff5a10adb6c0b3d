"""Pictures that are uploaded before the entry that will show them is saved."""

from datetime import datetime
from typing import Any

from common import media
from common.audit import record
from common.dynamodb import UnitOfWork
from common.http import Identity
from common.uploads import store_picture
from content import fumetti, personaggi
from content.gallery import Gallery


def folder_for(entity: str) -> str:
    """The folder of the pictures of `fumetti`; any other entity means personaggi."""
    gallery: Gallery[Any] = fumetti.gallery if entity == "fumetti" else personaggi.gallery
    return gallery.pictures.folder


def upload_temporary(entity: str, data: bytes, actor: Identity, now: datetime) -> str:
    """Stores a picture for an entry to come, which will take a copy, and answers its key.

    Raises InvalidInput naming `file` when `data` is no picture, PayloadTooLarge above 10 MiB.
    """
    key = store_picture(f"{media.INCOMING}/{folder_for(entity)}", data)
    try:
        with UnitOfWork() as work:
            file_name = key.rpartition("/")[2]
            record(
                work,
                actor=actor,
                action="UPLOAD",
                entity_type="Upload",
                entity_id=file_name,
                now=now,
                metadata={"key": key},
            )
    except Exception:
        media.remove(key)
        raise
    return key
