"""What a search has to find, worked out by looking at each word of each product."""

from collections.abc import Mapping

from catalog.index.segments import TIERS
from catalog.index.slips import is_slip, is_slip_of_beginning, slips_allowed
from catalog.index.texts import Texts
from catalog.index.words import asked_words, stem, words_of
from common.collation import folded

NOTHING = TIERS


def plain_tiers(
    shop: Mapping[int, Texts], query: str, *, with_skus: bool, lists: tuple[str, ...] | None
) -> list[frozenset[int]]:
    """The tiers of a query."""
    here = {number: texts for number, texts in shop.items() if lists is None or texts.listed_as in lists}
    text = folded(query)
    words = asked_words(text)
    if not words:
        whole = {number: [folded(part) for part in (t.title, t.short, t.long)] for number, t in here.items()}
        found = {
            number: (5 if text else 0) for number, parts in whole.items() if any(text in p for p in parts)
        }
        return _tiers(found)
    plain = {
        word: {number: _tier(word, texts, with_skus) for number, texts in here.items()} for word in words
    }
    loose = {
        word: {number: min(plain[word][number], _slip(word, texts)) for number, texts in here.items()}
        for word in words
    }
    allowed = [plain[word] if _any(plain[word]) else loose[word] for word in words]
    found = {number: max(tiers[number] for tiers in allowed) for number in here}
    if not _any(found):
        found = {number: max(loose[word][number] for word in words) for number in here}
    return _tiers(found)


def _any(found: Mapping[int, int]) -> bool:
    return any(tier < NOTHING for tier in found.values())


def _tiers(found: Mapping[int, int]) -> list[frozenset[int]]:
    return [frozenset(number for number, tier in found.items() if tier == wanted) for wanted in range(TIERS)]


def _split(*texts: str) -> set[str]:
    return {word for text in texts for word in words_of(folded(text))}


def _labels(texts: Texts) -> set[str]:
    return _split(texts.character, *texts.tags, *(part for category in texts.categories for part in category))


def _tier(word: str, texts: Texts, with_skus: bool) -> int:
    titles, descriptions = _split(texts.title), _split(texts.short, texts.long)

    def matches(other: str) -> bool:
        return word in other or stem(word) == stem(other)

    if word in titles:
        return 0
    if any(other.startswith(word) or stem(other) == stem(word) for other in titles):
        return 1
    if any(word in other for other in titles):
        return 2
    if any(map(matches, _labels(texts))):
        return 3
    if with_skus and any(word in other for other in _split(*texts.skus)):
        return 4
    return 5 if any(map(matches, descriptions)) else NOTHING


def _slip(word: str, texts: Texts) -> int:
    slips = slips_allowed(word)
    words = _split(texts.title, texts.short, texts.long) | _labels(texts)
    if not slips:
        return NOTHING
    if any(is_slip(word, other, slips) for other in words):
        return 6
    return 7 if any(is_slip_of_beginning(word, other, slips) for other in words) else NOTHING
