"""Which products have what lists filter by: for each value the set of their ids."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from catalog.product_filters import Filters
from common.collation import folded
from common.repositories.listings import ListingRow

_Ids = defaultdict[Any, set[int]]
_NOBODY: frozenset[int] = frozenset()


class Columns:
    """The ids of the products by status, creator, category, character, and whether they are in stock."""

    __slots__ = ("_categories", "_character_ids", "_characters", "_creators", "_standing")

    def __init__(self) -> None:
        # By status, whether the work is approved, and whether it is in stock or None for either; by id; by id
        # and slug; by name as searches compare it.
        self._standing: _Ids = defaultdict(set)
        self._creators: _Ids = defaultdict(set)
        self._categories: _Ids = defaultdict(set)
        self._characters: _Ids = defaultdict(set)
        self._character_ids: _Ids = defaultdict(set)

    def add(self, row: ListingRow) -> None:
        """Takes in what a row says."""
        for ids in self._sets(row):
            ids.add(row.id)

    def remove(self, row: ListingRow) -> None:
        """Forgets what a row said that was taken in."""
        for ids in self._sets(row):
            ids.discard(row.id)

    def _sets(self, row: ListingRow) -> list[set[int]]:
        """Where a row belongs."""
        status, approved = row.status, row.is_approved
        sets = [self._standing[status, approved, None], self._standing[status, approved, row.in_stock]]
        for category_id, slug in row.categories.items():
            sets += self._categories[category_id], self._categories[slug]
        if row.creator_id is not None:
            sets.append(self._creators[row.creator_id])
        if row.character_id is not None:
            sets.append(self._character_ids[str(row.character_id)])
        if row.character_value is not None:
            sets.append(self._characters[folded(row.character_value)])
        return sets

    def of(self, filters: Filters) -> AbstractSet[int]:
        """The ids of what status, creator, category, character and stock leave; not to be changed."""
        narrowed = _common(self._narrowing(filters))
        seen = [self._standing.get(standing, _NOBODY) for standing in _seen(filters)]
        if narrowed is None:
            return seen[0] if len(seen) == 1 else set().union(*seen)
        return set().union(*(narrowed & ids for ids in seen))

    def _narrowing(self, filters: Filters) -> Iterator[AbstractSet[int]]:
        if filters.creator is not None:
            yield self._creators.get(filters.creator, _NOBODY)
        if filters.category is not None:
            yield self._categories.get(filters.category, _NOBODY)
        if filters.character is not None:
            by_name = self._characters.get(folded(filters.character), _NOBODY)
            yield by_name | self._character_ids.get(filters.character, _NOBODY)


def _seen(filters: Filters) -> list[tuple[str, bool, bool | None]]:
    words = (True, False) if filters.sees_held_back else (True,)
    return [(status, word, filters.in_stock) for status in filters.statuses for word in words]


def _common(sets: Iterable[AbstractSet[int]]) -> AbstractSet[int] | None:
    """What all of these have in common; None where there are none."""
    smallest_first = sorted(sets, key=len)
    common = smallest_first[0] if smallest_first else None
    for other in smallest_first[1:]:
        common = common & other if common is not None else other
    return common
