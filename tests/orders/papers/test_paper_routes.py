"""Papers as people fetch them: by the link in a mail, in the administrator's list, as a CSV file."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from common import config, media
from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.order_links import paper_link
from common.private_files import private_key
from orders.papers.files import FOLDER
from orders.papers.sheets import paper_pdf
from orders.refunds import refund_order
from orders.repositories.papers import PAPERS
from tests.orders.order_builders import orders_app, stranger
from tests.orders.papers.builders import YEAR, an_invoice, issued, issues_papers
from tests.orders.payments.builders import ADMIN, NOW, paid, placed, stored
from tests.support.buckets import fresh_bucket
from tests.support.http import Client
from tests.support.papers import text_of
from tests.support.tokens import admin_token

SHOP = "https://shop.example"
PAPERS_PATH = "/api/admin/papers"


@pytest.fixture(autouse=True)
def _shop(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHOP_URL", SHOP)
    with fresh_bucket():
        yield


@pytest.fixture
def admin(table: str) -> Client:
    return Client(orders_app(), token=admin_token())


def fetched(url: str) -> bytes:
    """What is stored at a presigned address; the signature itself is S3's to judge."""
    parts = urlsplit(url)
    assert "X-Amz-Signature" in parts.query
    key = parts.path.removeprefix(f"/{config.bucket_name()}").lstrip("/")
    data = media.read(key, 10**7)
    assert data is not None
    return data


def link_to(number: str, now: Any = None) -> str:
    return paper_link(number, now or utc_now()).removeprefix(SHOP)


def test_a_link_leads_to_the_pdf_for_some_minutes_under_its_own_name() -> None:
    issues_papers()
    paid()
    (invoice,) = issued()
    answer = stranger().get(link_to(invoice.number))
    assert answer.status == 302
    assert "no-store" in answer.headers["Cache-Control"]
    url = answer.headers["Location"]
    query = parse_qs(urlsplit(url).query)
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-type"] == ["application/pdf"]
    assert f'filename="Fattura-{invoice.number}.pdf"' in query["response-content-disposition"][0]
    assert invoice.number in text_of(fetched(url))


def test_a_link_that_was_changed_or_has_ended_is_a_page_that_says_so() -> None:
    issues_papers()
    paid()
    number = issued()[0].number
    other = link_to(number).replace(number, f"FT-{YEAR}-2")
    ended, unissued = link_to(number, utc_now() - timedelta(days=91)), link_to(f"FT-{YEAR}-9")
    for path in (other, ended, unissued, "/papers/nothing"):
        answer = stranger().get(path)
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith("text/html")


def test_what_was_sent_once_is_sent_again_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    issues_papers()
    paid()
    path = link_to(issued()[0].number)
    first = fetched(stranger().get(path).headers["Location"])
    monkeypatch.setattr("orders.papers.sheets.paper_pdf", lambda _: b"another version of the code")
    assert fetched(stranger().get(path).headers["Location"]) == first
    key = private_key(FOLDER, f"{issued()[0].number}.pdf")
    found = media.get_client().head_object(Bucket=config.bucket_name(), Key=key)
    assert found["Metadata"] == {"sha256": sha256(first).hexdigest()}


def test_of_two_who_make_the_pdf_at_once_the_first_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    issues_papers()
    paid()
    path = link_to(issued()[0].number)

    def slow(paper: Any) -> bytes:
        monkeypatch.setattr("orders.papers.sheets.paper_pdf", paper_pdf)
        assert stranger().get(path).status == 302
        return b"%PDF- made later"

    monkeypatch.setattr("orders.papers.sheets.paper_pdf", slow)
    assert fetched(stranger().get(path).headers["Location"]) == paper_pdf(issued()[0])


def test_a_pdf_that_is_gone_is_made_again() -> None:
    issues_papers()
    paid()
    path = link_to(issued()[0].number)
    first = fetched(stranger().get(path).headers["Location"])
    key = private_key(FOLDER, f"{issued()[0].number}.pdf")
    media.get_client().delete_object(Bucket=config.bucket_name(), Key=key)
    assert fetched(stranger().get(path).headers["Location"]) == first


def test_the_order_shows_its_invoice_and_the_refund_its_credit_note(admin: Client) -> None:
    issues_papers()
    paid()
    refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    assert admin.get("/api/admin/shop/orders/1").json["invoice"] == f"FT-{YEAR}-1"
    refunds = admin.get("/api/admin/orders/1/refunds").json["refunds"]
    assert [it["credit_note"] for it in refunds] == [f"NC-{YEAR}-1"]


def test_the_papers_of_a_year_are_listed_by_series_and_number(admin: Client) -> None:
    issues_papers()
    paid()
    refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    body = admin.get(PAPERS_PATH).json
    assert [it["number"] for it in body["papers"]] == [f"FT-{YEAR}-1", f"NC-{YEAR}-1"]
    assert (body["year"], body["next"]) == (YEAR, None)
    only = admin.get(PAPERS_PATH, params={"series": "NC", "year": str(YEAR)}).json["papers"]
    assert [(it["kind"], it["corrects"], it["total"]) for it in only] == [("credit_note", f"FT-{YEAR}-1", 10)]
    assert admin.get(PAPERS_PATH, params={"year": "1999"}).json["papers"] == []
    behind = admin.get(PAPERS_PATH, params={"after": f"FT-{YEAR}-1"}).json["papers"]
    assert [it["number"] for it in behind] == [f"NC-{YEAR}-1"]


@pytest.mark.parametrize("query", [{"year": "26"}, {"year": "²026"}, {"series": "nc"}, {"after": "1"}])
def test_what_cannot_be_listed_is_refused(admin: Client, query: dict[str, str]) -> None:
    answer = admin.get(PAPERS_PATH, params=query)
    assert answer.status == 400
    assert set(answer.json["fields"]) == set(query)


def test_a_list_that_is_longer_than_an_answer_is_gone_on_with(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orders.papers.listing.MOST", 1)
    issues_papers()
    paid()
    refund_order(1, Decimal("10.00"), None, None, ADMIN, NOW)
    numbers, after = [], ""
    for _ in range(3):
        body = admin.get(PAPERS_PATH, params={"after": after} if after else {}).json
        numbers += [it["number"] for it in body["papers"]]
        after = body["next"]
        if not after:
            break
    assert numbers == [f"FT-{YEAR}-1", f"NC-{YEAR}-1"]


def test_the_file_has_a_row_for_each_rate_with_the_words_of_electronic_invoices(admin: Client) -> None:
    invoice = an_invoice(number=f"FT-{YEAR}-1", tax_treatment="export")
    zero = invoice.taxes[0].__class__("IT", "book", Decimal(0), Decimal("5.00"), Decimal("0.00"))
    two = an_invoice(
        number=f"FT-{YEAR}-1", tax_treatment="export", taxes=(*invoice.taxes, zero), total=Decimal("127.00")
    )
    issues_papers()
    paid()
    with UnitOfWork() as work:
        PAPERS.put(work, two)
    answer = admin.get(PAPERS_PATH, params={"format": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    first, second = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert (first["number"], first["document"], first["buyer"]) == (two.number, "TD01", "Łucja Čapková")
    assert (first["zip_code"], first["city"], first["country"]) == ("1010", "Wien", "AT")
    named = ("rate_percent", "nature", "net", "tax")
    assert [first[name] for name in named] == ["22.00", "", "100.00", "22.00"]
    assert [second[name] for name in named] == ["0.00", "N3.1", "5.00", "0.00"]
    assert (first["total"], second["total"]) == ("127.00", "")


def test_one_paper_is_shown_with_all_that_it_says_and_where_its_pdf_is(admin: Client) -> None:
    issues_papers()
    paid()
    number = f"FT-{YEAR}-1"
    body = admin.get(f"{PAPERS_PATH}/{number}").json
    assert (body["seller"]["name"], body["buyer"]["name"]) == ("Studio Ada Neri", "A Buyer")
    assert sum(Decimal(str(line["amount"])) for line in body["lines"]) == 30
    assert number in text_of(fetched(admin.get(f"{PAPERS_PATH}/{number}/pdf").json["url"]))
    for missing in (f"FT-{YEAR}-2", "nothing", "FT-2026-01"):
        assert admin.get(f"{PAPERS_PATH}/{missing}").status == 404


def test_strangers_see_no_papers(admin: Client) -> None:
    issues_papers()
    paid()
    for path in (PAPERS_PATH, f"{PAPERS_PATH}/FT-{YEAR}-1", "/api/admin/orders/1/packing-slip"):
        assert stranger().get(path).status == 401
    assert stranger().post("/api/admin/orders/1/invoice").status == 401


def test_an_invoice_is_issued_to_the_buyer_that_is_named(admin: Client) -> None:
    paid()
    issues_papers()
    buyer = {"name": "Galleria Neri srl", "city": "Torino", "country": "IT", "recipient_code": "ABC1234"}
    answer = admin.post("/api/admin/orders/1/invoice", json={"buyer": buyer})
    assert answer.status == 200
    assert answer.json["invoice"] == answer.json["paper"]["number"] == stored().invoice
    assert answer.json["paper"]["buyer"]["recipient_code"] == "ABC1234"
    again = admin.post("/api/admin/orders/1/invoice")
    assert again.json["paper"] == answer.json["paper"]


def test_an_invoice_is_refused_where_the_terms_do_not_say_who_sells(admin: Client) -> None:
    paid()
    assert admin.post("/api/admin/orders/1/invoice").status == 409
    assert admin.post("/api/admin/orders/9/invoice").status == 404
    wrong = admin.post("/api/admin/orders/1/invoice", json={"buyer": {"name": ""}})
    assert wrong.status == 400


def test_the_packing_slip_has_what_is_left_of_the_order_and_no_prices(admin: Client) -> None:
    placed()
    text = text_of(fetched(admin.get("/api/admin/orders/1/packing-slip").json["url"]))
    assert "ORD-00000001" in text
    assert "30" not in text.replace("ORD-00000001", "")


def test_the_terms_of_papers_are_checked(admin: Client) -> None:
    path = "/api/admin/selling-terms/papers"
    good = {"invoice_series": "A1", "issue_when": "placed", "sentences": ["One."], "payment_terms": "Now"}
    answer = admin.put(path, json=good)
    assert answer.status == 200
    assert (answer.json["invoice_series"], answer.json["credit_note_series"]) == ("A1", "NC")
    for wrong in ({"invoice_series": "a"}, {"invoice_series": "A-1"}, {"issue_when": "never"}):
        refused = admin.put(path, json=wrong)
        assert (refused.status, set(refused.json["fields"])) == (400, set(wrong))
