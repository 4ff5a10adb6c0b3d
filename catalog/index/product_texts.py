"""The texts of the products that a process holds, and which of them have to be read before a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.repositories.catalogue_changes import DOCUMENT_MARK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from catalog.index.answers import Found
    from catalog.index.texts import TextIndex
    from catalog.product_filters import Filters
    from common.dynamodb import Item
    from common.repositories.listings import ListingRow


class ProductTexts:
    """Texts that are read when somebody searches, not when they change; not safe to use from several threads.

    `dumped` is what an index of these products wrote, whose texts need not be read.
    """

    __slots__ = ("_dumped", "_gone", "_index", "_unread")

    def __init__(self, dumped: bytes = b"") -> None:
        self._dumped = dumped
        self._index: TextIndex | None = None
        self._unread: set[int] = set()
        # Of what was dumped, while nobody has searched.
        self._gone: set[int] = set()

    def changed(self, product_id: int) -> None:
        """Says that a product's document is new or another than the one whose texts were read."""
        self._unread.add(product_id)

    def removed(self, product_id: int) -> None:
        """Forgets a product."""
        self._unread.discard(product_id)
        if self._index is None:
            self._gone.add(product_id)
        else:
            self._index.remove(product_id)

    def unread(self, every_id: Iterable[int]) -> AbstractSet[int]:
        """Which products have to be read before a search; `every_id` is of all that there are."""
        if self._index is None:
            self._index = index = _loaded(self._dumped)
            for product_id in self._gone:
                index.remove(product_id)
            self._unread.update(product_id for product_id in every_id if product_id not in index)
            self._dumped, self._gone = b"", set()
        return self._unread

    def read(self, row: ListingRow, document: Item | None) -> None:
        """Takes in the document that was read for a row; None where there is none any more.

        One of another change than the row's is searched, and read once more the next time.
        """
        index = self._index
        if index is None:
            return
        if document is None:
            index.remove(row.id)
            return
        from catalog.index.texts import texts_of

        index.put(row.id, texts_of(document))
        if document.get(DOCUMENT_MARK) == row.document_mark:
            self._unread.discard(row.id)

    def find(self, filters: Filters, hidden: AbstractSet[int]) -> Found:
        """What matches the search among what was read and is not `hidden`; the artist searches SKUs too."""
        if self._index is None:
            return []
        with_skus = filters.sees_held_back
        return self._index.find(filters.search, with_skus=with_skus, lists=filters.lists, hidden=hidden)


def _loaded(dumped: bytes) -> TextIndex:
    # Imported by the first search: other lists need none of it.
    from catalog.index.texts import TextIndex

    try:
        return TextIndex.load(dumped) if dumped else TextIndex()
    except ValueError:
        # Another release wrote it; all texts are read anew.
        return TextIndex()
