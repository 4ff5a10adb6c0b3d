"""The file of a snapshot: what it begins with, its parts, and how damage is known.

A line that names the format, the SHA-256 of all that follows, and then a header with whose snapshot it is
and how long each part is. Listing rows are one compressed JSON list, which is the quickest to read; documents
stay packed, and texts are as their index wrote them.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from catalog.index.packed_documents import PackedDocuments, pack
from catalog.index.stored_documents import decode_all, encode_all
from common.clock import iso, parse_iso
from common.dynamodb import Item

# Another number for every change of what is stored: no process reads what another release wrote otherwise.
FORMAT = 1
_BEGINS = f"artshop catalogue {FORMAT}\n".encode()
_HASH_BYTES = 32
_LENGTH = struct.Struct("<I")
_LEVEL = 6
_PARTS = ("rows", "documents", "texts")


class Unusable(ValueError):
    """What was read is no snapshot of this catalogue in this format; the text says why."""


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
    header = {
        "table": table,
        "generation": snapshot.generation,
        "read_at": iso(snapshot.read_at),
        "lengths": {name: len(part) for name, part in parts.items()},
    }
    text = json.dumps(header).encode()
    body = b"".join((_LENGTH.pack(len(text)), text, *parts.values()))
    return b"".join((_BEGINS, sha256(body).digest(), body))


def read(data: bytes, table: str) -> Snapshot:
    """The snapshot in a file. Unusable for one of another format or table, and for what is damaged."""
    if not data.startswith(_BEGINS):
        raise Unusable("another format")
    body = memoryview(data)[len(_BEGINS) + _HASH_BYTES :]
    if sha256(body).digest() != data[len(_BEGINS) : len(_BEGINS) + _HASH_BYTES]:
        raise Unusable("damaged")
    try:
        (length,) = _LENGTH.unpack_from(body)
        header = json.loads(bytes(body[_LENGTH.size : _LENGTH.size + length]))
        if header["table"] != table:
            raise Unusable("another table")
        return _snapshot(header, _parts(header["lengths"], body[_LENGTH.size + length :]))
    except (KeyError, TypeError, struct.error, zlib.error) as error:
        raise Unusable("unreadable") from error


def _parts(lengths: Mapping[str, int], rest: memoryview) -> dict[str, bytes]:
    found = {}
    for name in _PARTS:
        found[name] = bytes(rest[: lengths[name]])
        rest = rest[lengths[name] :]
    return found


def _snapshot(header: Mapping[str, Any], parts: Mapping[str, bytes]) -> Snapshot:
    return Snapshot(
        generation=header["generation"],
        read_at=parse_iso(header["read_at"]),
        rows=decode_all(zlib.decompress(parts["rows"])),
        documents=PackedDocuments.from_bytes(parts["documents"]),
        texts=zlib.decompress(parts["texts"]),
    )
