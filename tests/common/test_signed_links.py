"""Links that prove what they are for: nobody makes one, and none is good for anything else or too late."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import utc_now
from common.errors import NotFound
from common.signed_links import LinkEnded, read_link, sign_link

NOW = utc_now()
subjects = st.text("abcXYZ019:-_", min_size=1, max_size=40)


@given(subjects)
def test_a_link_leads_to_its_subject_for_good(subject: str) -> None:
    assert read_link("invoice", sign_link("invoice", subject), NOW + timedelta(days=9999)) == subject


def test_a_link_ends_at_its_time() -> None:
    link = sign_link("invoice", "12", NOW)
    assert read_link("invoice", link, NOW - timedelta(seconds=1)) == "12"
    with pytest.raises(LinkEnded):
        read_link("invoice", link, NOW + timedelta(seconds=1))


@given(subjects, st.data())
def test_a_changed_link_leads_nowhere(subject: str, data: st.DataObject) -> None:
    link = sign_link("invoice", subject, NOW + timedelta(days=1))
    place = data.draw(st.integers(0, len(link) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda it: it != link[place]))
    with pytest.raises(NotFound):
        read_link("invoice", f"{link[:place]}{letter}{link[place + 1 :]}", NOW)


@pytest.mark.parametrize("link", ["", "12", "12.", "12..", "..", "12.x.y", "12.99999999999", "a.b.c.d"])
def test_what_the_shop_did_not_make_leads_nowhere(link: str) -> None:
    with pytest.raises(NotFound):
        read_link("invoice", link, NOW)


def test_a_link_is_good_for_its_own_purpose_and_key_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    link = sign_link("invoice", "12")
    with pytest.raises(NotFound):
        read_link("withdrawal", link, NOW)
    monkeypatch.setenv("JWT_SECRET", "another-key-of-at-least-32-bytes!")
    with pytest.raises(NotFound):
        read_link("invoice", link, NOW)


def test_a_subject_that_could_be_read_in_two_ways_is_a_defect() -> None:
    with pytest.raises(ValueError, match="no point"):
        sign_link("invoice", "1.2")
