"""Mails as a telephone shows them; with ARTSHOP_WRITE_PICTURES=1 the pictures of docs/mail are taken anew."""

import base64
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from common.languages import LANGUAGES
from shop.mail.examples import example_values
from shop.mail.kinds import KINDS
from shop.mail.rendering import render
from tests.support.browser import Page
from tests.support.demo_shop import DemoShop
from tests.support.local_shop import ask
from tools.paths import ROOT

PHONE = 360
PICTURES = (
    ("order_placed", "it"),
    ("order_shipped", "en"),
    ("withdrawal_received", "it"),
    ("artist_digest", "it"),
)
# WCAG 2.2, 2.5.8: what is touched is no smaller.
LEAST = 24


def open_mail(page: Page, kind: str, language: str, width: int = PHONE, height: int = 900) -> None:
    html = render(kind, language, example_values(kind)).html
    page.open(f"data:text/html;base64,{base64.b64encode(html.encode()).decode()}", width=width, height=height)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_fits_a_telephone_and_its_buttons_can_be_touched(page: Page, kind: str, language: str) -> None:
    open_mail(page, kind, language)
    assert page.value("document.documentElement.scrollWidth") == PHONE
    boxes = page.value(
        "[...document.querySelectorAll('.button')].map(each => each.getBoundingClientRect())"
        ".map(box => [box.left, box.right, box.width, box.height])"
    )
    for left, right, width, height in boxes:
        assert 0 <= left < right <= PHONE
        assert min(width, height) >= LEAST
    assert page.complaints == []


def test_a_long_word_does_not_widen_a_mail(page: Page) -> None:
    values = example_values("order_placed")
    values["order"]["lines"] = [values["order"]["lines"][0] | {"name": "A" * 300}]
    html = render("order_placed", "en", values).html
    page.open(f"data:text/html;base64,{base64.b64encode(html.encode()).decode()}", width=PHONE)
    assert page.value("document.documentElement.scrollWidth") == PHONE


def test_the_local_shop_shows_the_mails_that_it_wrote(page: Page, shop: DemoShop) -> None:
    order = {
        "customer_email": "me@example.com",
        "customer_name": "Me",
        "payment_method": "mock",
        "items": [{"product_id": 19, "quantity": 1}],
    }
    english = {"Accept-Language": "en"}
    status, _, _ = ask(shop.port, "POST", "/api/orders", json.dumps(order), **english)
    assert status == 201
    subject = "We have your order"
    # It is sent in the background.
    assert until(lambda: subject.encode() in ask(shop.port, "GET", "/mail")[2])
    page.open(f"{shop.url}/mail", width=PHONE)
    assert page.value("document.documentElement.scrollWidth") == PHONE
    link = page.value(f"[...document.links].find(each => each.innerText.includes('{subject}')).href")
    shown = ask(shop.port, "GET", urlsplit(link).path)[2].decode()
    assert "me@example.com" in shown
    assert "allow-scripts" not in shown
    # What is in a sandbox of its own leaves the browser's session, so it is looked at beside it.
    status, headers, html = ask(shop.port, "GET", f"{urlsplit(link).path}.html")
    assert (status, "sandbox" in headers["content-security-policy"]) == (200, True)
    page.open(f"data:text/html;base64,{base64.b64encode(html).decode()}", width=PHONE)
    assert "Thank you, Me!" in page.value("document.body.innerText")
    assert page.value("document.documentElement.scrollWidth") == PHONE


def until(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true while another thread works."""
    waiting = threading.Event()
    return any(condition() or waiting.wait(0.1) for _ in range(100))


@pytest.mark.parametrize(("kind", "language"), PICTURES)
def test_the_docs_have_a_picture_of_it(page: Page, kind: str, language: str) -> None:
    picture: Path = ROOT / "docs" / "mail" / f"{kind}.{language}.png"
    if os.environ.get("ARTSHOP_WRITE_PICTURES"):
        open_mail(page, kind, language, width=400)
        height = page.value("document.documentElement.scrollHeight")
        open_mail(page, kind, language, width=400, height=height)
        page.picture(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert f"mail/{picture.name}" in (ROOT / "docs" / "mail.md").read_text(encoding="utf-8")
