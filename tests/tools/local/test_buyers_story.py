"""A buyer's story on the shop that `make run` serves: a numbered print goes to Austria, and comes back.

Asked in Italian. Everything is what people see: answers, mails, papers, pages and the quarter's report.
"""

import json
import re
import threading
from collections.abc import Callable
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from common import clock
from tests.support.local_shop import Admin, ask, running, stop
from tests.support.papers import text_of
from tools.engines.ministack import free_port

pytestmark = pytest.mark.exhaustive

SELLER = {
    "name": "Stamperia del Molo",
    "lines": ["Via del Molo 12", "16032 Camogli GE"],
    "country": "IT",
    "vat_number": "IT01234567897",
}
SHIPPING = {
    "default_weight": 300,
    "packaging_weight": 150,
    "zones": [
        {
            "name": "Unione europea",
            "countries": ["EU"],
            "methods": [
                {
                    "name": "Corriere",
                    "by": "weight",
                    "steps": [{"up_to": "1000", "price": "9.90"}, {"up_to": "5000", "price": "14.90"}],
                }
            ],
        }
    ],
}
TAXES = {
    "mode": "by_country",
    "prices_include_tax": True,
    "home_country": "IT",
    "distance_sales": "destination",
}
PRINT = {
    "title": "Porto di notte",
    "slug": "porto-di-notte",
    "base_price": "120.00",
    "status": "published",
    "variants": [{"sku": "PORTO-50", "name": "50 x 70", "stock": 3, "weight": 700, "edition": {"size": 30}}],
}
NAME = "Łukasz Groß"
BUYER = {
    "customer_email": "buyer@example.com",
    "customer_name": NAME,
    "payment_method": "mock",
    "shipping_address": {
        "street": "Mariahilfer Straße 12",
        "city": "Wien",
        "zip_code": "1070",
        "country": "Österreich",
    },
}
ITALIAN = {"Accept-Language": "it-IT,it;q=0.9,en;q=0.8"}


def test_a_numbered_print_goes_to_austria_and_comes_back(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port) as shop:
        artist, mails = Admin(port, tmp_path), Mails(tmp_path / "mail")
        variant = _set_up(artist)
        order = _bought(port, variant)
        _placed_is_told(mails, order)
        invoice = _paid(port, mails, order)
        _shipped(artist, mails, order)
        _withdrawn(port, mails, order)
        _refunded(port, artist, mails, order, invoice)
        _number_came_back(artist, variant)
        _quarter_adds_up(port, artist, order)
        assert stop(shop) == 0


class Mails:
    """The mails that the shop wrote into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def about(self, words: str) -> EmailMessage:
        """The one whose subject has these words, as soon as it is there."""
        until(lambda: bool(self._with(words)))
        return self._with(words)[0]

    def _with(self, words: str) -> list[EmailMessage]:
        return [mail for mail in self._all() if words in mail["Subject"]]

    def _all(self) -> list[EmailMessage]:
        files = self._folder.glob("*.eml")
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]


def until(condition: Callable[[], bool]) -> None:
    """Waits for what the shop does in the background, half a minute at most."""
    waiting = threading.Event()
    assert any(condition() or waiting.wait(0.1) for _ in range(300))


def text_in(mail: EmailMessage) -> str:
    """What a mail says to who reads no HTML."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, path: str) -> str:
    """The path of the mail's link that leads to a page of the shop."""
    (found, *_) = re.findall(rf"http://localhost:[0-9]+({path}/[\w.\-:]+)", text_in(mail))
    return str(found)


def fetched(port: int, path: str, **headers: str) -> bytes:
    """What is behind a path, wherever it leads to on this machine."""
    status, answered, body = ask(port, "GET", path, **headers)
    if status != 302:
        assert status == 200, body
        return body
    place = urlsplit(answered["location"])
    opened = HTTPConnection("127.0.0.1", place.port or 80, timeout=20)
    try:
        opened.request("GET", f"{place.path}?{place.query}", headers={"Host": place.netloc})
        answer = opened.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return content
    finally:
        opened.close()


def _set_up(artist: Admin) -> int:
    """The terms on which the shop sells, and a print that is sold in an edition of thirty; its variant."""
    for part, terms in {"seller": SELLER, "shipping": SHIPPING, "taxes": TAXES, "papers": {}}.items():
        artist.ask("PUT", f"/api/admin/selling-terms/{part}", terms)
    product = artist.ask("POST", "/api/products", PRINT)
    return int(product["variants"][0]["id"])


def _bought(port: int, variant: int) -> dict[str, Any]:
    """One piece, with the parcel's price on top and Austria's tax within."""
    product = json.loads(ask(port, "GET", "/api/products/porto-di-notte")[2])
    wanted = {"product_id": product["id"], "variant_id": variant, "quantity": 1}
    status, _, body = ask(port, "POST", "/api/orders", json.dumps({**BUYER, "items": [wanted]}), **ITALIAN)
    assert status == 201, body
    placed: dict[str, Any] = json.loads(body, parse_float=Decimal)
    order = placed["order"]
    amounts = tuple(Decimal(order[name]) for name in ("subtotal", "shipping", "discount", "total", "tax"))
    # 129.90 with 20 %: 108.25 and 21.65.
    assert amounts == tuple(map(Decimal, ("120", "9.90", "0", "129.90", "21.65")))
    assert placed["items"][0]["numbers"] == [1]
    return placed


def _placed_is_told(mails: Mails, placed: dict[str, Any]) -> None:
    mail = mails.about("Ordine")
    assert mail["To"] == BUYER["customer_email"]
    text = text_in(mail)
    for said in (placed["order_number"], "Porto di notte", "129,90", "9,90", "21,65", "Numero 1"):
        assert said in text, said
    assert link_in(mail, "/withdrawal")


def _paid(port: int, mails: Mails, placed: dict[str, Any]) -> str:
    """Its payment; the number of the invoice, which is read from the mail's link."""
    number, secret = placed["order_number"], placed["access_token"]
    status, _, body = ask(port, "POST", f"/api/orders/{number}/payment?access_token={secret}", "{}")
    assert status == 200, body
    order = json.loads(ask(port, "GET", f"/api/orders/{number}?access_token={secret}")[2])
    invoice = str(order["invoice"])
    pages = text_of(fetched(port, link_in(mails.about("Pagamento ricevuto"), "/papers")))
    for said in (invoice, NAME, "108,25", "21,65", "129,90", "Stamperia del Molo", "IT01234567897"):
        assert said in pages, said
    return invoice


def _shipped(artist: Admin, mails: Mails, placed: dict[str, Any]) -> None:
    step = {"status": "shipped", "carrier": "BRT", "tracking_number": "0123456789"}
    artist.ask("PATCH", f"/api/admin/orders/{placed['order_number']}/status", step)
    assert "0123456789" in text_in(mails.about("è partito"))
    artist.ask("PATCH", f"/api/admin/orders/{placed['order_number']}/status", {"status": "delivered"})


def _form(page: str) -> dict[str, str]:
    """What the form of a page sends if it is left as it is."""
    names = dict[str, str]()
    for tag in re.findall(r"<(?:input|button)[^>]*>", page):
        held = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if "name" in held:
            names[held["name"]] = unescape(held.get("value", ""))
    return names


def _posted(port: int, path: str, form: dict[str, str]) -> str:
    sent = {"Content-Type": "application/x-www-form-urlencoded", **ITALIAN}
    status, _, body = ask(port, "POST", path, urlencode(form), **sent)
    assert status == 200, body
    return body.decode()


def _withdrawn(port: int, mails: Mails, placed: dict[str, Any]) -> None:
    """Two steps from the link of the confirmation, and the receipt."""
    path = link_in(mails.about("Ordine"), "/withdrawal")
    first = fetched(port, path, **ITALIAN).decode()
    assert "recedere dal contratto qui" in first
    second = _posted(port, path, _form(first) | {"name": NAME, "pieces-1": "1"})
    assert "conferma recesso" in second
    assert NAME in unescape(_posted(port, path, _form(second)))
    # The button twice, or the page once more: one withdrawal.
    _posted(port, path, _form(second))
    receipt = text_in(mails.about("Recesso ricevuto"))
    assert placed["order_number"] in receipt
    assert "Porto di notte" in receipt


def _refunded(port: int, artist: Admin, mails: Mails, placed: dict[str, Any], invoice: str) -> None:
    """The parcel has come back: all of the money, and a credit note that names the invoice."""
    (withdrawal,) = artist.ask("GET", "/api/admin/withdrawals")["withdrawals"]
    base = f"/api/admin/orders/{placed['order_number']}"
    place = f"{base}/withdrawals/{withdrawal['number']}"
    assert artist.ask("PATCH", place, {"status": "received"})["status"] == "received"
    answer = artist.ask("POST", f"{base}/refund", {"withdrawal": withdrawal["number"]})
    assert (answer["refund"]["amount"], answer["payment_status"]) == (129.9, "refunded")
    (withdrawal,) = artist.ask("GET", f"{base}/withdrawals")["withdrawals"]
    assert withdrawal["status"] == "refunded"
    note = text_of(fetched(port, link_in(mails.about("Rimborso"), "/papers")))
    for said in (invoice, "108,25", "21,65", "129,90"):
        assert said in note, said


def _number_came_back(artist: Admin, variant: int) -> None:
    """Number 1 is nobody's and not on sale; once the artist says so, it is."""
    edition = artist.ask("GET", f"/api/admin/editions/{variant}")
    assert [(it["number"], it["state"]) for it in edition["numbers"]] == [(1, "returned")]
    assert (edition["next"], edition["stock"]) == (2, 2)
    place = f"/api/admin/editions/{variant}/numbers/1/release"
    released = artist.ask("POST", place, {"reason": "Came back unharmed"})
    assert (released["next"], released["left"], released["stock"]) == (1, 30, 3)


def _quarter_adds_up(port: int, artist: Admin, placed: dict[str, Any]) -> None:
    """What was sold to Austria and what went back, each once, and nothing that no line explains."""
    today = clock.utc_now()
    report = artist.ask("GET", f"/api/admin/reports/oss?quarter={today.year}-Q{(today.month + 2) // 3}")
    (line,) = report["lines"]
    assert (line["treatment"], line["country"], line["rate"]) == ("one_stop_shop", "AT", 0.2)
    assert (line["net"], line["tax"]) == (108.25, 21.65)
    assert (line["refunded_net"], line["refunded_tax"]) == (108.25, 21.65)
