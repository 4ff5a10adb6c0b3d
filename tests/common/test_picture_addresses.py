"""Which addresses of pictures are accepted, and what is stored of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.media import url_for
from common.picture_addresses import MAX_LENGTH, stored_address
from tests.content.samples import own_url


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("", ""),
        ("https://example.com/a b.png?v=2", "https://example.com/a b.png?v=2"),
        ("HTTP://example.com/a.png", "HTTP://example.com/a.png"),
        ("/uploads/personaggi/1/Città.png", "uploads/personaggi/1/Città.png"),
        ("personaggi/1/a.png", "personaggi/1/a.png"),
    ],
)
def test_accepted_addresses(address: str, stored: str) -> None:
    assert stored_address(address) == stored


def test_our_own_urls_become_keys() -> None:
    assert stored_address(own_url("fumetti/1/a.png")) == "fumetti/1/a.png"


@pytest.mark.parametrize(
    "address",
    [
        "a.png",
        "ftp://example.com/a.png",
        "./a.png",
        "/a/./b.png",
        "/",
        "private/catalogue/shop/snapshot",
        "/private/catalogue/shop/snapshot",
        "//private/catalogue/shop/snapshot",
        own_url("private/catalogue/shop/snapshot"),
    ],
)
def test_refused_addresses(address: str) -> None:
    with pytest.raises(ValueError, match="must"):
        stored_address(address)


@given(st.text(max_size=40) | st.from_regex(r"(https?://|/|uploads/)[^ ]{0,40}", fullmatch=True))
def test_what_is_stored_is_shown_at_a_web_address_and_stored_the_same_again(text: str) -> None:
    try:
        stored = stored_address(text)
    except ValueError:
        return
    shown = url_for(stored)
    assert shown == "" or shown.lower().startswith(("http://", "https://"))
    assert stored_address(shown) == stored
    assert len(stored) <= MAX_LENGTH
