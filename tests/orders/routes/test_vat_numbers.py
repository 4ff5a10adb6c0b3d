"""VAT numbers of businesses over HTTP: confirmed by hand and by VIES, for a while, and what that changes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from common.clock import utc_now
from common.dynamodb import UnitOfWork, meter
from common.http import create_app
from common.repositories.selling_terms import TERMS, SellingTerms
from orders.refund_completion import By
from orders.repositories.vat_numbers import VAT_NUMBERS, VatNumber
from orders.routes import vat_numbers
from orders.vat_numbers import CONFIRMED_FOR, VIES, Finding, set_down
from tests.catalog.builders import actions_of, ok, refused, store
from tests.orders.cart_builders import on_sale
from tests.orders.order_builders import body_of, buyer, check_out, orders_app, wanted
from tests.orders.tax_builders import VIENNA, by_country
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token, every_guarded_route
from tools.fakes.serving import serving
from tools.fakes.vies_server import Vies

pytestmark = pytest.mark.usefixtures("table")

NUMBER = "ATU12345678"
PATH = f"/api/admin/vat-numbers/{NUMBER}"


@pytest.fixture
def artist() -> Client:
    return Client(orders_app(), token=admin_token())


@pytest.fixture
def vies(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vies]:
    server = Vies()
    with serving(server) as url:
        monkeypatch.setenv("VIES", "on")
        monkeypatch.setenv("VIES_URL", f"{url}/")
        yield server


def _order() -> dict[str, Any]:
    answer = check_out(buyer(), body_of(wanted(1), shipping_address=VIENNA, vat_number=NUMBER))
    assert answer.status == 201, answer.text
    return dict(answer.json["order"])


def test_every_route_refuses_strangers() -> None:
    app = create_app("orders", [vat_numbers.routes])
    assert every_guarded_route(app) == len(list(vat_numbers.routes))


def test_an_administrator_confirms_a_number_and_takes_it_back(artist: Client) -> None:
    refused(artist.get(PATH), 404)
    made = ok(
        artist.put("/api/admin/vat-numbers/at%20u1234%205678", json={"confirmed": True, "name": "Atelier"})
    )
    assert (made["number"], made["is_confirmed"], made["name"]) == (NUMBER, True, "Atelier")
    assert made["source"] == "administrator"
    assert ok(artist.get(PATH)) == made
    assert ok(artist.put(PATH, json={"confirmed": False}))["is_confirmed"] is False
    assert actions_of("VatNumber", NUMBER) == ["CREATE", "UPDATE"]


def test_a_number_that_nobody_gives_out_is_not_found(artist: Client) -> None:
    refused(artist.put("/api/admin/vat-numbers/XX1", json={"confirmed": True}), 404)


def test_a_confirmation_ends() -> None:
    now = utc_now()
    known = set_down(NUMBER, Finding(is_valid=True, source=VIES), By("1"), now)
    assert known.is_in_force(now + CONFIRMED_FOR - timedelta(milliseconds=1))
    assert not known.is_in_force(now + CONFIRMED_FOR)


def test_a_confirmed_business_is_not_charged_tax(artist: Client) -> None:
    store([on_sale(1, "120.00")])
    with UnitOfWork() as work:
        TERMS.add(work, SellingTerms(taxes=by_country(), version=1))
    assert _order()["tax_treatment"] == "one_stop_shop"
    ok(artist.put(PATH, json={"confirmed": True}))
    order = _order()
    assert (order["tax_treatment"], order["tax"], order["total"]) == ("reverse_charge", 0, 120)
    assert NUMBER in order["tax_note"]
    ok(artist.put(PATH, json={"confirmed": False}))
    assert _order()["tax_treatment"] == "one_stop_shop"


def test_vies_confirms_what_is_valid_and_takes_back_what_is_not(artist: Client, vies: Vies) -> None:
    vies.enter(NUMBER, "ATELIER GMBH")
    known = ok(artist.post(f"{PATH}/check"))
    assert (known["is_confirmed"], known["name"], known["source"]) == (True, "ATELIER GMBH", "VIES")
    vies.strike(NUMBER)
    known = ok(artist.post(f"{PATH}/check"))
    assert (known["is_confirmed"], known["name"]) == (False, None)
    assert vies.asked[0].json == {"countryCode": "AT", "vatNumber": "U12345678"}


def test_a_member_state_that_is_silent_changes_nothing(artist: Client, vies: Vies) -> None:
    ok(artist.put(PATH, json={"confirmed": True}))
    vies.silence("AT")
    answer = artist.post(f"{PATH}/check")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "300")
    assert "MS_UNAVAILABLE" in answer.text
    assert ok(artist.get(PATH))["is_confirmed"] is True


@pytest.mark.parametrize("status", [502, 503])
def test_a_service_that_is_broken_is_told_of(artist: Client, vies: Vies, status: int) -> None:
    vies.fail_next(status=status)
    refused(artist.post(f"{PATH}/check"), 503)
    vies.lose_next()
    refused(artist.post(f"{PATH}/check"), 503)
    refused(artist.get(PATH), 404)


def test_a_number_that_vies_cannot_look_up_is_refused_by_its_field(artist: Client, vies: Vies) -> None:
    answer = artist.post("/api/admin/vat-numbers/IE1+23456A/check")
    assert (answer.status, answer.json["fields"]) == (400, {"number": ["cannot be looked up by VIES"]})
    assert len(vies.asked) == 1


def test_a_shop_that_does_not_ask_vies_says_so(artist: Client) -> None:
    refused(artist.post(f"{PATH}/check"), 503)


@pytest.mark.parametrize("known", [False, True])
def test_two_who_set_a_number_down_at_once_both_count_in_turn(known: bool) -> None:
    now = utc_now()
    if known:
        set_down(NUMBER, Finding(is_valid=True, source=VIES), By("1"), now)

    def rival() -> None:
        set_down(NUMBER, Finding(is_valid=False, source="administrator", name="Rival"), By("2"), now)

    with just_before("orders.vat_numbers._stored", rival):
        set_down(NUMBER, Finding(is_valid=True, source=VIES, name="Mine"), By("1"), now)
    stored = VAT_NUMBERS.get(NUMBER)
    assert isinstance(stored, VatNumber)
    assert (stored.name, stored.version) == ("Mine", 3 if known else 2)
    assert len(actions_of("VatNumber", NUMBER)) == (3 if known else 2)


def test_a_form_of_an_older_number_is_refused(artist: Client) -> None:
    ok(artist.put(PATH, json={"confirmed": True}))
    etag = artist.get(PATH).headers["ETag"]
    ok(artist.put(PATH, json={"confirmed": False}))
    answer = artist.put(PATH, json={"confirmed": True}, headers={"If-Match": etag})
    assert answer.status == 412
    assert ok(artist.get(PATH))["is_confirmed"] is False


def test_a_business_is_known_and_taxed_without_a_trip_more(artist: Client) -> None:
    store([on_sale(1, "120.00")])
    with UnitOfWork() as work:
        TERMS.add(work, SellingTerms(taxes=by_country(), version=1))
    ok(artist.put(PATH, json={"confirmed": True}))
    with meter() as usage:
        assert _order()["tax_treatment"] == "reverse_charge"
    assert usage.calls == 3
