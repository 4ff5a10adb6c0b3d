"""The page of a numbered piece: what is true of it, to whoever has the link, and never who has the piece."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest

from common import config
from common.clock import utc_now
from common.media import get_client
from common.order_links import certificate_link
from common.repositories.editions import PROOF
from common.repositories.products import Image
from common.signed_links import sign_link
from common.written_dates import month_text
from orders.editions import Decision, give_proof, withhold
from orders.refunds import refund_order
from tests.orders.edition_builders import ADMIN, PRINT, bought, open_edition, paid
from tests.orders.order_builders import orders_app, stranger
from tests.support.buckets import fresh_bucket
from tests.support.http import Answer, Client
from tests.support.papers import text_of
from tests.support.tokens import admin_token

pytestmark = pytest.mark.usefixtures("table")

SHOP = "https://shop.example"


@pytest.fixture(autouse=True)
def _shop(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    monkeypatch.setenv("SHOP_URL", SHOP)
    open_edition()


def page(piece: str, language: str = "en") -> Answer:
    link = certificate_link(piece).removeprefix(SHOP)
    return stranger().get(link, headers={"Accept-Language": language})


def test_a_piece_that_was_sold_is_valid_and_says_nothing_of_its_buyer() -> None:
    order = paid()
    answer = page(f"{PRINT}-1")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Number 1 of 5" in answer.text
    assert "was sold by the shop" in answer.text
    assert month_text(order.created_at[:7], "en") in answer.text
    assert not [word for word in ("Maria", "example.com", order.order_number) if word in answer.text]
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_it_is_said_in_both_languages() -> None:
    paid()
    assert "Numero 1 di 5" in page(f"{PRINT}-1", "it").text
    assert month_text("2026-03", "it") == "marzo 2026"


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_unpaid_or_unsold_was_not_sold(number: int) -> None:
    bought()
    shown = page(f"{PRINT}-{number}").text
    assert "has not been sold" in shown
    assert "First sold" not in shown


def test_a_piece_that_was_refunded_says_so() -> None:
    refund_order(paid().id, None, False, None, ADMIN, utc_now())
    assert "sale of this piece was undone" in page(f"{PRINT}-1").text


def test_a_void_number_says_so() -> None:
    withhold(Decision(PRINT, 4, "destroyed", ADMIN, utc_now()))
    assert "number is void" in page(f"{PRINT}-4").text


def test_a_proof_is_told_from_a_number() -> None:
    give_proof(Decision(PRINT, 1, "for the printer", ADMIN, utc_now(), PROOF))
    shown = page(f"{PRINT}-p1").text
    assert "A.P. 1/2" in shown
    assert "given out by the artist" in shown


def test_the_picture_is_shown_from_where_it_is_kept() -> None:
    image = Image(1, 1, "https://pictures.example/a.webp", None, 0, "2026-01-31T10:00:00.000Z")
    open_edition(title="<b>Cat</b>", images=(image,))
    answer = page(f"{PRINT}-1")
    assert 'src="https://pictures.example/a.webp"' in answer.text
    assert "img-src 'self' https://pictures.example data:" in answer.headers["Content-Security-Policy"]
    assert "<b>" not in answer.text


@pytest.mark.parametrize("piece", [f"{PRINT}-6", "20-1", "999-1", f"{PRINT}-p3", f"{PRINT}-0", "x"])
def test_what_the_edition_has_not_is_not_found(piece: str) -> None:
    assert page(piece).status == 404


@pytest.mark.parametrize("link", ["", "10-1..x", "10-1", sign_link, "è"])
def test_a_link_that_the_shop_did_not_make_is_a_page_that_says_so(link: object) -> None:
    # A link to something else is signed for that alone.
    text = sign_link("invoice", f"{PRINT}-1") if callable(link) else str(link)
    answer = stranger().get(f"/certificates/{text or 'none'}")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


@pytest.fixture
def bucket(table: str) -> Iterator[str]:
    """Where the files lie."""
    with fresh_bucket() as name:
        yield name


def stored_at(url: str) -> str:
    """The text of the file that an address leads to."""
    key = urlsplit(url).path.removeprefix(f"/{config.bucket_name()}").lstrip("/")
    found = get_client().get_object(Bucket=config.bucket_name(), Key=unquote(key))
    return text_of(found["Body"].read())


@pytest.mark.usefixtures("bucket")
def test_a_piece_that_was_sold_has_a_certificate_with_the_way_to_its_page() -> None:
    paid()
    link = certificate_link(f"{PRINT}-1")
    answer = page(f"{PRINT}-1")
    assert f'href="{link.rpartition("/")[2]}/paper"' in answer.text
    sent = stranger().get(f"{link.removeprefix(SHOP)}/paper", headers={"Accept-Language": "it"})
    assert (sent.status, sent.headers["Location"]) == (302, sent.json["url"])
    text = stored_at(sent.json["url"])
    assert "Numero 1 di una tiratura di 5" in text
    assert link in "".join(text.split())
    assert "Maria" not in text


@pytest.mark.usefixtures("bucket")
def test_the_artist_has_the_certificate_of_a_number() -> None:
    paid()
    artist = Client(orders_app(), token=admin_token())
    path = f"/api/admin/editions/{PRINT}/numbers"
    answer = artist.get(f"{path}/1/certificate", headers={"Accept-Language": "en"})
    assert "Number 1 of an edition of 5" in stored_at(answer.json["url"])
    assert [artist.get(f"{path}/{number}/certificate").status for number in (2, 9, "x")] == [409, 404, 404]


def test_what_came_back_has_no_certificate() -> None:
    refund_order(paid().id, None, True, None, ADMIN, utc_now())
    link = certificate_link(f"{PRINT}-1").removeprefix(SHOP)
    assert "/paper" not in page(f"{PRINT}-1").text
    assert stranger().get(f"{link}/paper").status == 409


def test_a_buyer_is_told_where_the_certificates_are_once_the_order_is_paid() -> None:
    artist = Client(orders_app(), token=admin_token())
    bought()
    assert "certificates" not in artist.get("/api/admin/shop/orders/1").json["items"][0]
    paid(2)
    links = artist.get("/api/admin/shop/orders/2").json["items"][0]["certificates"]
    assert links == [certificate_link(f"{PRINT}-{number}") for number in (2, 3)]
