"""What a query finds: products that match all of its words, in tiers by the word that they match worst."""

from collections.abc import Sequence

from catalog.index.segments import DESCRIPTION, TIERS, Matches, Segment
from catalog.index.slips import slips_allowed
from catalog.index.words import asked_words

# For each segment how well its products match; one word, or a whole query.
_Everywhere = list[Matches]


def ranked(
    folded_query: str, segments: Sequence[Segment], live: Sequence[int], *, with_skus: bool
) -> list[Matches]:
    """For each segment and tier the places of products that match so well or better, of those in `live`.

    A query without a letter or digit is looked for between the words. Slips are allowed in a word that
    nothing matches without, and in all of them where each matches something but nothing matches all.
    """
    words = asked_words(folded_query)
    if not words:
        return [_between_words(folded_query, *each) for each in zip(segments, live, strict=True)]
    plain = [[segment.matches(word, with_skus=with_skus) for segment in segments] for word in words]
    allowed = [
        matches if _any(matches, live) else _with_slips(word, matches, segments)
        for word, matches in zip(words, plain, strict=True)
    ]
    found = _all_of(allowed, live)
    if len(words) == 1 or _any(found, live):
        return found
    return _all_of([_with_slips(word, of, segments) for word, of in zip(words, plain, strict=True)], live)


def _between_words(text: str, segment: Segment, live: int) -> Matches:
    if not text:
        return (live,) * TIERS
    found = segment.between_words(text) & live
    return (0,) * DESCRIPTION + (found,) * (TIERS - DESCRIPTION)


def _any(matches: _Everywhere, live: Sequence[int]) -> bool:
    return any(tiers[-1] & here for tiers, here in zip(matches, live, strict=True))


def _with_slips(word: str, plain: _Everywhere, segments: Sequence[Segment]) -> _Everywhere:
    slips = slips_allowed(word)
    if not slips:
        return plain
    found: _Everywhere = []
    for (*better, whole, beginning), segment in zip(plain, segments, strict=True):
        near, near_beginning = segment.slips(word, slips)
        found.append((*better, whole | near, beginning | near_beginning))
    return found


def _all_of(words: Sequence[_Everywhere], live: Sequence[int]) -> _Everywhere:
    found: _Everywhere = [(here,) * TIERS for here in live]
    for everywhere in words:
        found = [
            tuple(tier & more for tier, more in zip(tiers, of_word, strict=True))
            for tiers, of_word in zip(found, everywhere, strict=True)
        ]
    return found
