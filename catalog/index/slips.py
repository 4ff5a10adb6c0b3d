"""Slips of the pen: a letter too many, one too few, another one, two neighbours swapped.

How many there are between two words is their optimal string alignment distance: L. Boytsov, Indexing methods
for approximate dictionary searching, 2011, section 2.1.
"""

from itertools import pairwise

# So many letters a word must have for one slip, and for two. Shorter ones would be other words.
ONE_SLIP_FROM, TWO_SLIPS_FROM = 4, 8
# Nobody types longer words by hand.
_LONGEST = 40


def slips_allowed(word: str) -> int:
    """How many slips may be in a word that was typed: none in short ones and in those with digits."""
    if len(word) < ONE_SLIP_FROM or len(word) > _LONGEST or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < TWO_SLIPS_FROM else 2


def pieces_of(word: str, slips: int) -> list[tuple[str, int]]:
    """Pieces of a typed word with their places: one is whole in any word that is at most `slips` away.

    One more piece than there are slips, so that one is spared (the pigeonhole principle); and because a swap
    across the border of two pieces spoils both, what such a swap makes of the border.
    In the other word a piece stands at most `slips` letters from its place.
    """
    borders = [len(word) * number // (slips + 1) for number in range(slips + 2)]
    stretches = list(pairwise(borders))
    whole = [(word[start:end], start) for start, end in stretches]
    swapped = [(word[start : end - 1] + word[end] + word[end - 1], start) for start, end in stretches[:-1]]
    return whole + swapped


def is_slip(typed: str, word: str, slips: int) -> bool:
    """Whether `word` is at most `slips` slips away from what was typed."""
    return _within(typed, word, slips, beginning=False)


def is_slip_of_beginning(typed: str, word: str, slips: int) -> bool:
    """Whether what was typed is at most `slips` slips away from a beginning of `word`."""
    return _within(typed, word, slips, beginning=True)


def _within(typed: str, word: str, slips: int, *, beginning: bool) -> bool:
    # Equal first letters are never worth a slip; at the first that differ each of the four is tried.
    same = _length_of_same(typed, word)
    rest, other = typed[same:], word[same:]
    if not rest and (beginning or not other):
        return True
    if not slips:
        return False
    left = slips - 1
    return (
        (bool(rest) and _within(rest[1:], other, left, beginning=beginning))
        or (bool(other) and _within(rest, other[1:], left, beginning=beginning))
        or (bool(rest and other) and _within(rest[1:], other[1:], left, beginning=beginning))
        or (
            rest[:2] == other[1::-1]
            and len(rest) > 1
            and _within(rest[2:], other[2:], left, beginning=beginning)
        )
    )


def _length_of_same(first: str, second: str) -> int:
    length = 0
    for one, another in zip(first, second, strict=False):
        if one != another:
            break
        length += 1
    return length
