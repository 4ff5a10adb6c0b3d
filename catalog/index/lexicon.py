"""Words with their one- and two-letter parts, and which of them a word that is typed may mean."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from catalog.index.slips import is_slip, is_slip_of_beginning, pieces_of
from catalog.index.vocabulary import Vocabulary
from catalog.index.words import stem

# Parts of so many letters are in so many words that their texts are kept, not looked for.
SHORT = 2
_PAIR = re.compile(r"[^\n]{2}")


@dataclass(frozen=True, slots=True)
class Meant:
    """Words by their numbers: those that are the typed one, begin with it or are other forms, contain it.

    For a short one the number of the part instead of the words that contain it.
    """

    equal: Sequence[int]
    beginning: Sequence[int]
    containing: Sequence[int]
    part: Sequence[int]


class Lexicon:
    """The words of one or more kinds of text."""

    __slots__ = ("parts", "words")

    def __init__(self) -> None:
        self.words, self.parts = Vocabulary(), Vocabulary()

    def meant(self, word: str) -> Meant:
        """What a typed word may mean without slips."""
        if len(word) <= SHORT:
            equal, beginning = self.words.equal(word), self.words.beginning(word)
            return Meant(equal, beginning, (), self.parts.equal(word))
        shared, words = stem(word), self.words.words
        beginning = [
            number
            for number in self.words.beginning(shared)
            if words[number].startswith(word) or stem(words[number]) == shared
        ]
        return Meant(self.words.equal(word), beginning, self.words.containing(word), ())

    def slips(self, word: str, slips: int) -> tuple[list[int], list[int]]:
        """The numbers of the words that are the typed one but for so many slips, and that begin so."""
        words = self.words.words
        close = self._close(word, slips)
        near = [number for number in close if is_slip_of_beginning(word, words[number], slips)]
        return [number for number in near if is_slip(word, words[number], slips)], near

    def _close(self, word: str, slips: int) -> set[int]:
        """Candidates: words that have a piece of the typed one in its place, and most of its letters."""
        words, letters, found = self.words.words, set(word), set[int]()
        shortest = len(word) - slips
        for piece, place in pieces_of(word, slips):
            for number, before in self.words.places(piece):
                other = words[number]
                if (
                    abs(before - place) <= slips
                    and len(other) >= shortest
                    and len(letters.difference(other)) <= slips
                ):
                    found.add(number)
        return found


def short_parts(words: Collection[str]) -> set[str]:
    """All parts of one and two letters."""
    whole, shifted = "\n".join(words), "\n".join([word[1:] for word in words])
    found = {*whole, *_PAIR.findall(whole), *_PAIR.findall(shifted)}
    found.discard("\n")
    return found
