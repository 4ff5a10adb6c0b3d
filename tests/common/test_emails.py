"""E-mail addresses: which are taken, in which form they are stored, and that each form finds the others."""

from unicodedata import normalize

import pytest

from common.emails import address_key, is_same_address, sendable_form, stored_form, written_forms

MUNICH = (
    "info@münchen.de",
    "Info@MÜNCHEN.DE",
    normalize("NFD", "info@münchen.de"),
    "info@xn--mnchen-3ya.de",
    " INFO@XN--MNCHEN-3YA.DE ",
    "info@ｍünchen。de",
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Maria.Rossi@Example.com", "Maria.Rossi@example.com"),
        ("o'neil+shop@x.co.uk", "o'neil+shop@x.co.uk"),
        ("info@MÜNCHEN.de", "info@münchen.de"),
        ("info@xn--mnchen-3ya.de", "info@münchen.de"),
        ("info@straße.de", "info@straße.de"),
        ("用户@例え.jp", "用户@例え.jp"),
        (normalize("NFD", "José@x.it"), "José@x.it"),
        ("संपर्क@डाटामेल.भारत", "संपर्क@डाटामेल.भारत"),
    ],
)
def test_an_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert stored_form(typed) == stored
    assert stored_form(stored) == stored
    assert is_same_address(typed, stored)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "maria",
        "@x.it",
        "a@",
        "a@b",
        "a b@c.it",
        "a@b@c.it",
        "a@b..it",
        ".a@b.it",
        "a.@b.it",
        "a..b@b.it",
        "a@-b.it",
        "a@b_c.it",
        "a@1.2.3.4",
        "a\u200b@x.it",
        "a\x00@x.it",
        "a“b@x.it",
        "a@xn--zzzzzzzz99.de",
        "a@mün chen.de",
        "a@☃.🐍\u2028.it",
        "é" * 33 + "@x.it",
        "a@" + "é" * 250 + ".it",
    ],
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"not a|too long|domain"):
        stored_form(wrong)
    assert address_key(wrong) == address_key(wrong.upper().lower())


def test_every_form_of_an_address_has_one_key() -> None:
    assert {address_key(form) for form in MUNICH} == {"info@xn--mnchen-3ya.de"}
    assert not is_same_address("info@munchen.de", "info@münchen.de")


def test_an_ascii_address_is_written_in_one_form_and_others_in_all_that_there_are() -> None:
    assert written_forms(" Maria@Example.com") == ("maria@example.com",)
    for form in MUNICH:
        assert set(MUNICH[::2][:2]) | {MUNICH[3]} <= set(written_forms(form)), form


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Ada.Byron@Example.COM", "Ada.Byron@example.com"),
        ("info@münchen.de", "info@xn--mnchen-3ya.de"),
        ("info@xn--mnchen-3ya.de", "info@xn--mnchen-3ya.de"),
    ],
)
def test_mail_is_sent_to_the_local_part_as_typed_and_the_domain_in_ascii(typed: str, sent: str) -> None:
    assert sendable_form(typed) == sent


@pytest.mark.parametrize("typed", ["é@example.com", "ada", "a@b\r\n.com", "a b@example.com", ""])
def test_what_not_every_server_takes_is_not_sent_to(typed: str) -> None:
    with pytest.raises(ValueError, match="address"):
        sendable_form(typed)
