"""Products with their words, and how well each of them matches one word that was asked for."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from catalog.index.fields import Field

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


@dataclass(slots=True)
class Segment:
    """Some products at places from 0; a place is never used again.

    `ids` and `digests` are of the products at each place, `lists` who is still there, by the list it is in.
    """

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    digests: "array[int]" = field(default_factory=lambda: array("Q"))
    lists: dict[str, int] = field(default_factory=dict)
    titles: Field = field(default_factory=Field)
    labels: Field = field(default_factory=Field)
    skus: Field = field(default_factory=Field)
    descriptions: Field = field(default_factory=Field)
    gaps: Field = field(default_factory=Field)
    _known: OrderedDict[tuple[str, ...], Matches] = field(default_factory=OrderedDict, init=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The five kinds of text, in one order."""
        return self.titles, self.labels, self.skus, self.descriptions, self.gaps

    def add(self, product_id: int, words: ProductWords, listed_as: str, digest: int) -> int:
        """Takes in a product; answers its place."""
        place = len(self.ids)
        self.ids.append(product_id)
        self.digests.append(digest)
        self.lists[listed_as] = self.lists.get(listed_as, 0) | 1 << place
        kinds = (words.titles, words.labels, words.skus, words.descriptions, words.gaps)
        for each, of_kind in zip(self.fields, kinds, strict=True):
            each.add(of_kind, place)
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
        return self._union(self.gaps, self.gaps.vocabulary.containing_any(text), self.live())

    def _matches(self, word: str, *, with_skus: bool) -> Matches:
        live = self.live()
        kinds: list[tuple[Field, Callable[[str], Sequence[int]]]] = [
            (self.titles, self.titles.equal),
            (self.titles, self.titles.beginning),
            (self.titles, self.titles.containing),
            (self.labels, self.labels.parts_and_forms),
        ]
        found, tiers = 0, []
        for each, numbers in kinds:
            found |= self._union(each, numbers(word), live & ~found)
            tiers.append(found)
        if with_skus:
            found |= self._union(self.skus, self.skus.containing(word), live & ~found)
        tiers.append(found)
        found |= self._union(self.descriptions, self.descriptions.parts_and_forms(word), live & ~found)
        return (*tiers, found, found, found)

    def _slips(self, word: str, slips: int) -> Matches:
        live, equal, beginning = self.live(), 0, 0
        for each in (self.titles, self.labels, self.descriptions):
            of_whole, of_beginning = each.slips(word, slips)
            equal |= self._union(each, of_whole, live & ~equal)
            beginning |= self._union(each, of_beginning, live & ~beginning)
        return equal, equal | beginning

    def _union(self, each: Field, numbers: Sequence[int], wanted: int) -> int:
        return each.postings.union(numbers, len(self.ids), wanted) if wanted and numbers else 0

    def _remembered(self, key: tuple[str, ...], work_out: Callable[[], Matches]) -> Matches:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = work_out()
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return known
