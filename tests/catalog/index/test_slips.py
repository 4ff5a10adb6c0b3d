"""Slips of the pen against the textbook's table, and their search against a look at all words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.index.lexicon import Lexicon
from catalog.index.slips import is_slip, is_slip_of_beginning, pieces_of, slips_allowed

LETTERS = st.text(alphabet="abcd", max_size=11)
TYPED = st.text(alphabet="abcd", min_size=4, max_size=11)


def distances(typed: str, word: str) -> list[int]:
    """The distance (optimal string alignment) to each beginning of a word, by the full table."""
    rows = [list(range(len(word) + 1))]
    for row, letter in enumerate(typed, 1):
        line = [row]
        for column, other in enumerate(word, 1):
            cost = min(rows[-1][column] + 1, line[-1] + 1, rows[-1][column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == word[column - 2] and typed[row - 2] == other:
                cost = min(cost, rows[-2][column - 2] + 1)
            line.append(cost)
        rows.append(line)
    return rows[-1]


@given(LETTERS, LETTERS, st.integers(0, 2))
@example("abcab", "bacba", 2)
@example("aba", "ab", 1)
def test_slips_are_counted_as_in_the_textbook(typed: str, word: str, slips: int) -> None:
    of_beginnings = distances(typed, word)
    assert is_slip(typed, word, slips) == (of_beginnings[-1] <= slips)
    assert is_slip_of_beginning(typed, word, slips) == (min(of_beginnings) <= slips)


@given(TYPED, st.lists(LETTERS, unique=True, max_size=60))
@example("abcd", ["acbd"])
@example("abcdabcd", ["bacdabdc", "abdcbacd", "acbdabdc", "abcadbdc", "abdacbcd", "abdcabcc"])
def test_every_word_that_is_a_slip_or_begins_with_one_is_found(typed: str, words: list[str]) -> None:
    lexicon = Lexicon()
    known = [word for word in words if word]
    lexicon.words.numbers(known)
    slips = slips_allowed(typed)
    equal, beginning = lexicon.slips(typed, slips)
    assert {known[number] for number in equal} == {
        word for word in known if distances(typed, word)[-1] <= slips
    }
    near = {word for word in known if min(distances(typed, word)) <= slips}
    assert {known[number] for number in beginning} == near


@given(TYPED)
def test_no_piece_is_empty(typed: str) -> None:
    assert all(piece for piece, _ in pieces_of(typed, slips_allowed(typed)))


@pytest.mark.parametrize(
    ("word", "slips"),
    [
        ("", 0),
        ("blu", 0),
        ("luna", 1),
        ("gattino", 1),
        ("lanterna", 2),
        ("a4b5", 0),
        ("50x70", 0),
        ("x" * 41, 0),
    ],
)
def test_longer_words_may_have_more_slips_and_numbers_none(word: str, slips: int) -> None:
    assert slips_allowed(word) == slips
