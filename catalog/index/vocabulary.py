"""Every word of one kind of text, numbered in the order of its coming, and found by its parts."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

# No word contains it.
_BREAK = "\n"
# So short a part is in so many words that looking at each is quicker than jumping from one to the next.
_SHORT = 2


class Vocabulary:
    """Numbered words. They are only added to: a word that no text has any more is found in vain."""

    __slots__ = ("_joined", "_numbers", "_starts", "words")

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.words = list(words)
        self._numbers = {word: number for number, word in enumerate(self.words)}
        # All words on a line each, where each begins; behind by those that came since it was last asked.
        self._joined = _BREAK
        self._starts: array[int] = array("I")

    def number(self, word: str) -> int:
        """The number of a word, which is new if it has none yet."""
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self.words)
            self.words.append(word)
        return number

    def known(self, word: str) -> int | None:
        """The number of a word, if it has one."""
        return self._numbers.get(word)

    def containing(self, part: str) -> Sequence[int]:
        """The numbers of all words that `part` is in."""
        if len(part) <= _SHORT:
            return self.containing_any(part)
        return list(dict.fromkeys(number for number, _ in self.places(part)))

    def containing_any(self, text: str) -> list[int]:
        """The same of a text of any characters, which looks at each."""
        return [number for number, word in enumerate(self.words) if text in word]

    def beginning(self, start: str) -> list[int]:
        """The numbers of all words that begin with `start`."""
        return [number for number, _ in self._found(_BREAK + start, ahead=1)]

    def places(self, part: str) -> Iterator[tuple[int, int]]:
        """Each place of `part`: the number of the word that has it, and how many letters in."""
        return self._found(part, ahead=0)

    def _found(self, text: str, ahead: int) -> Iterator[tuple[int, int]]:
        self._catch_up()
        joined, starts = self._joined, self._starts
        place = joined.find(text)
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
