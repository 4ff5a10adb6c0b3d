"""A file that is kept of the catalogue: what it begins with, its parts, and how damage is known.

A line that names the format, the SHA-256 of all that follows, and then a header with what the file is of and
how long each part is.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from common.clock import iso, parse_iso

# Another number for every change of what is stored: no process reads what another release wrote otherwise.
FORMAT = 3
# The header stands within so many bytes from the beginning.
HEAD_BYTES = 4096

_BEGINS = f"artshop catalogue {FORMAT}\n".encode()
_HASH_BYTES = 32
_LENGTH = struct.Struct("<I")


class Unusable(ValueError):
    """What was read is nothing of this catalogue in this format; the text says why."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file is of: the table, its generation, when reading began, and how many products there were."""

    table: str
    generation: str | None
    read_at: datetime
    products: int


def write(about: About, parts: Mapping[str, bytes]) -> bytes:
    """A file with these parts."""
    header = {
        "table": about.table,
        "generation": about.generation,
        "read_at": iso(about.read_at),
        "products": about.products,
        "lengths": {name: len(part) for name, part in parts.items()},
    }
    text = json.dumps(header).encode()
    following = (_LENGTH.pack(len(text)), text, *parts.values())
    digest = sha256()
    for each in following:
        digest.update(each)
    return b"".join((_BEGINS, digest.digest(), *following))


def about(beginning: bytes) -> About:
    """What the file is of that begins so, damaged or not. Unusable where nothing can be told."""
    return _header(memoryview(beginning))[0]


def read(data: bytes, table: str) -> tuple[About, dict[str, memoryview]]:
    """What a file is of, and its parts. Unusable for another format or table, and for what is damaged."""
    held = memoryview(data)
    if not data.startswith(_BEGINS):
        raise Unusable("another format")
    body = held[len(_BEGINS) + _HASH_BYTES :]
    if sha256(body).digest() != held[len(_BEGINS) : len(_BEGINS) + _HASH_BYTES]:
        raise Unusable("damaged")
    found, lengths, rest = _header(held)
    if found.table != table:
        raise Unusable("another table")
    parts = {}
    for name, length in lengths.items():
        parts[name] = rest[:length]
        rest = rest[length:]
    return found, parts


def _header(held: memoryview) -> tuple[About, dict[str, int], memoryview]:
    if held[: len(_BEGINS)] != _BEGINS:
        raise Unusable("another format")
    body = held[len(_BEGINS) + _HASH_BYTES :]
    try:
        (length,) = _LENGTH.unpack_from(body)
        end = _LENGTH.size + length
        header: dict[str, Any] = json.loads(bytes(body[_LENGTH.size : end]))
        found = About(header["table"], header["generation"], parse_iso(header["read_at"]), header["products"])
        return found, header["lengths"], body[end:]
    except (KeyError, TypeError, ValueError, struct.error) as error:
        raise Unusable("unreadable") from error
