"""The texts of all products, and which of them a query finds, best first; docs/search.md tells how.

A structure in memory that knows nothing of the table. It answers by what it holds alone: two of them that
were told the same products in any order, with any changes in between, find the same.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import reduce
from hashlib import blake2b
from itertools import chain
from operator import or_
from threading import RLock
from typing import Any, Self

from catalog.index.answers import Answers, Found
from catalog.index.bitsets import chosen, members
from catalog.index.ranking import ranked
from catalog.index.segments import ProductWords, Segment
from catalog.index.stored_texts import packed, unpacked
from catalog.index.words import gaps_of, words_of
from common.collation import folded
from common.dynamodb import Item
from common.repositories.products import HELD_BACK, is_approved

# So many products that changed are kept apart, so that what is known of all others need not be found anew.
_YOUNG = 64


@dataclass(frozen=True, slots=True)
class Texts:
    """What is searched of a product, as it is shown; each category by slug and name, `skus` those in use.

    `listed_as` is the one of the shop's lists that it stands in.
    """

    title: str
    short: str = ""
    long: str = ""
    character: str = ""
    categories: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    listed_as: str = "published"


def texts_of(document: Item) -> Texts:
    """The texts of a product's document row."""
    variants: Iterable[Mapping[str, Any]] = document.get("variants", {}).values()
    skus = [variant.get("sku") for variant in variants if not variant.get("deleted_at")]
    approved = is_approved(document.get("moderation_status"), document.get("withheld"))
    return Texts(
        title=document.get("title") or "",
        short=document.get("short_description") or "",
        long=document.get("long_description") or "",
        character=document.get("character_value") or "",
        categories=tuple((held["slug"], held["name"]) for held in document.get("categories", {}).values()),
        tags=tuple(document.get("tags") or ()),
        skus=tuple(sku for sku in (document.get("sku"), *skus) if sku),
        listed_as=document["status"] if approved else HELD_BACK,
    )


def _words(texts: Texts) -> ProductWords:
    shown = [folded(text) for text in (texts.title, texts.short, texts.long)]
    labels = (texts.character, *(part for category in texts.categories for part in category), *texts.tags)
    return ProductWords(
        titles=dict.fromkeys(words_of(shown[0])),
        labels=_each_once(words_of, map(folded, labels)),
        skus=_each_once(words_of, map(folded, texts.skus)),
        descriptions=_each_once(words_of, shown[1:]),
        gaps=_each_once(gaps_of, shown),
    )


def _each_once(split: Callable[[str], list[str]], texts: Iterable[str]) -> Collection[str]:
    return dict.fromkeys(chain.from_iterable(map(split, texts)))


def _digest(texts: Texts) -> int:
    return int.from_bytes(blake2b(repr(texts).encode(), digest_size=8).digest(), "big")


class TextIndex:
    """Products by their texts; safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._old, self._young = Segment(), Segment()
        # Of each product the segment that has it, and its place there; of the young ones what they say.
        self._places: dict[int, tuple[Segment, int]] = {}
        self._said: dict[int, tuple[ProductWords, str, int]] = {}
        self._answers = Answers()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, product_id: int) -> bool:
        return product_id in self._places

    def put(self, product_id: int, texts: Texts) -> None:
        """Takes in a product, or what it says now."""
        digest = _digest(texts)
        with self._lock:
            held = self._places.get(product_id)
            if held is not None and held[0].digests[held[1]] == digest:
                return
            self.remove(product_id)
            said = self._said[product_id] = (_words(texts), texts.listed_as, digest)
            self._places[product_id] = (self._young, self._young.add(product_id, *said))
            self._answers.clear()
            if len(self._young.ids) >= _YOUNG:
                self._grow_old()

    def fill(self, products: Iterable[tuple[int, Texts]]) -> None:
        """The same for many at once."""
        with self._lock:
            for product_id, texts in products:
                self.remove(product_id)
                place = self._old.add(product_id, _words(texts), texts.listed_as, _digest(texts))
                self._places[product_id] = (self._old, place)
            self._answers.clear()

    def remove(self, product_id: int) -> None:
        """Forgets a product, if it is there."""
        with self._lock:
            held = self._places.pop(product_id, None)
            self._said.pop(product_id, None)
            if held is not None:
                segment, place = held
                segment.remove(place)
                self._answers.clear()

    def find(
        self,
        query: str,
        *,
        with_skus: bool = False,
        lists: tuple[str, ...] | None = None,
        hidden: AbstractSet[int] = frozenset(),
    ) -> Found:
        """The products that match a query: TIERS disjoint sets of ids, those that match best first.

        `lists` narrows them to those of the shop's lists, `hidden` to all others; what is left out says
        nothing that decides.
        """
        text = folded(query)
        with self._lock:
            asked = (text, with_skus, lists, hidden)
            return self._answers.of(asked, lambda: self._find(text, with_skus, self._seen(lists, hidden)))

    def dump(self) -> bytes:
        """All that is held, for `load`; as texts of their kind it becomes a third by compression."""
        with self._lock:
            self._grow_old()
            return packed(self._old)

    @classmethod
    def load(cls, dumped: bytes) -> Self:
        """What `dump` gave; raises ValueError for what another release of this module gave."""
        index = cls()
        index._old = unpacked(dumped)
        index._places = {index._old.ids[place]: (index._old, place) for place in members(index._old.live())}
        return index

    def _seen(self, lists: tuple[str, ...] | None, hidden: AbstractSet[int]) -> list[int]:
        """Of each segment the places that are in these lists and not hidden."""
        places = [self._places[product_id] for product_id in hidden if product_id in self._places]
        return [
            segment.live(lists) & ~reduce(or_, (1 << place for held, place in places if held is segment), 0)
            for segment in (self._old, self._young)
        ]

    def _find(self, text: str, with_skus: bool, seen: list[int]) -> Found:
        segments = (self._old, self._young)
        matches = ranked(text, segments, seen, with_skus=with_skus)
        found, better = [], [0] * len(segments)
        for tier in zip(*matches, strict=True):
            here = [bits & ~above for bits, above in zip(tier, better, strict=True)]
            old, young = (chosen(segment.ids, bits) for segment, bits in zip(segments, here, strict=True))
            found.append(old | young if young else old)
            better = list(tier)
        return found

    def _grow_old(self) -> None:
        for product_id, said in self._said.items():
            self._places[product_id] = (self._old, self._old.add(product_id, *said))
        self._young, self._said = Segment(), {}
