"""What searches take for equal, and where texts stand in a list."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.collation import COMPARED, collation_key, folded

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Città di Notte", "citta di notte"),
        ("CITTÀ", "città"),
        ("Perché", "PERCHE"),
        ("Straße", "STRASSE"),
        ("Smørrebrød", "smorrebrod"),
        ("Łódź", "lodz"),
        ("İzmir", "izmir"),
        ("ISPARTA", "ısparta"),
        ("Đorđe", "dorde"),
        ("Ænima", "aenima"),
        ("ŒUVRE", "oeuvre"),
        ("Þór", "thor"),
        ("ﬁor di latte", "fior di latte"),
        ("ＡＢＣ１２", "abc12"),
        ("Ελλάς", "ΕΛΛΑΣ"),
        ("Ёлка", "елка"),
        ("Ngọc Trinh", "ngoc trinh"),
    ],
)
def test_what_is_typed_without_accents_or_capitals_is_found(written: str, typed: str) -> None:
    assert folded(written) == folded(typed)
    assert folded(unicodedata.normalize("NFD", written)) == folded(typed)


@pytest.mark.parametrize(
    ("one", "other"), [("かき", "がき"), ("はし", "ばし"), ("각", "가"), ("ш", "щ"), ("a", "o"), ("ा", "ि")]
)
def test_other_letters_stay_others(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(TEXTS)
def test_the_form_of_unicode_and_the_capitals_do_not_matter(text: str) -> None:
    forms = {folded(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {folded(text)}
    assert folded(text.casefold()) == folded(text)


@given(TEXTS)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(TEXTS, TEXTS)
def test_a_part_that_is_found_is_found_in_either_form(before: str, part: str) -> None:
    whole = f"{before} {part} x"
    assert folded(unicodedata.normalize("NFD", part)) in folded(unicodedata.normalize("NFC", whole))


def test_accents_and_capitals_stand_beside_their_letters() -> None:
    titles = ["Zebra", "èra", "Fiume", "Era", "eco", "Èra", "Esca", "era"]
    assert sorted(titles, key=collation_key) == [
        "eco", "Era", "era", "Èra", "èra", "Esca", "Fiume", "Zebra",
    ]  # fmt: skip


def test_one_title_in_two_forms_stands_in_one_place() -> None:
    assert collation_key("Città") == collation_key(unicodedata.normalize("NFD", "Città"))


def test_no_more_is_compared_than_a_cursor_holds() -> None:
    assert collation_key("è" * 500) == collation_key("è" * COMPARED)
