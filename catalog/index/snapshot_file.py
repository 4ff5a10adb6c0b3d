"""The file of a snapshot: listing rows, documents and texts, so that reading them takes milliseconds.

Rows are one compressed JSON list, which is the quickest to read; documents stay packed, and texts are as
their index wrote them.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from catalog.index import stored_file
from catalog.index.packed_documents import PackedDocuments, pack
from catalog.index.stored_documents import decode_all, encode_all
from catalog.index.stored_file import About, Unusable
from common.dynamodb import Item

_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The catalogue as the table had it: every listing row, and the document of each as encoded JSON.

    `read_at` is when reading began, by the clock of whoever read; what was marked later may be missing.
    `generation` is the catalogue's, None where none ever began; `texts` what their index wrote, if any.
    """

    generation: str | None
    read_at: datetime
    rows: list[Item]
    documents: Mapping[int, bytes]
    texts: bytes = b""


def write(snapshot: Snapshot, table: str) -> bytes:
    """The file of a snapshot of this table."""
    held = snapshot.documents
    documents = held if isinstance(held, PackedDocuments) else pack(held.items())
    parts = {
        "rows": zlib.compress(encode_all(snapshot.rows), _LEVEL),
        "documents": documents.to_bytes(),
        "texts": zlib.compress(snapshot.texts, _LEVEL),
    }
    about = About(table, snapshot.generation, snapshot.read_at, len(snapshot.rows))
    return stored_file.write(about, parts)


def read(data: bytes, table: str) -> Snapshot:
    """The snapshot in a file. Unusable for one of another format or table, and for what is damaged."""
    about, parts = stored_file.read(data, table)
    try:
        return Snapshot(
            generation=about.generation,
            read_at=about.read_at,
            rows=decode_all(zlib.decompress(parts["rows"])),
            documents=PackedDocuments.from_bytes(bytes(parts["documents"])),
            texts=zlib.decompress(parts["texts"]),
        )
    except (KeyError, ValueError, zlib.error) as error:
        raise Unusable("unreadable") from error
