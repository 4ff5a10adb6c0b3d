"""A `Holding` of a large catalogue: in a SQLite file of this process, of which memory holds some pages."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from threading import RLock
from typing import Any

from catalog.index.catalogue import fingerprint
from catalog.index.holding import Found, Position, Selection
from catalog.index.sqlite_conditions import ORDERS, behind, narrowed
from catalog.index.sqlite_schema import put_row, put_texts
from catalog.index.sqlite_search import find
from catalog.index.stored_documents import decode
from catalog.index.times import Times
from catalog.product_filters import Filters
from common.dynamodb import Item
from common.repositories.catalogue_changes import DOCUMENT_MARK, mark_of
from common.repositories.listings import ListingRow, listing_row, product_of_listing

_VERSIONS = 2**128
# Ids in one question, and answers of searches that are kept.
_AT_ONCE = 500
_KEPT_ANSWERS = 64
# Beyond any catalogue, and what SQLite takes for a number.
_FURTHEST = 2**62


class SqliteCatalogue:
    """The catalogue in a file that nobody else uses; `origin` makes versions of other rows differ."""

    def __init__(self, file: sqlite3.Connection, origin: str = "") -> None:
        self._file, self._origin = file, origin
        self._lock = RLock()
        self._sum = int(_value(file, "SELECT value FROM about WHERE name = 'sum'"), 16)
        self._answers: dict[tuple[str, bool], Found] = {}
        # What stands in the table `found`, which most pages of a search share.
        self._joined: Found | None = None
        # Few products have times; those that the table `hidden` has are hidden at one moment.
        self._times = Times()
        for (item,) in file.execute("SELECT item FROM products WHERE timed"):
            self._times.add(_row(item))
        self._left_out: AbstractSet[int] = frozenset()
        unread = (
            "SELECT products.id FROM products LEFT JOIN texts USING (id) WHERE texts.id IS NULL"
            " OR texts.mark IS NOT document_mark"
        )
        self._unread = {product_id for (product_id,) in file.execute(unread)}

    @property
    def version(self) -> str:
        return f"{self._sum:032x}{self._origin}"

    def apply(self, changed: Sequence[Item]) -> None:
        with self._lock, self._file:
            for item in changed:
                self._take(item)

    def moment(self, at: str) -> str:
        with self._lock:
            return self._times.moment(at)

    def row(self, product_id: int) -> ListingRow | None:
        return next(iter(self.rows((product_id,))), None)

    def rows(self, product_ids: Iterable[int] | None = None) -> list[ListingRow]:
        with self._lock:
            if product_ids is None:
                return [_row(item) for (item,) in self._file.execute("SELECT item FROM products")]
            return list(self._held(list(product_ids)).values())

    def matching(self, filters: Filters, found: Found | None = None) -> Collection[int]:
        with self._lock:
            where, given = self._where(filters, found)
            return {product_id for (product_id,) in self._file.execute(f"SELECT id {where}", given)}

    def unread(self) -> list[ListingRow]:
        with self._lock:
            return self.rows(self._unread)

    def read(self, documents: Mapping[int, Item | None]) -> None:
        with self._lock, self._file:
            for row in self.rows(documents):
                document = documents[row.id]
                put_texts(self._file, row.id, document)
                if document is not None and document.get(DOCUMENT_MARK) == row.document_mark:
                    self._unread.discard(row.id)
            self._answers.clear()

    def find(self, filters: Filters) -> Found:
        asked = (filters.search, filters.sees_held_back)
        with self._lock:
            if asked not in self._answers:
                if len(self._answers) >= _KEPT_ANSWERS:
                    self._answers.clear()
                self._answers[asked] = find(self._file, filters.search, with_skus=filters.sees_held_back)
            return self._answers[asked]

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
            where, given = self._where(filters, found)
            total = int(_value(self._file, f"SELECT count(*) {where}", given))
            ranked = found is not None and filters.best_first
            chosen = self._chosen(filters, where, given, after, ranked=ranked, limit=(count + 1, skip))
            shown = chosen[:count]
            rows = [_row(item) for item, _ in shown]
        ranks = [rank for _, rank in shown] if filters.best_first else []
        return Selection(rows, total, more=len(chosen) > count, ranks=ranks, version=self.version)

    def _chosen(
        self,
        filters: Filters,
        where: str,
        given: dict[str, Any],
        after: Position | None,
        *,
        ranked: bool,
        limit: tuple[int, int],
    ) -> list[tuple[bytes, int]]:
        """The rows of a page with their ranks, in order."""
        order = [f"{column}{' DESC' if filters.descending else ''}" for column in ORDERS[filters.sort_by]]
        if after is not None:
            condition, more = behind(filters, after, ranked=ranked)
            where, given = f"{where} AND {condition}", given | more
        order = ["rank", *order] if ranked else order
        rank = "rank" if ranked else "0"
        asked = f"SELECT item, {rank} {where} ORDER BY {', '.join(order)} LIMIT :limit OFFSET :skip"
        return self._file.execute(
            asked, given | {"limit": limit[0], "skip": min(limit[1], _FURTHEST)}
        ).fetchall()

    def _where(self, filters: Filters, found: Found | None) -> tuple[str, dict[str, Any]]:
        """What follows SELECT for all products of a list; what was found is put where it can be joined."""
        if found is not None and found is not self._joined:
            self._file.execute("CREATE TEMP TABLE IF NOT EXISTS found (id INTEGER PRIMARY KEY, rank INTEGER)")
            self._file.execute("DELETE FROM found")
            ranks = ((product_id, rank) for rank, ids in enumerate(found) for product_id in ids)
            self._file.executemany("INSERT OR IGNORE INTO found VALUES (?, ?)", ranks)
            self._joined = found
        return narrowed(filters, is_search=found is not None, hides=self._hides(filters))

    def _hides(self, filters: Filters) -> bool:
        """Whether any product is hidden from a list; which ones is put where it can be asked for."""
        hidden = frozenset() if filters.sees_held_back else self._times.hidden(filters.at)
        if hidden and hidden != self._left_out:
            self._file.execute("CREATE TEMP TABLE IF NOT EXISTS hidden (id INTEGER PRIMARY KEY)")
            self._file.execute("DELETE FROM hidden")
            self._file.executemany("INSERT INTO hidden VALUES (?)", ((each,) for each in hidden))
            self._left_out = hidden
        return bool(hidden)

    def _take(self, item: Item) -> None:
        product_id = product_of_listing(item)
        before = self._held([product_id]).get(product_id)
        mark = mark_of(item)
        if before is not None and mark is not None and before.mark == mark:
            return
        after = put_row(self._file, item)
        if before is not None:
            self._sum = (self._sum - fingerprint(before)) % _VERSIONS
            self._times.remove(before)
        if after is not None:
            self._sum = (self._sum + fingerprint(after)) % _VERSIONS
            self._times.add(after)
        self._tell_texts(product_id, before, after)

    def _tell_texts(self, product_id: int, before: ListingRow | None, after: ListingRow | None) -> None:
        if after is None:
            self._unread.discard(product_id)
            put_texts(self._file, product_id, None)
            self._answers.clear()
        elif before is None or before.document_mark != after.document_mark:
            self._unread.add(product_id)

    def _held(self, product_ids: list[int]) -> dict[int, ListingRow]:
        held: dict[int, ListingRow] = {}
        for start in range(0, len(product_ids), _AT_ONCE):
            some = product_ids[start : start + _AT_ONCE]
            asked = f"SELECT id, item FROM products WHERE id IN ({', '.join('?' * len(some))})"  # noqa: S608
            held |= {product_id: _row(item) for product_id, item in self._file.execute(asked, some)}
        return held


def _row(item: bytes) -> ListingRow:
    return listing_row(decode(item))


def _value(file: sqlite3.Connection, question: str, given: Mapping[str, Any] | tuple[()] = ()) -> Any:
    return file.execute(question, given).fetchone()[0]
