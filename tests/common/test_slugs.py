"""Tests of slugs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.slugs import LONGEST_SLUG, name_slug, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Città di Notte!", "citta-di-notte"),
        ("  Luna & Mare -- n.3 ", "luna-and-mare-n-3"),
        ("Œuvre Straße Ærø Łódź", "oeuvre-strasse-aero-lodz"),
        ("already-a-slug-7", "already-a-slug-7"),
        ("0011", "0011"),
        ("L'onda—blu…di sera", "l-onda-blu-di-sera"),
        ("ＦＵＬＬ ½", "full-1-2"),
    ],
)
def test_a_title_becomes_readable_ascii(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text(st.characters(), max_size=400))
def test_any_title_becomes_a_slug(title: str) -> None:
    slug = slugify(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST_SLUG
    assert slugify(slug) == slug


def test_titles_without_a_latin_letter_keep_apart() -> None:
    moon, sea, nothing = slugify("月"), slugify("海"), slugify("")
    assert len({moon, sea, nothing}) == 3
    assert moon.startswith("item-")


def test_a_lone_surrogate_breaks_nothing() -> None:
    assert slugify("\ud800").startswith("item-")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sarah Home Decor", "sarah-home-decor"),
        ("  Tech_Guru  ", "tech-guru"),
        ("__foo__", "foo"),
        ("a - b", "a-b"),
        ("Jörg", "jrg"),
        ("A__B  C", "a-b-c"),
        ("foo@bar.com", "foobarcom"),
        ("user 🎉 name", "user-name"),
        ("-!-a", "a"),
        ("x", "x"),
        ("!!!", ""),
        ("---", ""),
        ("日本", ""),
        ("a\u00a0\ufeffb\u3000c", "a-b-c"),
        # Python calls them blanks, the clients do not.
        ("a\x1cb\x85c", "abc"),
    ],
)
def test_a_name_becomes_a_slug_as_the_marketplace_makes_it(name: str, slug: str) -> None:
    assert name_slug(name) == slug


@given(st.text(max_size=100))
def test_any_name_becomes_a_slug_that_stays_or_nothing(name: str) -> None:
    slug = name_slug(name)
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert name_slug(slug) == slug
