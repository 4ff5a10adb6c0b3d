"""The catalogue in the memory of a process: its rows, the orders that lists have, and what they filter by."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from threading import RLock

from catalog.index.answers import Answers
from catalog.index.columns import Columns
from catalog.index.holding import Found, Position, Selection
from catalog.index.orders import Order
from catalog.index.product_texts import ProductTexts
from catalog.index.times import Times
from catalog.product_filters import Filters, Place, place_of_row, place_of_text
from common.collation import folded
from common.dynamodb import Item
from common.repositories.catalogue_changes import mark_of
from common.repositories.listings import ListingRow, listing_row, product_of_listing

_VERSIONS = 2**128


class _Same:
    """What was found, as part of what was asked: the same object, whose ids nobody compares one by one."""

    __slots__ = ("found",)

    def __init__(self, found: Found | None) -> None:
        self.found = found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.found is self.found

    def __hash__(self) -> int:
        return id(self.found)


class Catalogue:
    """A `Holding` in memory. An order is sorted when it is first asked for, and stays so from then on."""

    __slots__ = (
        "__weakref__",
        "_columns",
        "_lock",
        "_matched",
        "_orders",
        "_origin",
        "_rows",
        "_sum",
        "_texts",
        "_times",
        "_titles",
    )

    def __init__(self, items: Iterable[Item] = (), origin: str = "", texts: bytes = b"") -> None:
        """Holds these listing rows, the last of each product; versions of another `origin` differ.

        `texts` is what the index of their texts wrote, where there is one.
        """
        self._lock = RLock()
        self._rows: dict[int, ListingRow] = {}
        self._columns = Columns()
        self._times = Times()
        self._matched = Answers()
        self._orders: dict[str, Order] = {}
        self._titles: dict[int, str] | None = None
        self._sum: int | None = None
        self._origin = origin
        for item in items:
            self._take(item)
        self._texts = ProductTexts(texts)

    @property
    def version(self) -> str:
        with self._lock:
            return self._version()

    def apply(self, changed: Sequence[Item]) -> None:
        with self._lock:
            for item in changed:
                before = self._rows.get(product_of_listing(item))
                self._tell_texts(before, self._take(item))

    def moment(self, at: str) -> str:
        with self._lock:
            return self._times.moment(at)

    def row(self, product_id: int) -> ListingRow | None:
        return self._rows.get(product_id)

    def rows(self, product_ids: Iterable[int] | None = None) -> list[ListingRow]:
        with self._lock:
            if product_ids is None:
                return list(self._rows.values())
            return [self._rows[product_id] for product_id in product_ids if product_id in self._rows]

    def matching(self, filters: Filters, found: Found | None = None) -> Collection[int]:
        with self._lock:
            return frozenset(self._matching(filters, found))

    def unread(self) -> list[ListingRow]:
        with self._lock:
            return self.rows(self._texts.unread(self._rows))

    def read(self, documents: Mapping[int, Item | None]) -> None:
        with self._lock:
            for row in self.rows(documents):
                self._texts.read(row, documents[row.id])

    def find(self, filters: Filters) -> Found:
        with self._lock:
            return self._texts.find(filters, self._hidden(filters))

    def select(
        self,
        filters: Filters,
        count: int,
        *,
        skip: int = 0,
        after: Position | None = None,
        found: Found | None = None,
    ) -> Selection:
        with self._lock:
            wanted = self._matching(filters, found)
            if skip >= len(wanted):
                return Selection([], len(wanted), more=False, ranks=[], version=self._version())
            walk = self._walk(filters, wanted, after, found if filters.best_first else None)
            chosen = list(islice(walk, skip, skip + count + 1))
            shown = chosen[:count]
            rows = [self._rows[product_id] for _, product_id in shown]
            version = self._version()
        ranks = [rank for rank, _ in shown] if filters.best_first else []
        return Selection(rows, len(wanted), more=len(chosen) > count, ranks=ranks, version=version)

    def _version(self) -> str:
        if self._sum is None:
            self._sum = sum(map(fingerprint, self._rows.values())) % _VERSIONS
        return f"{self._sum:032x}{self._origin}"

    def _walk(
        self, filters: Filters, wanted: AbstractSet[int], after: Position | None, found: Found | None
    ) -> Iterator[tuple[int, int]]:
        """The rank and id of each wanted product, in order."""
        order = self._order(filters.sort_by)
        place = place_of_text(after.text, after.product_id, filters.sort_by) if after else None
        first = after.rank if after and found is not None else 0
        for rank, ids in enumerate((wanted,) if found is None else found):
            if rank < first:
                continue
            here = ids if ids is wanted else ids & wanted
            behind = place if rank == first else None
            for product_id in order.walk(here, descending=filters.descending, after=behind) if here else ():
                yield rank, product_id

    def _matching(self, filters: Filters, found: Found | None) -> AbstractSet[int]:
        asked = replace(filters, at=self._times.moment(filters.at))
        (left,) = self._matched.of((asked, _Same(found)), lambda: (self._narrowed(filters, found),))
        return left

    def _hidden(self, filters: Filters) -> AbstractSet[int]:
        return frozenset() if filters.sees_held_back else self._times.hidden(filters.at)

    def _narrowed(self, filters: Filters, found: Found | None) -> AbstractSet[int]:
        left = self._columns.of(filters)
        if filters.min_price is not None or filters.max_price is not None:
            prices = self._order("base_price").between(filters.min_price, filters.max_price)
            left = left & frozenset(prices)
        if hidden := self._hidden(filters):
            left = left - hidden
        if found is not None:
            left = frozenset().union(*(ids & left for ids in found))
        if filters.title:
            wanted, titles = folded(filters.title), self._folded_titles()
            left = {product_id for product_id in left if wanted in titles[product_id]}
        return left

    def _order(self, sort_by: str) -> Order:
        order = self._orders.get(sort_by)
        if order is None:
            order = self._orders[sort_by] = Order(_places(self._rows.values(), sort_by))
        return order

    def _folded_titles(self) -> dict[int, str]:
        if self._titles is None:
            self._titles = {row.id: folded(row.title) for row in self._rows.values()}
        return self._titles

    def _take(self, item: Item) -> ListingRow | None:
        """Holds a row as it was read; answers what is held of the product now."""
        before = self._rows.get(product_of_listing(item))
        mark = mark_of(item)
        if before is not None and mark is not None and before.mark == mark:
            # No change leaves the mark as it was, and the overlap of two questions brings most rows twice.
            return before
        after = listing_row(item) if "GSI2SK" in item else None
        self._matched.clear()
        if before is not None:
            self._forget(before)
        if after is not None:
            self._hold(after)
        for sort_by, order in self._orders.items():
            _move(order, *(place_of_row(row, sort_by) if row else None for row in (before, after)))
        return after

    def _tell_texts(self, before: ListingRow | None, after: ListingRow | None) -> None:
        if after is None:
            if before is not None:
                self._texts.removed(before.id)
        elif before is None or before.document_mark != after.document_mark:
            self._texts.changed(after.id)

    def _hold(self, row: ListingRow) -> None:
        self._rows[row.id] = row
        self._columns.add(row)
        self._times.add(row)
        if self._titles is not None:
            self._titles[row.id] = folded(row.title)
        if self._sum is not None:
            self._sum = (self._sum + fingerprint(row)) % _VERSIONS

    def _forget(self, row: ListingRow) -> None:
        del self._rows[row.id]
        self._columns.remove(row)
        self._times.remove(row)
        if self._titles is not None:
            del self._titles[row.id]
        if self._sum is not None:
            self._sum = (self._sum - fingerprint(row)) % _VERSIONS


def _places(rows: Iterable[ListingRow], sort_by: str) -> Iterator[Place]:
    return (place_of_row(row, sort_by) for row in rows)


def _move(order: Order, before: Place | None, after: Place | None) -> None:
    if before == after:
        return
    if before is not None:
        order.remove(before)
    if after is not None:
        order.add(after)


def fingerprint(row: ListingRow) -> int:
    """A number of 128 bits for a row as it stands: its mark is new with each change."""
    text = f"{row.id}#{row.mark or row.created_at}"
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big")
