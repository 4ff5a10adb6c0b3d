"""The stand-in for Amazon refuses what Amazon refuses, and lets a person play buyer and seller."""

from typing import Any
from urllib.parse import quote

import pytest
import requests

from etsy_sync.adapters.amazon.client import AmazonClient
from tests.etsy_sync.adapters.amazon.conftest import Time
from tools.fakes.amazon_account import MARKETPLACE
from tools.fakes.amazon_server import SELLER, AmazonServer

PATCHED = "/attributes/fulfillment_availability"


def _control(amazon: AmazonServer, name: str, **body: Any) -> tuple[int, Any]:
    answer = requests.post(f"{amazon.url}/_control/{name}", json=body, timeout=5)
    return answer.status_code, answer.json().get("result")


def _patch(
    client: AmazonClient, amazon: AmazonServer, sku: str, quantity: Any, op: str = "merge"
) -> tuple[int, Any]:
    offer = {"fulfillment_channel_code": "DEFAULT", "quantity": quantity}
    answer = requests.patch(
        f"{amazon.url}/listings/2021-08-01/items/{SELLER}/{sku}",
        params={"marketplaceIds": MARKETPLACE},
        json={"productType": "PRODUCT", "patches": [{"op": op, "path": PATCHED, "value": [offer]}]},
        headers={"x-amz-access-token": client._token.value()},
        timeout=5,
    )
    return answer.status_code, answer.json().get("status")


@pytest.mark.parametrize(("op", "lead_time"), [("merge", 3), ("replace", None)])
def test_replacing_drops_the_lead_time(
    op: str, lead_time: int | None, client: AmazonClient, amazon: AmazonServer
) -> None:
    amazon.create_listing("A", 1)
    assert _patch(client, amazon, "A", 5, op) == (200, "ACCEPTED")
    amazon.settle()
    assert (amazon.account.listings["A"].quantity, amazon.account.listings["A"].lead_time) == (5, lead_time)


def test_a_patch_of_amazons_stock_is_an_accident(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A", 1, is_fba=True)
    assert _patch(client, amazon, "A", 5) == (200, "ACCEPTED")
    assert (amazon.accidents, amazon.account.listings["A"].is_fba) == (["A"], False)


def test_a_slash_that_is_not_encoded_leads_nowhere(client: AmazonClient, amazon: AmazonServer) -> None:
    amazon.create_listing("A/B", 1)
    assert _patch(client, amazon, "A/B", 5) == (404, None)
    assert _patch(client, amazon, quote("A/B", safe=""), 5) == (200, "ACCEPTED")


@pytest.mark.parametrize("quantity", [-1, "5", None])
def test_a_quantity_that_is_none_is_invalid(
    quantity: Any, client: AmazonClient, amazon: AmazonServer
) -> None:
    amazon.create_listing("A", 1)
    assert _patch(client, amazon, "A", quantity) == (200, "INVALID")


def test_a_call_without_a_marketplace_is_refused(client: AmazonClient, amazon: AmazonServer) -> None:
    headers = {"x-amz-access-token": client._token.value()}
    url = f"{amazon.url}/listings/2021-08-01/items/{SELLER}/A"
    assert requests.get(url, headers=headers, timeout=5).status_code == 400
    assert requests.get(url, timeout=5).status_code == 403


def test_a_change_shows_after_its_delay(client: AmazonClient, amazon: AmazonServer, time: Time) -> None:
    amazon.account.delay = 60
    amazon.create_listing("A", 1)
    _patch(client, amazon, "A", 5)
    for passed, quantity in ((59, 1), (1, 5)):
        time.pass_by(passed)
        assert amazon.show()["listings"][0]["quantity"] == quantity


def test_a_person_sells_and_takes_back(amazon: AmazonServer) -> None:
    assert _control(amazon, "create_listing", sku="A", quantity=2)[0] == 200
    status, order = _control(amazon, "buy", sku="A", quantity=2)
    assert (status, _control(amazon, "buy", sku="A")[0]) == (200, 400)
    assert _control(amazon, "cancel", order_id=order, restores=True)[0] == 200
    assert _control(amazon, "buy", sku="A")[0] == 200
    assert _control(amazon, "return_item", order_id=order, sku="A")[0] == 200
    shown = _control(amazon, "show")[1]
    assert shown["listings"][0]["quantity"] == 1
    assert [one["fulfillment"]["fulfillmentStatus"] for one in shown["orders"]] == ["CANCELLED", "UNSHIPPED"]
    assert len(shown["returns"]) == 1
    assert _control(amazon, "steal")[0] == 404
