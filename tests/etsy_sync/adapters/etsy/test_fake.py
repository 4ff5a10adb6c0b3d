"""The fake refuses what Etsy refuses, so that what passes here may pass there."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.etsy_sync.adapters.etsy.conftest import Clock
from tools.fakes.etsy_oauth import KEYSTRING, SHARED_SECRET
from tools.fakes.etsy_server import SHOP_ID, EtsyServer

Json = dict[str, Any]


def ask(etsy: EtsyServer, method: str, path: str, **options: Any) -> requests.Response:
    headers = {
        "x-api-key": f"{KEYSTRING}:{SHARED_SECRET}",
        "authorization": f"Bearer {next(iter(etsy.oauth.access), '')}",
        **options.pop("headers", {}),
    }
    url = f"{etsy.url}/v3/application{path}"
    return requests.request(method, url, headers=headers, timeout=5, **options)


def body() -> Json:
    offering = {"price": 12.5, "quantity": 1, "is_enabled": True, "readiness_state_id": None}
    return {"products": [{"sku": "A", "property_values": [], "offerings": [offering]}]}


def offering_with(**changes: Any) -> Callable[[Json], None]:
    return lambda sent: sent["products"][0]["offerings"][0].update(changes)


def without(name: str) -> Callable[[Json], None]:
    def remove(sent: Json) -> None:
        del sent["products"][0]["offerings"][0][name]

    return remove


MONEY = {"amount": 1250, "divisor": 100, "currency_code": "EUR"}
VALUE = {"property_id": 1, "value_ids": [1], "values": ["x"]}


@pytest.mark.parametrize(
    "spoil",
    [
        offering_with(offering_id=1),
        offering_with(is_deleted=False),
        offering_with(price=MONEY),
        offering_with(price="12.50"),
        offering_with(price=12.505),
        offering_with(quantity=0),
        offering_with(quantity=1000),
        offering_with(is_enabled=False),
        *[without(name) for name in ("price", "quantity", "is_enabled", "readiness_state_id")],
        lambda sent: sent["products"][0].update(product_id=1),
        lambda sent: sent["products"][0].update(property_values=[{**VALUE, "scale_name": None}]),
        lambda sent: sent["products"][0].update(property_values=[{**VALUE, "values": ["(x)"]}]),
        lambda sent: sent.update(quantity_on_property=[7]),
        lambda sent: sent.update(listing={}),
        lambda sent: sent.update(products=[]),
    ],
)
def test_a_body_that_etsy_refuses_is_refused(spoil: Callable[[Json], None], etsy: EtsyServer) -> None:
    etsy.grant()
    path = f"/listings/{etsy.create_listing()}/inventory"
    sent = body()
    assert ask(etsy, "PUT", path, data=json.dumps(sent)).status_code == 200
    spoil(sent)
    assert ask(etsy, "PUT", path, data=json.dumps(sent)).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/users/me", {"headers": {"x-api-key": KEYSTRING}}, 403),
        ("GET", "/users/me", {"headers": {"x-api-key": f"{KEYSTRING}:wrong"}}, 403),
        ("GET", "/users/me", {"headers": {"authorization": "Bearer wrong"}}, 401),
        ("GET", "/users/me", {"headers": {"authorization": ""}}, 401),
        ("GET", f"/shops/{SHOP_ID}/listings?limit=101", {}, 400),
        ("GET", f"/shops/{SHOP_ID}/receipts?limit=0", {}, 400),
        ("GET", f"/shops/{SHOP_ID}/listings?legacy=true", {}, 400),
        ("GET", f"/shops/{SHOP_ID}/listings?state=any", {}, 400),
        ("GET", "/shops/1/receipts", {}, 403),
        ("GET", "/listings/1/inventory", {}, 404),
    ],
)
def test_a_request_that_etsy_refuses_is_refused(
    method: str, path: str, options: Json, status: int, etsy: EtsyServer
) -> None:
    etsy.grant()
    assert ask(etsy, "GET", "/users/me").status_code == 200
    assert ask(etsy, method, path, **options).status_code == status


def test_the_day_slides(etsy: EtsyServer, clock: Clock) -> None:
    etsy.grant()
    etsy.set_limits(per_day=1)
    assert ask(etsy, "GET", "/users/me").headers["x-remaining-today"] == "0"
    refused = ask(etsy, "GET", "/users/me")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "86400")
    etsy.advance(86400)
    etsy.grant()
    tokens = list(etsy.oauth.access)
    answer = ask(etsy, "GET", "/users/me", headers={"authorization": f"Bearer {tokens[-1]}"})
    assert answer.status_code == 200


def test_a_state_is_changed_by_a_form_only(etsy: EtsyServer) -> None:
    etsy.grant()
    path = f"/shops/{SHOP_ID}/listings/{etsy.create_listing()}"
    assert ask(etsy, "PATCH", path, json={"state": "inactive"}).status_code == 400
    assert ask(etsy, "PATCH", path, data={"state": "sold_out"}).status_code == 400
    assert ask(etsy, "PATCH", path, data={"state": "inactive"}).json()["state"] == "inactive"


def test_a_person_plays_a_buyer_by_the_controls(etsy: EtsyServer) -> None:
    def control(name: str, **values: Any) -> requests.Response:
        return requests.post(f"{etsy.url}/_control/{name}", json=values, timeout=5)

    listing_id = control("create_listing", skus={"A": 2}).json()["result"]
    receipt_id = control("buy", listing_id=listing_id, sku="A", quantity=2).json()["result"]
    assert control("buy", listing_id=listing_id, sku="A").status_code == 400
    control("cancel_receipt", receipt_id=receipt_id)
    shown = control("show").json()["result"]
    assert [listing["state"] for listing in shown["listings"]] == ["sold_out"]
    assert [receipt["status"] for receipt in shown["receipts"]] == ["Canceled"]
    assert [event["event_type"] for event in shown["events"]] == [
        "listing.created",
        "order.paid",
        "inventory.out_of_stock",
        "order.canceled",
    ]
