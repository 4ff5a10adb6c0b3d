"""The documents that this process keeps, and the JSON that was made of them: each as fresh as its mark.

A document is read from the table once and shown for as long as its listing row bears the same
`document_mark`: both get it in one transaction, and each change has a new one. What was made of a document
and its row is good for as long as the row bears its own mark. What was never marked, for a move or a backup
has brought it, is good for one holding of the catalogue, which ends when anything is brought anew.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from sys import getsizeof
from threading import Lock
from weakref import ReferenceType, ref

from catalog.index.packed_documents import PackedDocuments
from catalog.index.stored_documents import decode, encode
from common.config import kept_documents_bytes, table_name
from common.dynamodb import Item
from common.repositories.catalogue_changes import DOCUMENT_MARK
from common.repositories.listings import ListingRow
from common.repositories.products import is_approved

# What an entry takes besides its own text: itself, its place in the order, its key and its mark.
_BESIDE_BYTES = 350

# The holding of the catalogue from which rows were taken; None for rows of a query.
Load = object | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A text, the mark that it is good for, and the number of the holding that it is good for without one."""

    text: bytes | str
    mark: str | None
    load: int
    size: int


class Documents:
    """Documents by product, and texts by view and product, within so many bytes; the least used go first.

    Safe to use from several threads.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._packed: tuple[int, PackedDocuments] = (0, PackedDocuments())
        self._load = 0
        self._holding: ReferenceType[object] | None = None
        self._lock = Lock()

    @property
    def kept_bytes(self) -> int:
        """What all that is kept takes."""
        return self._bytes + self._packed[1].size

    def fill(self, documents: PackedDocuments, load: object) -> None:
        """Keeps the documents of a snapshot, packed as they are, unless they take more than half of the room.

        They are unpacked and held against their rows when they are asked for; `load` is the holding that was
        loaded with them.
        """
        with self._lock:
            fits = documents.size <= self._most_bytes // 2
            self._packed = (self._number(load), documents if fits else PackedDocuments())
            self._make_room()

    def document(self, row: ListingRow, load: Load) -> Item | None:
        """The document of the row's product; None unless one is kept that is current."""
        with self._lock:
            kept = self._find(row.id, row.document_mark, load)
            packed = None if kept or self._packed[0] != self._number(load) else self._packed[1]
        text = kept.text if kept else packed.get(row.id) if packed is not None else None
        if not isinstance(text, bytes):
            return None
        item = decode(text)
        if not is_current(item, row):
            return None
        if kept is None:
            self._keep(row.id, text, row.document_mark, load)
        return item

    def keep(self, row: ListingRow, item: Item, load: Load) -> None:
        """Keeps a document that is current for this row."""
        if row.document_mark is not None or load is not None:
            self._keep(row.id, encode(item), row.document_mark, load)

    def text(self, row: ListingRow, view: Hashable, load: Load) -> str | None:
        """What `keep_text` was given for this view of the product; None unless it is good for the row."""
        with self._lock:
            kept = self._find((view, row.id), row.mark, load)
        return str(kept.text) if kept else None

    def keep_text(self, row: ListingRow, view: Hashable, text: str, load: Load) -> None:
        """Keeps what was made of this row and of a document that is current for it."""
        self._keep((view, row.id), text, row.mark, load)

    def _find(self, key: Hashable, mark: str | None, load: Load) -> _Kept | None:
        kept = self._kept.get(key)
        if kept is None or kept.mark != mark:
            return None
        if mark is None and (load is None or kept.load != self._number(load)):
            return None
        self._kept.move_to_end(key)
        return kept

    def _keep(self, key: Hashable, text: bytes | str, mark: str | None, load: Load) -> None:
        if mark is None and load is None:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            size = getsizeof(text) + _BESIDE_BYTES
            self._kept[key] = _Kept(text, mark, self._number(load), size)
            self._bytes += size - (before.size if before else 0)
            self._make_room()

    def _make_room(self) -> None:
        while self._kept and self.kept_bytes > self._most_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].size

    def _number(self, load: Load) -> int:
        """The number of a holding, another for each; 0 for rows of a query."""
        if load is None:
            return 0
        if self._holding is None or self._holding() is not load:
            self._load, self._holding = self._load + 1, ref(load)
        return self._load


def is_current(document: Item, row: ListingRow) -> bool:
    """Whether a document is that of the row's last change of it, and nothing in it speaks against the row."""
    return (
        document.get(DOCUMENT_MARK) == row.document_mark
        and document.get("deleted_at") is None
        and document.get("status") == row.status
        and is_approved(document.get("moderation_status"), document.get("withheld")) == row.is_approved
        and (document.get("publish_at"), document.get("unpublish_at")) == (row.publish_at, row.unpublish_at)
    )


_documents: dict[str, Documents] = {}


def kept_documents() -> Documents:
    """What this process keeps of the table that the settings name."""
    name = table_name()
    if name not in _documents:
        _documents.setdefault(name, Documents(kept_documents_bytes()))
    return _documents[name]


def reset() -> None:
    """Forgets the documents of all tables."""
    _documents.clear()
