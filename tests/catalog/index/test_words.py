"""How texts are split into words, and which forms of Italian and English words meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.index.words import MOST_WORDS, asked_words, gaps_of, stem, words_of
from common.collation import folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'arte della notte, 50x70!", ["l", "arte", "della", "notte", "50x70"]),
        ("dell’arte", ["dell", "arte"]),
        ("snake_case PRT-00001/A3", ["snake", "case", "prt", "00001", "a3"]),
        ("Città e cittadella", ["citta", "e", "cittadella"]),
        ("猫と月", ["猫と月"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("  - ! 🎨 ", []),
    ],
)
def test_a_text_is_split_between_letters_and_digits_and_all_else(text: str, words: list[str]) -> None:
    assert words_of(folded(text)) == words


@given(st.text())
def test_words_and_gaps_are_the_whole_text(text: str) -> None:
    words, gaps = words_of(text), gaps_of(text)
    assert len("".join(words)) + len("".join(gaps)) == len(text)
    assert not words_of(" ".join(gaps))


@given(st.text(), st.text(), st.text())
def test_a_part_of_a_text_has_parts_of_its_words(before: str, part: str, behind: str) -> None:
    whole = words_of(before + part + behind)
    assert all(any(word in other for other in whole) for word in words_of(part))


@pytest.mark.parametrize(
    "forms",
    [
        "stampa stampe",
        "gatto gatti gatta gatte",
        "amico amici amica amiche",
        "bosco boschi",
        "lago laghi",
        "foglio fogli",
        "ciliegia ciliegie",
        "museo musei",
        "fiore fiori",
        "print prints",
        "box boxes",
        "watch watches",
        "glass glasses",
        "story stories",
        "hero heroes",
        "shoe shoes",
        "bus buses",
        "brush brushes",
    ],
)
def test_forms_of_a_word_meet(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(("one", "another"), [("art", "are"), ("print", "printer"), ("luna", "lunga")])
def test_other_words_do_not_meet(one: str, another: str) -> None:
    assert stem(one) != stem(another)


@given(st.text(alphabet="abcesiouyh", max_size=9))
def test_a_stem_is_a_beginning_of_its_word_and_not_shorter_than_three(word: str) -> None:
    assert word.startswith(stem(word))
    assert len(stem(word)) >= min(3, len(word))


def test_words_that_say_nothing_are_left_out_unless_nothing_else_is_asked() -> None:
    assert asked_words("il gatto e la luna dell'arte") == ["gatto", "luna", "arte"]
    assert asked_words("the cat") == ["cat"]
    assert asked_words("il la il") == ["il", "la"]


def test_a_long_query_is_answered_by_its_first_words() -> None:
    assert asked_words(" ".join(f"w{number}" for number in range(99))) == [
        f"w{number}" for number in range(MOST_WORDS)
    ]
