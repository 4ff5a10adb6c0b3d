"""What the latest queries found, until something changes; no more of it than a bounded number of products."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet

# Disjoint sets of product ids, those that match best first.
Found = Sequence[AbstractSet[int]]

# About 60 MB, and so many answers.
_MOST_MEMBERS, _MOST = 1_000_000, 256


class Answers:
    """The latest answers by what was asked."""

    __slots__ = ("_found", "_members")

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, Found] = OrderedDict()
        self._members = 0

    def of(self, asked: Hashable, work_out: Callable[[], Found]) -> Found:
        """What was answered to the same, else what is worked out now."""
        found = self._found.get(asked)
        if found is not None:
            self._found.move_to_end(asked)
            return found
        found = self._found[asked] = work_out()
        self._members += _size(found)
        while self._members > _MOST_MEMBERS or len(self._found) > _MOST:
            self._members -= _size(self._found.popitem(last=False)[1])
        return found

    def clear(self) -> None:
        """Forgets all, because something changed."""
        self._found.clear()
        self._members = 0


def _size(found: Found) -> int:
    return sum(map(len, found))
