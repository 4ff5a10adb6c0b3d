"""One kind of text of all products, such as their titles: which products have each word and short part."""

from collections.abc import Collection

from catalog.index.lexicon import Lexicon, Meant, short_parts
from catalog.index.postings import Postings


class Field:
    """The places of the products that have each of a lexicon's words in one kind of text."""

    __slots__ = ("_lexicon", "parts", "words")

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.words, self.parts = Postings(), Postings()

    def add(self, words: Collection[str], place: int) -> None:
        """Says that the product at a place has these words, each named once."""
        self.words.add(self._lexicon.words.numbers(words), place)
        self.parts.add(self._lexicon.parts.numbers(short_parts(words)), place)

    def containing(self, meant: Meant, size: int) -> int:
        """The products, all below place `size`, that have the typed word as a part, or another form of it."""
        if meant.part:
            return self.parts.union(meant.part, size)
        return self.words.union({*meant.containing, *meant.beginning}, size)
