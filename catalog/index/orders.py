"""One order of the whole catalogue, which stays sorted while products come, change and go."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from catalog.product_filters import Place


class Order:
    """The ids of all products by their places; adding and taking out cost a search and one move of memory."""

    __slots__ = ("_ids", "_places")

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = sorted(places)
        self._ids = [product_id for _, product_id in self._places]

    def add(self, place: Place) -> None:
        """Puts a product at its place."""
        index = bisect_left(self._places, place)
        self._places.insert(index, place)
        self._ids.insert(index, place[1])

    def remove(self, place: Place) -> None:
        """Takes the product out that was added at this place."""
        index = bisect_left(self._places, place)
        del self._places[index], self._ids[index]

    def between(self, least: Any | None, most: Any | None) -> list[int]:
        """The ids of the products that are ordered by something from `least` to `most`, both included."""
        start = 0 if least is None else bisect_left(self._places, (least,))
        end = len(self._places) if most is None else bisect_right(self._places, (most, float("inf")))
        return self._ids[start:end]

    def walk(
        self, wanted: AbstractSet[int], *, descending: bool, after: Place | None = None
    ) -> Iterator[int]:
        """The wanted ids in this order, or from its end; only what follows `after`, where it is given."""
        if after is None:
            ids = self._ids
        elif descending:
            ids = self._ids[: bisect_left(self._places, after)]
        else:
            ids = self._ids[bisect_right(self._places, after) :]
        return filter(wanted.__contains__, reversed(ids) if descending else ids)
