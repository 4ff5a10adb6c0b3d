"""What is kept of where an event came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.analytics.metadata import (
    LONGEST_LOCATION,
    LONGEST_REFERRER,
    LONGEST_USER_AGENT,
    kept_location,
    kept_referrer,
    kept_user_agent,
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://Search.example/find?q=maria+rossi#top", "https://search.example/find"),
        ("http://user:secret@example.com:8080/a", "http://example.com:8080/a"),
        ("https://mail.example/inbox/maria@example.com/7", "https://mail.example"),
        ("https://mail.example/maria%40example.com", "https://mail.example"),
        ("HTTPS://example.com", "https://example.com"),
        ("/relative", None),
        ("android-app://com.pinterest", None),
        ("javascript:alert(1)", None),
        ("https://[broken/", None),
        ("https://example.com:99999/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_referrer_is_a_page_without_what_was_asked_of_it(said: str | None, kept: str | None) -> None:
    assert kept_referrer(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Torino, Italy", "Torino, Italy"),
        ("  Île-de-France ", "Île-de-France"),
        ("IT", "IT"),
        ("Via Roma 12, Torino", None),
        ("45.07, 7.69", None),
        ("203.0.113.9", None),
        ("maria@example.com", None),
        ("https://example.com/maria", None),
        ("", None),
        (None, None),
    ],
)
def test_a_location_is_the_name_of_a_place(said: str | None, kept: str | None) -> None:
    assert kept_location(said) == kept


def test_a_user_agent_holds_no_address_of_anybody() -> None:
    assert kept_user_agent("Bot/1.0 (+mailto:maria@example.com) x\r\ny") == "Bot/1.0  x y"
    assert kept_user_agent("maria@example.com") is None
    assert kept_user_agent(None) is None


@given(st.text(max_size=400))
def test_nothing_that_is_kept_is_longer_than_it_may_be(text: str) -> None:
    text = text.encode(errors="ignore").decode()
    assert len((kept_user_agent(text) or "").encode()) <= LONGEST_USER_AGENT
    assert len((kept_location(text) or "").encode()) <= LONGEST_LOCATION
    referrer = kept_referrer(f"https://example.com/{text}")
    assert referrer is None or (len(referrer.encode()) <= LONGEST_REFERRER and "?" not in referrer)
