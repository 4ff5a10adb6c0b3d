"""Which texts have which words: for each word's number the places of its texts, the most frequent as bits."""

from array import array
from collections.abc import Iterable, Sequence

from catalog.index.bitsets import bits_of, members

# A word of so many texts, and of more than one text in so many, is kept as a set of bits, which join at once.
_DENSE_FROM, _DENSE_PART = 256, 64


def is_dense(count: int, size: int) -> bool:
    """Whether a word that `count` of `size` texts have is kept as bits."""
    return count >= max(_DENSE_FROM, size // _DENSE_PART)


class Postings:
    """The places of the texts of each word; added to only, for a text that changes gets a new place."""

    __slots__ = ("_added", "_dense", "_packed", "_starts")

    def __init__(
        self,
        starts: Sequence[int] = (0,),
        packed: "array[int] | None" = None,
        dense: dict[int, int] | None = None,
    ) -> None:
        """Those that were packed: word `n` has `packed[starts[n]:starts[n + 1]]` and the bits `dense[n]`."""
        self._starts = starts
        self._packed = memoryview(packed or array("I"))
        self._dense = dense or {}
        self._added: dict[int, array[int]] = {}

    def add(self, word: int, place: int) -> None:
        """Says that the text at a place has a word, which it has not said before."""
        added = self._added.get(word)
        if added is None:
            added = self._added[word] = array("I")
        added.append(place)

    def union(self, words: Iterable[int], size: int, wanted: int) -> int:
        """The places, all below `size`, of the texts that have any of these words.

        It is complete as far as `wanted` goes: none of those is looked for again that has been found.
        """
        found = 0
        rare: list[Iterable[int]] = []
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
                if not wanted & ~found:
                    return found
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
        runs: list[Iterable[int]] = [self._added.pop(word)]
        if word < len(self._starts) - 1:
            runs.append(self._packed[self._starts[word] : self._starts[word + 1]])
        self._dense[word] = self._dense.get(word, 0) | bits_of(runs, size)
