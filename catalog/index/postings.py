"""Which texts have which words: for each word's number the places of its texts, the most frequent as bits."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from catalog.index.bitsets import bits_of, members

# A word of so many texts, and of more than one text in so many, is kept as a set of bits, which join at once.
_DENSE_FROM, _DENSE_PART = 256, 64


def is_dense(count: int, size: int) -> bool:
    """Whether a word that `count` of `size` texts have is kept as bits."""
    return count >= max(_DENSE_FROM, size // _DENSE_PART)


def _places() -> "array[int]":
    return array("I")


class Postings:
    """The places of the texts of each word; added to only, for a text that changes gets a new place."""

    __slots__ = ("_added", "_dense", "_packed", "_starts")

    def __init__(self) -> None:
        # What was packed, word n in _packed[_starts[n]:_starts[n + 1]] or _dense[n], and what came since.
        self._starts: Sequence[int] = (0,)
        self._packed = memoryview(array("I"))
        self._dense: dict[int, int] = {}
        self._added: defaultdict[int, array[int]] = defaultdict(_places)

    def begin_with(self, starts: Sequence[int], packed: "array[int]", dense: dict[int, int]) -> None:
        """Says at once that word `n` is in the texts `packed[starts[n]:starts[n + 1]]` and `dense[n]`."""
        self._starts, self._packed, self._dense = starts, memoryview(packed), dense

    def add(self, words: Iterable[int], place: int) -> None:
        """Says that the text at a place has these words, which it has not said before."""
        added = self._added
        for word in words:
            added[word].append(place)

    def union(self, words: Iterable[int], size: int) -> int:
        """The places, all below `size`, of the texts that have any of these words."""
        found = 0
        rare: list[Collection[int]] = []
        packed, starts, last = self._packed, self._starts, len(self._starts) - 1
        for word in words:
            added = self._added.get(word)
            if added is not None:
                if is_dense(len(added), size):
                    self._make_dense(word, size)
                else:
                    rare.append(added)
            bits = self._dense.get(word)
            if bits is not None:
                found |= bits
            elif word < last:
                rare.append(packed[starts[word] : starts[word + 1]])
        return found | bits_of(rare, size) if rare else found

    def runs(self, word: int) -> list[int]:
        """The places of the texts of one word, lowest first."""
        held = {*members(self._dense.get(word, 0)), *self._added.get(word, ())}
        if word < len(self._starts) - 1:
            held.update(self._packed[self._starts[word] : self._starts[word + 1]])
        return sorted(held)

    def _make_dense(self, word: int, size: int) -> None:
        runs: list[Collection[int]] = [self._added.pop(word)]
        if word < len(self._starts) - 1:
            runs.append(self._packed[self._starts[word] : self._starts[word + 1]])
        self._dense[word] = self._dense.get(word, 0) | bits_of(runs, size)
