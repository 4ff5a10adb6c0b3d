"""Products with their words, and how well each of them matches one word that was asked for."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from catalog.index.fields import Field
from catalog.index.lexicon import Lexicon
from catalog.index.postings import Postings
from catalog.index.vocabulary import Vocabulary

# How well a product matches a word: a word of its title is this one, begins with it (or is another form of
# it), has it as a part; its character, a category or a tag has; a SKU; a description; a word is this one but
# for slips of the pen; a word begins so but for slips.
TIERS = 8
EQUAL, BEGINS, PART, LABEL, SKU, DESCRIPTION, SLIP, SLIP_OF_BEGINNING = range(TIERS)
_MOST_KNOWN = 256

# For each tier the products that match so well or better.
Matches = Sequence[int]


@dataclass(frozen=True, slots=True)
class ProductWords:
    """The words of each kind of text of one product, folded, each once, and what stands between them."""

    titles: Collection[str]
    labels: Collection[str]
    skus: Collection[str]
    descriptions: Collection[str]
    gaps: Collection[str]


class Segment:
    """Some products at places from 0; a place is never used again.

    `ids` and `digests` are of the products at each place, `lists` who is still there, by the list it is in.
    """

    def __init__(
        self, ids: Sequence[int] = (), digests: Sequence[int] = (), lists: Mapping[str, int] | None = None
    ) -> None:
        self.ids, self.digests, self.lists = list(ids), array("Q", digests), dict(lists or {})
        self.said, self.counted = Lexicon(), Lexicon()
        self.titles, self.labels, self.descriptions = (Field(self.said) for _ in range(3))
        self.skus = Field(self.counted)
        self.gaps, self.between = Vocabulary(), Postings()
        self._known: OrderedDict[tuple[str, ...], Matches] = OrderedDict()

    def add(self, product_id: int, words: ProductWords, listed_as: str, digest: int) -> int:
        """Takes in a product; answers its place."""
        place = len(self.ids)
        self.ids.append(product_id)
        self.digests.append(digest)
        self.lists[listed_as] = self.lists.get(listed_as, 0) | 1 << place
        self.titles.add(words.titles, place)
        self.labels.add(words.labels, place)
        self.skus.add(words.skus, place)
        self.descriptions.add(words.descriptions, place)
        self.between.add(self.gaps.numbers(words.gaps), place)
        self._known.clear()
        return place

    def remove(self, place: int) -> None:
        """Forgets the product at a place."""
        for listed_as, places in self.lists.items():
            self.lists[listed_as] = places & ~(1 << place)

    def live(self, lists: Iterable[str] | None = None) -> int:
        """The places of the products in these lists, or in all."""
        found = 0
        for listed_as in self.lists if lists is None else lists:
            found |= self.lists.get(listed_as, 0)
        return found

    def matches(self, word: str, *, with_skus: bool) -> Matches:
        """How well products match a word without slips; the two tiers of slips have no more than the last."""
        key = (word, "sku") if with_skus else (word,)
        return self._remembered(key, lambda: self._matches(word, with_skus=with_skus))

    def slips(self, word: str, slips: int) -> Matches:
        """The products that have a word that is this one but for slips, and those where one begins so."""
        return self._remembered((word, "slips"), lambda: self._slips(word, slips))

    def between_words(self, text: str) -> int:
        """The products that have a text without any letter or digit in their title or descriptions."""
        return self.between.union(self.gaps.containing_any(text), len(self.ids))

    def _matches(self, word: str, *, with_skus: bool) -> Matches:
        size, meant = len(self.ids), self.said.meant(word)
        equal = self.titles.words.union(meant.equal, size)
        begins = equal | self.titles.words.union(meant.beginning, size)
        part = begins | self.titles.containing(meant, size)
        label = part | self.labels.containing(meant, size)
        sku = label | (self.skus.containing(self.counted.meant(word), size) if with_skus else 0)
        description = sku | self.descriptions.containing(meant, size)
        return equal, begins, part, label, sku, description, description, description

    def _slips(self, word: str, slips: int) -> Matches:
        equal, beginning = self.said.slips(word, slips)
        return self._anywhere(equal), self._anywhere(beginning)

    def _anywhere(self, numbers: Sequence[int]) -> int:
        kinds = (self.titles, self.labels, self.descriptions)
        return reduce(or_, (kind.words.union(numbers, len(self.ids)) for kind in kinds))

    def _remembered(self, key: tuple[str, ...], work_out: Callable[[], Matches]) -> Matches:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = work_out()
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return known
