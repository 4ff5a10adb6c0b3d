"""Which language a buyer is written to in: what the browser asks for, as far as the shop writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.config import ConfigurationError
from common.languages import ENGLISH, ITALIAN, LANGUAGES, preferred, shop_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("it", ITALIAN),
        ("it-IT,it;q=0.9,en-US;q=0.8,en;q=0.7", ITALIAN),
        ("en-GB,en;q=0.9,it;q=0.8", ENGLISH),
        ("EN", ENGLISH),
        ("en;q=0.4, it;q=0.6", ITALIAN),
        # Of equal ones the first.
        ("en, it", ENGLISH),
        # Whoever reads others only is written to in English.
        ("de-AT,de;q=0.9", ENGLISH),
        ("de, it;q=0.1", ITALIAN),
        # What is not wanted is not chosen.
        ("it;q=0, en;q=0.1", ENGLISH),
        ("de, it;q=0", ENGLISH),
        # Whoever names none, or any, gets the shop's own.
        ("", ITALIAN),
        (None, ITALIAN),
        ("*", ITALIAN),
        ("it;q=much", ITALIAN),
        (", ,", ITALIAN),
    ],
)
def test_a_header_names_the_language(header: str | None, language: str) -> None:
    assert preferred(header) == language


def test_the_shop_s_language_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shop_language() == ITALIAN
    monkeypatch.setenv("SHOP_LANGUAGE", "en")
    assert (shop_language(), preferred("*")) == (ENGLISH, ENGLISH)
    monkeypatch.setenv("SHOP_LANGUAGE", "de")
    with pytest.raises(ConfigurationError, match="SHOP_LANGUAGE"):
        shop_language()


@given(st.text(max_size=300))
def test_whatever_a_browser_sends_names_one_of_them(header: str) -> None:
    assert preferred(header) in LANGUAGES


def test_a_header_without_end_is_read_as_far_as_a_browser_s_goes() -> None:
    assert preferred(",".join(["de"] * 10_000 + ["it"])) == ENGLISH
