"""The SQLite file of a large catalogue: made of a snapshot by its job, opened by processes."""

import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from catalog.index.catalogue import fingerprint
from catalog.index.snapshot_file import Snapshot
from catalog.index.sqlite_schema import create, put_texts
from catalog.index.stored_documents import decode
from common.repositories.listings import listing_row

_LEVEL = 6
_PIECE = 1 << 20
# What SQLite keeps of the file in memory, in KB; as a negative number, as it wants it.
_CACHE = -32_000
# So many bytes of `grams` are gathered before they are written.
_HASHED = 64_000_000


def packed(snapshot: Snapshot) -> bytes:
    """The compressed file of a snapshot's rows and texts."""
    with tempfile.TemporaryDirectory(prefix="artshop-") as folder:
        path = Path(folder) / "catalogue.sqlite"
        file = _opened(path)
        try:
            create(file, snapshot.rows)
            # Merged once at the end rather than a hundred times on the way.
            file.execute("INSERT INTO grams (grams, rank) VALUES ('automerge', 0), ('crisismerge', 1000)")
            file.execute("INSERT INTO grams (grams, rank) VALUES ('hashsize', ?)", (_HASHED,))
            for product_id, data in snapshot.documents.items():
                put_texts(file, product_id, decode(data))
            _finish(file, snapshot)
        finally:
            file.close()
        compressor = zlib.compressobj(_LEVEL)
        pieces = [compressor.compress(piece) for piece in _pieces(path)]
        return b"".join([*pieces, compressor.flush()])


def opened(data: bytes | memoryview) -> sqlite3.Connection:
    """A connection to the file in `data`, of which a copy is made that goes with the connection.

    Raises zlib.error or sqlite3.Error where it is none, and OSError where there is no room for it.
    """
    with tempfile.TemporaryDirectory(prefix="artshop-") as folder:
        path = Path(folder) / "catalogue.sqlite"
        unpacker = zlib.decompressobj()
        with path.open("wb") as out:
            for start in range(0, len(data), _PIECE):
                out.write(unpacker.decompress(data[start : start + _PIECE]))
            out.write(unpacker.flush())
        if not unpacker.eof:
            raise zlib.error("ends early")
        # Its name goes with the folder; the file itself when the process closes it or ends, however it does.
        return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, check_same_thread=False)
    # Nobody else has the file, and after a crash there is another.
    for setting in (
        "journal_mode = MEMORY",
        "synchronous = OFF",
        "temp_store = MEMORY",
        f"cache_size = {_CACHE}",
    ):
        file.execute(f"PRAGMA {setting}").close()
    return file


def _finish(file: sqlite3.Connection, snapshot: Snapshot) -> None:
    total = sum(fingerprint(listing_row(row)) for row in snapshot.rows) % 2**128
    file.execute("INSERT INTO about VALUES ('sum', ?)", (f"{total:x}",))
    file.execute("INSERT INTO grams (grams) VALUES ('optimize')")
    file.commit()
    file.execute("PRAGMA optimize").close()
    file.execute("ANALYZE").close()
    file.commit()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as held:
        while piece := held.read(_PIECE):
            yield piece
