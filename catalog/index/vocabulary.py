"""The numbered words of texts, and the search for them by what they begin with or have as a part."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, islice

# No word contains it.
_BREAK = "\n"
# Behind every letter.
_LAST = "\U0010ffff"


class Vocabulary:
    """Numbered words. They are only added to: a word that no text has any more is found in vain."""

    __slots__ = ("_joined", "_numbers", "_sorted", "_starts", "_words")

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._words: list[str] = []
        self._sorted = 0
        # All words on a line each, and where each begins: behind by those that came since it was last asked.
        self._joined = _BREAK
        self._starts: array[int] = array("I")

    def begin_with(self, words: list[str]) -> None:
        """Numbers these words, which are sorted, from 0; those that come later are numbered as they come."""
        behind = count(len(words)).__next__
        self._numbers = defaultdict(behind, zip(words, range(len(words)), strict=True))
        self._words, self._sorted = words, len(words)

    @property
    def words(self) -> list[str]:
        """All words, each at its number; not to be changed."""
        if len(self._words) < len(self._numbers):
            self._words += islice(self._numbers, len(self._words), None)
        return self._words

    def numbers(self, words: Iterable[str]) -> list[int]:
        """The numbers of some words, which are new for those that have none yet."""
        return list(map(self._numbers.__getitem__, words))

    def equal(self, word: str) -> list[int]:
        """The number of a word, if it has one."""
        number = self._numbers.get(word)
        return [] if number is None else [number]

    def beginning(self, start: str) -> list[int]:
        """The numbers of all words that begin with `start`."""
        words = self.words
        first = bisect_left(words, start, hi=self._sorted)
        behind = bisect_left(words, start + _LAST, lo=first, hi=self._sorted)
        found = list(range(first, behind))
        if self._sorted < len(words):
            found += [number for number, _ in self._places(_BREAK + start, from_word=self._sorted, ahead=1)]
        return found

    def containing(self, part: str) -> list[int]:
        """The numbers of all words that `part` is in."""
        return list(dict.fromkeys(number for number, _ in self.places(part)))

    def containing_any(self, text: str) -> list[int]:
        """The same of a text of any characters."""
        return [number for number, word in enumerate(self.words) if text in word]

    def places(self, part: str) -> Iterator[tuple[int, int]]:
        """Each place of `part`: the number of the word that has it, and how many letters in."""
        return self._places(part, from_word=0, ahead=0)

    def _places(self, text: str, *, from_word: int, ahead: int) -> Iterator[tuple[int, int]]:
        self._catch_up()
        joined, starts = self._joined, self._starts
        if not starts:
            return
        place = joined.find(text, starts[from_word] - ahead)
        while place >= 0:
            number = bisect_right(starts, place + ahead) - 1
            yield number, place + ahead - starts[number]
            place = joined.find(text, place + 1)

    def _catch_up(self) -> None:
        new = self.words[len(self._starts) :]
        if not new:
            return
        start = len(self._joined)
        for word in new:
            self._starts.append(start)
            start += len(word) + 1
        self._joined += _BREAK.join(new) + _BREAK
