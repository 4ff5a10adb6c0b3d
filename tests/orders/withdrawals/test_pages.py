"""The pages of withdrawals over HTTP: two steps in the buyer's language, and nothing by looking."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from common.http import create_app
from common.languages import LANGUAGES
from common.order_links import WITHDRAWAL
from common.repositories.withdrawals import withdrawals_of
from common.signed_links import sign_link
from common.written_dates import day_text
from orders.refunds import refund_order
from orders.routes import routes
from orders.withdrawal_pages import TEMPLATES, pieces_in
from orders.withdrawal_period import last_day
from orders.withdrawals import OBSTACLES
from tests.orders.payments.builders import ADMIN, changed, paid, stored
from tests.orders.withdrawals.builders import NOW, WHOLE, delivered, states
from tests.orders.withdrawals.test_withdrawals import exempt
from tests.support.http import Answer, Client

pytestmark = pytest.mark.usefixtures("table")

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _at_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.clock.utc_now", lambda: NOW)


def visitor(address: str = "203.0.113.7", language: str = "en") -> Client:
    app = create_app("orders", [routes])
    return Client(app, headers={"Accept-Language": language}, address=address)


def path(order_id: int = 1) -> str:
    return f"/withdrawal/{sign_link(WITHDRAWAL, str(order_id))}"


def form(step: str = "state", fields: Mapping[str, Any] | None = None, **more: Any) -> dict[str, str]:
    values: dict[str, Any] = {"step": step, "number": 1, "name": "A Buyer", "pieces-1": 2, "pieces-2": 1}
    return {
        name: str(value) for name, value in (values | dict(fields or {}) | more).items() if value is not None
    }


def hidden(answer: Answer) -> dict[str, str]:
    """The fields that the form of a page sends without being asked."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    return {name: unescape(value) for name, value in fields}


def text(answer: Answer) -> str:
    return unescape(answer.text)


def test_two_steps_lead_to_a_receipt_with_day_and_time() -> None:
    delivered(language="en")
    client = visitor(language="it")
    first = client.get(path())
    assert (first.status, first.headers["Cache-Control"]) == (200, "private, no-store")
    assert ">withdraw from contract here</button>" in first.text
    second = client.post(
        path(), data=hidden(first) | {"name": " A  Buyer ", "pieces-1": "1", "pieces-2": "0"}
    )
    assert ">confirm withdrawal</button>" in second.text
    assert "1 × Work, Large\nName: A Buyer" in text(second)
    assert states() == (None, [])
    done = client.post(path(), data=hidden(second))
    assert done.status == 200
    made = withdrawals_of(1)[0]
    assert (made.pieces, made.language, made.customer_name) == ({"1": 1}, "en", "A Buyer")
    assert re.search(r"received this statement on \d+ \w+ \d{4}, \d\d:\d\d \(CES?T\)", text(done))
    assert made.statement in text(done)
    assert "print or save this page" in text(done)


def test_it_is_in_the_language_of_the_order() -> None:
    delivered(language="it")
    client = visitor()
    first = client.get(path())
    assert '<html lang="it">' in first.text
    assert ">recedere dal contratto qui</button>" in first.text
    second = client.post(path(), data=form())
    assert ">conferma recesso</button>" in second.text
    done = client.post(path(), data=hidden(second))
    assert "Il tuo recesso è stato ricevuto" in text(done)
    assert withdrawals_of(1)[0].statement.startswith("Con la presente notifico il recesso")


def test_looking_changes_nothing() -> None:
    before = delivered()
    for method in ("GET", "HEAD"):
        visitor().request(method, path(), params={"step": "confirm", "number": 1, "pieces": "1:1"})
    assert (stored(), states()) == (before, (None, []))


def test_reload_back_button_and_another_window_mean_one_withdrawal() -> None:
    delivered()
    client = visitor()
    confirmation = hidden(client.post(path(), data=form(fields={"pieces-2": 0})))
    other_window = hidden(client.post(path(), data=form(fields={"pieces-1": 0})))
    answers = [client.post(path(), data=confirmation) for _ in range(2)]
    assert [it.status for it in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    told = client.post(path(), data=other_window)
    assert "what you chose just now was not added" in text(told)
    back = client.post(path(), data=form())
    assert (back.status, "Something has changed" in text(back)) == (409, True)
    assert states() == ("requested", ["requested"])
    # What is left is offered as another one.
    assert hidden(client.get(path()))["number"] == "2"


def test_the_receipt_names_its_address_only_to_who_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", "shop@example.com")
    delivered()
    client = visitor()
    pages = [client.get(path()), client.post(path(), data=form())]
    pages.append(client.post(path(), data=hidden(pages[1])))
    for page in pages:
        assert "b•••@example.com" in text(page)
        assert "buyer@example.com" not in text(page)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "  "}, "Please write your name."),
        ({"pieces-1": 0, "pieces-2": 0}, "Choose at least one piece"),
        ({"pieces-1": 3}, "Choose at least one piece"),
        ({"pieces-7": 1}, "Choose at least one piece"),
        ({"pieces-1": "two"}, "Choose at least one piece"),
        ({"pieces-1": None, "pieces-2": None}, "Choose at least one piece"),
    ],
)
def test_what_is_missing_is_asked_for_again(fields: dict[str, Any], told: str) -> None:
    delivered()
    for step in ("state", "confirm"):
        answer = visitor().post(path(), data=form(step, fields))
        assert (answer.status, told in text(answer)) == (400, True)
    assert states() == (None, [])


@pytest.mark.parametrize("data", [{}, {"step": "x", "number": "1"}, {"step": "state", "number": "0"}])
def test_a_form_of_others_is_a_page_that_says_so(data: dict[str, str]) -> None:
    delivered()
    answer = visitor().post(path(), data=data or b"")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")


def test_what_was_written_is_never_markup() -> None:
    delivered(customer_name=SCRIPT, language="en")
    client = visitor()
    second = client.post(path(), data=form(name=f'"{SCRIPT}'))
    done = client.post(path(), data=hidden(second))
    for page in (client.get(path()), second, done):
        assert "<script" not in page.text
    assert SCRIPT in withdrawals_of(1)[0].statement


def test_goods_made_to_measure_are_named_with_the_reason() -> None:
    delivered()
    exempt(2)
    shown = visitor().get(path())
    assert 'name="pieces-1"' in shown.text
    assert 'name="pieces-2"' not in shown.text
    assert "article 16(c)" in text(shown)


def test_it_says_until_when() -> None:
    last = last_day(delivered().delivered_at or "")
    assert f"until the end of {day_text(last, 'en')}." in text(visitor().get(path()))
    changed(stored(), delivered_at=None)
    assert "14 days after the day on which you receive the goods" in text(visitor().get(path()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"channel": "etsy"}, "channel"),
        ({"cancelled_at": "2026-01-01"}, "cancelled"),
        ({"payment_status": "refunded"}, "refunded"),
        ({"payment_status": "pending"}, "unpaid"),
        ({"total": 0}, "free"),
        ({"delivered_at": "2020-06-01T10:00:00.000Z"}, "over"),
        ({"refunded_pieces": WHOLE}, "done"),
    ],
)
def test_where_nothing_can_be_withdrawn_the_page_says_why(
    language: str, fields: dict[str, Any], word: str
) -> None:
    changed(delivered(), language=language, **fields)
    shown = visitor().get(path())
    assert (shown.status, "<form" in shown.text) == (200, False)
    if word == "over":
        assert {"en": "ended with 15 June 2020", "it": "fine del 15 giugno 2020"}[language] in text(shown)


def test_every_language_has_a_text_for_every_case() -> None:
    from common.http.pages import environment

    names = set()
    for language in LANGUAGES:
        texts = environment(TEMPLATES).get_template(f"texts.{language}.html").module
        told = [str(texts.obstacle(word, "x")).strip() for word in OBSTACLES]  # type: ignore[attr-defined]
        assert len(set(told)) == len(OBSTACLES)
        names.add(frozenset(name for name in vars(texts) if not name.startswith("_")))
    assert len(names) == 1


@pytest.mark.parametrize("link", ["1", "1..x", "2..abc", "1.9.abc", "%F0%9F%8E%A8"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_the_shop_did_not_make_leads_to_a_friendly_page(method: str, link: str) -> None:
    delivered()
    client, address = visitor(), f"/withdrawal/{link}"
    answer = client.post(address, data=form()) if method == "POST" else client.get(address)
    assert (answer.status, "<h1>This page is not there</h1>" in answer.text) == (404, True)
    other = sign_link("paper", "1")
    assert visitor(language="it").get(f"/withdrawal/{other}").status == 404
    assert visitor().get(path(99)).status == 404


def test_an_order_is_found_by_its_number_and_the_address_of_its_buyer() -> None:
    delivered(language="en")
    client = visitor()
    assert 'name="order_number"' in client.get("/withdrawal").text
    first = client.post("/withdrawal", data={"order_number": " ORD-00000001", "email": "Buyer@EXAMPLE.com"})
    assert first.status == 200
    action = re.search(r'action="(withdrawal/[^"]+)"', first.text)
    assert action is not None
    address = f"/{action[1]}"
    second = client.post(address, data=form())
    assert "confirm withdrawal" in second.text
    assert client.post(address, data=hidden(second)).status == 200
    assert states() == ("requested", ["requested"])


def test_the_link_of_a_search_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    delivered()
    ended = sign_link(WITHDRAWAL, "1", NOW + timedelta(hours=1))
    monkeypatch.setattr("common.clock.utc_now", lambda: NOW + timedelta(hours=2))
    answer = visitor().get(f"/withdrawal/{ended}")
    assert (answer.status, "This link has expired" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "asked",
    [
        {"order_number": "ORD-00000001", "email": "other@example.com"},
        {"order_number": "ORD-00000009", "email": "buyer@example.com"},
        {"order_number": SCRIPT, "email": ""},
    ],
)
def test_a_stranger_learns_nothing_and_guesses_only_so_often(asked: dict[str, str]) -> None:
    delivered()
    client = visitor()
    answers = [client.post("/withdrawal", data=asked) for _ in range(21)]
    assert answers[0].status == 404
    assert "No order has this number and this e-mail address" in text(answers[0])
    assert (answers[0].text == answers[1].text, "<script" in answers[0].text) == (True, False)
    assert (answers[-1].status, "That was too often" in answers[-1].text) == (429, True)
    assert int(answers[-1].headers["Retry-After"]) > 0
    # Whoever is elsewhere is not kept from it.
    good = {"order_number": "ORD-00000001", "email": "buyer@example.com"}
    assert visitor("198.51.100.4").post("/withdrawal", data=good).status == 200


def test_forms_are_counted_by_who_sends_them() -> None:
    delivered()
    client = visitor(language="it")
    statuses = [client.post(path(), data=b"x").status for _ in range(101)]
    assert (set(statuses[:-1]), statuses[-1]) == ({400}, 429)
    assert "Troppi tentativi" in client.post(path(), data=form()).text
    assert visitor("198.51.100.4").post(path(), data=form()).status == 200


def test_what_is_refunded_between_the_steps_is_told() -> None:
    changed(paid(), language="en")
    client = visitor()
    confirmation = hidden(client.post(path(), data=form()))
    refund_order(1, None, None, None, ADMIN, NOW)
    answer = client.post(path(), data=confirmation)
    assert answer.status == 409
    assert "money of this order was given back" in text(answer)
    assert states() == (None, [])


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("1:2 2:1", WHOLE),
        ("1:2 2:0", {"1": 2}),
        ("", {}),
        ("01:2", {"1": 2}),
        ("1:2 1:2", None),
        ("1:-1", None),
        ("1", None),
        ("1:2,2:1", None),
        ("١:1", None),
    ],
)
def test_pieces_are_read_by_one_rule(written: str, pieces: dict[str, int] | None) -> None:
    assert pieces_in(written) == pieces
