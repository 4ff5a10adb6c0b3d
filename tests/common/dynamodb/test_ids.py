"""Tests of the prefixes of ids."""

from hypothesis import given
from hypothesis import strategies as st

from common.dynamodb import has_prefix, with_prefix, without_prefix

names = st.from_regex(r"[A-Z_]{1,12}", fullmatch=True)


@given(names, st.text() | st.integers())
def test_a_prefix_is_added_once_and_taken_away_again(name: str, identifier: str | int) -> None:
    full = with_prefix(name, identifier)
    assert has_prefix(name, full)
    assert with_prefix(name, full) == full
    assert without_prefix(name, full) == without_prefix(name, identifier)


def test_the_separator_belongs_to_the_prefix() -> None:
    assert not has_prefix("USER", "USERNAME")
    assert with_prefix("USER", "USERNAME") == "USER#USERNAME"
    assert without_prefix("USER", "USERNAME") == "USERNAME"
    assert without_prefix("USER", "USER#USER#1") == "USER#1"


def test_numbers_are_ids_too() -> None:
    assert with_prefix("PRODUCT", 12) == "PRODUCT#12"
    assert without_prefix("PRODUCT", 12) == "12"
