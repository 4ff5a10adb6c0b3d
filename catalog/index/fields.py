"""One kind of text of all products, such as their titles: its words, and which products have each."""

from collections.abc import Iterable, Sequence

from catalog.index.postings import Postings
from catalog.index.slips import is_slip, is_slip_of_beginning, pieces_of
from catalog.index.vocabulary import Vocabulary
from catalog.index.words import stem


class Field:
    """The words of one kind of text, and the places of the products that have them."""

    __slots__ = ("postings", "vocabulary")

    def __init__(self, vocabulary: Vocabulary | None = None, postings: Postings | None = None) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self.postings = postings or Postings()

    def add(self, words: Iterable[str], place: int) -> None:
        """Says that the product at a place has these words, each named once."""
        number, add = self.vocabulary.number, self.postings.add
        for word in words:
            add(number(word), place)

    def equal(self, word: str) -> list[int]:
        """The numbers of the words that are this one: one or none."""
        number = self.vocabulary.known(word)
        return [] if number is None else [number]

    def beginning(self, word: str) -> list[int]:
        """The numbers of the words that begin with this one, or are another form of it."""
        shared, words = stem(word), self.vocabulary.words
        return [
            number
            for number in self.vocabulary.beginning(shared)
            if words[number].startswith(word) or stem(words[number]) == shared
        ]

    def containing(self, word: str) -> Sequence[int]:
        """The numbers of the words that this one is a part of."""
        return self.vocabulary.containing(word)

    def parts_and_forms(self, word: str) -> Sequence[int]:
        """The numbers of the words that this one is a part of, or another form."""
        return list({*self.containing(word), *self.beginning(word)})

    def slips(self, word: str, slips: int) -> tuple[list[int], list[int]]:
        """The numbers of the words that are `word` but for so many slips, and of those that begin so."""
        words = self.vocabulary.words
        close = self._close(word, slips)
        near = [number for number in close if is_slip_of_beginning(word, words[number], slips)]
        return [number for number in near if is_slip(word, words[number], slips)], near

    def _close(self, word: str, slips: int) -> list[int]:
        found: dict[int, None] = {}
        for piece, place in pieces_of(word, slips):
            if place == 0:
                found.update(dict.fromkeys(self.vocabulary.beginning(piece)))
            found.update(
                (number, None)
                for number, behind in self.vocabulary.places(piece)
                if abs(behind - place) <= slips
            )
        return list(found)
