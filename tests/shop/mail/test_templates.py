"""Every kind of mail in both languages: what it says, what it escapes, and what the artist may change."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from common.languages import LANGUAGES
from shop.mail.checking import check_templates
from shop.mail.examples import example_values
from shop.mail.kinds import KINDS
from shop.mail.plain_text import text_of
from shop.mail.rendering import TEMPLATES, BadTemplate, render
from shop.mail.words import amount_text, date_text, rate_text, time_text

HOSTILE = '<script>alert(1)</script> & "Ada"'


def test_all_templates_can_be_used_with_much_and_with_little() -> None:
    written, complaints = check_templates()
    assert (written, complaints) == (len(KINDS) * len(LANGUAGES) * 2, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_template_and_every_template_a_kind(language: str) -> None:
    files = {path.stem for path in (TEMPLATES / language).glob("*.html")}
    assert files - {"order_lines", "withdrawal"} == KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_mail_loads_anything_or_tells_who_reads_it(kind: str, language: str) -> None:
    html = render(kind, language, example_values(kind)).html
    assert f'<html lang="{language}">' in html
    assert not re.search(r"<(img|script|link|iframe|object|form)\b|url\(|@import", html)


@pytest.mark.parametrize("kind", ["order_placed", "order_shipped", "withdrawal_received"])
def test_markup_in_what_people_typed_is_shown_and_not_read(kind: str) -> None:
    values = example_values(kind)
    values["order"] = values["order"] | {"name": HOSTILE, "address": [HOSTILE]}
    values["withdrawal"] = values["withdrawal"] | {"statement": HOSTILE}
    values["order"]["lines"] = [values["order"]["lines"][0] | {"name": HOSTILE}]
    rendered = render(kind, "it", values)
    assert "<script>" not in rendered.html
    assert "&lt;script&gt;" in rendered.html
    # The text is no HTML: it has what was typed.
    assert HOSTILE in rendered.text


def test_a_subject_is_one_line_of_text() -> None:
    values = example_values("product_approved")
    values["data"] = values["data"] | {"title": 'Moon & "sun"\r\nBcc: all@example.com'}
    assert (
        render("product_approved", "en", values).subject == '“Moon & "sun" Bcc: all@example.com” is approved'
    )


def test_an_order_is_told_with_all_that_the_law_and_the_buyer_want() -> None:
    text = render("order_placed", "it", example_values("order_placed")).text
    for said in (
        "ORD-00000042",
        "2 × Il giardino & la luna, Stampa A3",
        "Numeri 7, 8",
        "Sconto (INVERNO)  −10,00 EUR",
        "Spedizione (Posta)  9,90 EUR",
        "Totale  109,90 EUR",
        "di cui IVA 20 % (AT)  18,32 EUR",
        "Recedere dal contratto qui: https://api.example.com/withdrawal/42..example",
        "senza diritto di recesso",
        "entro 14 giorni",
        "IT01234567890",
    ):
        assert said in text


def test_tax_on_top_stands_before_the_total_that_it_is_in() -> None:
    values = example_values("order_paid")
    values["order"] = values["order"] | {"prices_include_tax": False, "tax_note": "Reverse charge"}
    text = render("order_paid", "en", values).text
    assert text.index("VAT 20 % (AT)  18.32 EUR") < text.index("Total  109.90 EUR")
    assert "of which" not in text
    assert "Reverse charge" in text


def test_the_artist_s_own_templates_take_the_place_of_these_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "order_placed.html").write_text(
        '{% extends "layout.html" %}{% block subject %}Evviva{% endblock %}'
        "{% block content %}<p>Ciao {{ order.name }}</p>{% endblock %}"
    )
    monkeypatch.setenv("MAIL_TEMPLATES", str(tmp_path))
    own = render("order_placed", "it", example_values("order_placed"))
    assert (own.subject, "Ciao Ada Esempio" in own.text) == ("Evviva", True)
    assert "Studio Esempio" in own.text
    assert render("order_placed", "en", example_values("order_placed")).subject.startswith("We have")


def test_the_artist_s_own_layout_is_that_of_all_mails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = "{% block subject %}{% endblock %}{% block content %}{% endblock %}Mine"
    (tmp_path / "layout.html").write_text(layout)
    monkeypatch.setenv("MAIL_TEMPLATES", str(tmp_path))
    assert render("order_shipped", "en", example_values("order_shipped")).text.endswith("Mine\n")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{% block subject %}S{% endblock %}\n\n{{ order.nothing }}", r"order_paid.html:3: .*'nothing'"),
        ("{% block subject %}S{% endblock %}\n{% if %}", r"order_paid.html:2: "),
        ("no subject", r"order_paid.html:1: there is no block 'subject'"),
        ("{% block subject %}S{% endblock %}\n{{ order.total|money('NOK', 3) }}", r"order_paid.html:2: "),
    ],
)
def test_a_template_that_cannot_be_used_is_named_by_file_and_line(
    content: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "order_paid.html").write_text(content)
    monkeypatch.setenv("MAIL_TEMPLATES", str(tmp_path))
    with pytest.raises(BadTemplate, match=complaint):
        render("order_paid", "it", example_values("order_paid"))
    assert any(re.search(complaint, each) for each in check_templates()[1])


def test_numbers_and_dates_are_written_as_their_readers_write_them() -> None:
    moment = "2026-06-30T22:30:00.000Z"
    assert (date_text(moment, "it"), date_text(moment, "en")) == ("1 luglio 2026", "1 July 2026")
    assert time_text(moment, "it") == "1 luglio 2026, 00:30 CEST"
    assert amount_text(Decimal("1234.5"), "EUR", "it") == "1234,50 EUR"
    assert amount_text(Decimal(1200), "JPY", "en") == "1200 JPY"
    assert (rate_text(Decimal("0.22"), "it"), rate_text(Decimal("0.055"), "it")) == ("22 %", "5,5 %")
    assert rate_text(Decimal("0.10"), "en") == "10 %"


def test_text_is_made_of_html_with_its_links() -> None:
    html = (
        "<head><title>no</title><style>p {}</style></head><h1>Hi</h1>"
        "<p>one\n two<br>three</p><ul><li>a</li></ul>"
        '<table><tr><td>x</td><td>1</td></tr></table><a href="https://x.test/?a=1&amp;b=2">Go</a> '
        '<a href="mailto:me@x.test">me@x.test</a> 1 &lt; 2'
    )
    assert text_of(html) == (
        "Hi\n\none two\nthree\n\n- a\n\nx  1\n\nGo: https://x.test/?a=1&b=2 me@x.test 1 < 2\n"
    )
