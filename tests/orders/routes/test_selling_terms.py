"""The terms on which the shop sells, over HTTP: set, shown, taken away, and not set over what is newer."""

from typing import Any

import pytest

from common.clock import utc_now
from common.http import create_app
from common.repositories.selling_terms import Seller, selling_terms
from orders.refund_completion import By
from orders.routes import selling_terms as routes_of_terms
from orders.selling_terms import remove_part, set_part
from tests.catalog.builders import actions_of, audit_of, ok, refused
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token, every_guarded_route

PATH = "/api/admin/selling-terms"
SELLER = {
    "name": "Bottega",
    "lines": ["Via Roma 1", "37121 Verona"],
    "country": "Italia",
    "vat_number": "IT01234567890",
    "email": "Shop@Example.com",
}

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def artist() -> Client:
    return Client(create_app("orders", [routes_of_terms.routes]), token=admin_token())


def _set(artist: Client, **fields: Any) -> dict[str, Any]:
    return dict(ok(artist.put(f"{PATH}/seller", json=SELLER | fields)))


def test_every_route_refuses_strangers(artist: Client) -> None:
    assert every_guarded_route(artist.app) == len(list(routes_of_terms.routes))


def test_a_shop_without_terms_has_none(artist: Client) -> None:
    assert ok(artist.get(f"{PATH}/seller")) == {"is_set": False, "version": 0, "updated_at": None}
    assert ok(artist.get(PATH))["parts"]["seller"] is None
    assert ok(artist.delete(f"{PATH}/seller"))["is_set"] is False
    assert selling_terms().version == 0


def test_a_part_is_set_whole_shown_and_taken_away(artist: Client) -> None:
    made = _set(artist)
    assert made["country"] == "IT"
    assert made["email"] == "Shop@example.com"
    assert (made["phone"], made["version"], made["is_set"]) == (None, 1, True)
    assert ok(artist.get(f"{PATH}/seller")) == made
    changed = ok(artist.put(f"{PATH}/seller", json={"name": "Atelier"}))
    assert (changed["name"], changed["lines"], changed["country"]) == ("Atelier", [], None)
    assert ok(artist.delete(f"{PATH}/seller"))["is_set"] is False
    assert selling_terms().seller is None
    assert actions_of("SellingTerms", "seller") == ["UPDATE"] * 3
    last = audit_of("SellingTerms", "seller")[-1].changes
    assert last
    assert last["seller"]["new"] is None


def test_what_was_shown_may_be_sent_back(artist: Client) -> None:
    made = _set(artist)
    assert ok(artist.put(f"{PATH}/seller", json=made)) == made
    assert actions_of("SellingTerms", "seller") == ["UPDATE"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "name"),
        ({"name": "X", "country": "Atlantis"}, "country"),
        ({"name": "X", "lines": ["a"] * 9}, "lines"),
        ({"name": "X", "lines": "Via Roma"}, "lines"),
        ({"name": "X", "email": "nobody"}, "email"),
        ({"name": "X", "version": "new"}, "version"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(artist: Client, body: dict[str, Any], told: str) -> None:
    refused(artist.put(f"{PATH}/seller", json=body), 400, told)
    assert selling_terms().version == 0


def test_a_part_that_there_is_not_is_not_found(artist: Client) -> None:
    assert artist.put(f"{PATH}/weather", json=SELLER).status == 404


def test_an_older_form_is_not_saved_over_newer_terms(artist: Client) -> None:
    first = _set(artist)
    tag = artist.get(f"{PATH}/seller").headers["etag"]
    _set(artist, name="Atelier")
    refused(artist.put(f"{PATH}/seller", json=SELLER | {"version": first["version"]}), 409, "changed")
    stale = {"If-Match": tag}
    refused(artist.put(f"{PATH}/seller", json=SELLER, headers=stale), 412, "changed")
    refused(artist.delete(f"{PATH}/seller", headers=stale), 412, "changed")
    assert ok(artist.get(f"{PATH}/seller"))["name"] == "Atelier"


def test_a_repetition_whose_answer_was_lost_is_answered_like_the_first(artist: Client) -> None:
    _set(artist)
    change = SELLER | {"name": "Atelier", "version": 1}
    assert ok(artist.put(f"{PATH}/seller", json=change)) == ok(artist.put(f"{PATH}/seller", json=change))
    assert selling_terms().version == 2


@pytest.mark.parametrize("rounds", [0, 1], ids=["the first terms", "later ones"])
def test_a_rival_who_is_faster_is_seen(rounds: int) -> None:
    artist, now = By("anna"), utc_now()
    for _ in range(rounds):
        set_part("seller", {"name": "Before"}, artist, now)

    def rival() -> None:
        set_part("seller", {"name": "Rival"}, artist, now)

    with just_before("orders.selling_terms._stored", rival):
        set_part("seller", {"name": "Mine"}, artist, now)
    assert selling_terms().seller == Seller("Mine")
    assert selling_terms().version == rounds + 2
    assert len(actions_of("SellingTerms", "seller")) == rounds + 2


def test_a_removal_counts_on_what_it_saw() -> None:
    artist, now = By("anna"), utc_now()
    set_part("seller", {"name": "Before"}, artist, now)

    def rival() -> None:
        set_part("seller", {"name": "Rival"}, artist, now)

    with just_before("orders.selling_terms._stored", rival):
        remove_part("seller", artist, now)
    assert selling_terms().seller is None
    assert selling_terms().version == 3
