"""What the fake shop refuses and sends, as the real one would."""

import json
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
import requests

from tools.fakes.serving import Answered, Asked, Server, serving
from tools.fakes.shopify_server import CLIENT_ID, LOCATION, SECRET, ShopifyServer
from tools.fakes.shopify_webhooks import signature

KEY = "3f5b6ebf-143c-4da5-8d0f-fb8553bfd85d"
SET = """
mutation Set($input: InventorySetQuantitiesInput!) {
  inventorySetQuantities(input: $input) %s { userErrors { code } }
}
"""
DIRECTIVE = f'@idempotent(key: "{KEY}")'


class Receiver(Server):
    """Takes webhooks and answers them with a status; `on_arrival` runs before."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.arrived = Event()
        self.on_arrival: Callable[[], object] = self.arrived.set

    def handle(self, asked: Asked) -> Answered:
        self.on_arrival()
        return Answered(self.status, {})


@pytest.fixture
def receiver(shop: ShopifyServer) -> Iterator[Receiver]:
    server = Receiver()
    with serving(server) as url:
        shop.send_webhooks_to(f"{url}/api/webhooks/shopify")
        yield server


def control(shop: ShopifyServer, name: str, **options: object) -> requests.Response:
    return requests.post(f"{shop.url}/_control/{name}", json=options, timeout=5)


def mutate(shop: ShopifyServer, directive: str, **row: object) -> dict[str, Any]:
    """The answer to a mutation that a person wrote."""
    variables = {"input": {"name": "available", "reason": "correction", "quantities": [row]}}
    return post(shop, SET % directive, variables)


def post(shop: ShopifyServer, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The answer to a query that a person wrote."""
    credentials = {"client_id": CLIENT_ID, "client_secret": SECRET, "grant_type": "client_credentials"}
    token = requests.post(f"{shop.url}/admin/oauth/access_token", json=credentials, timeout=5).json()
    answer = requests.post(
        f"{shop.url}/admin/api/2026-10/graphql.json",
        json={"query": query, "variables": variables},
        headers={"X-Shopify-Access-Token": token["access_token"]},
        timeout=5,
    )
    found: dict[str, Any] = answer.json()
    return found


def row(shop: ShopifyServer) -> dict[str, object]:
    item = shop.create_product(sku="A", available=1)[0]["inventory_item_id"]
    return {
        "inventoryItemId": f"gid://shopify/InventoryItem/{item}",
        "locationId": f"gid://shopify/Location/{LOCATION}",
        "quantity": 3,
    }


def test_a_write_without_the_directive_is_refused(shop: ShopifyServer) -> None:
    answer = mutate(shop, "", **row(shop), changeFromQuantity=1)
    assert "@idempotent directive is required" in json.dumps(answer)
    assert shop.available("A") == 1


def test_a_write_without_the_quantity_that_it_changes_is_refused(shop: ShopifyServer) -> None:
    answer = mutate(shop, DIRECTIVE, **row(shop))
    assert "changeFromQuantity" in json.dumps(answer)
    assert shop.available("A") == 1


def test_a_write_may_say_that_it_does_not_compare(shop: ShopifyServer) -> None:
    mutate(shop, DIRECTIVE, **row(shop), changeFromQuantity=None)
    assert shop.available("A") == 3


def test_a_person_can_play_the_buyer(shop: ShopifyServer) -> None:
    control(shop, "create_product", sku="A", available=2)
    order = control(shop, "buy", sku="A", quantity=2).json()["result"]
    assert control(shop, "buy", sku="A").status_code == 400
    control(shop, "cancel_order", order=order, restock=True)
    shown = control(shop, "show").json()["result"]
    assert shown["variants"][0]["available"] == 2
    assert shown["orders"][0]["is_cancelled"]


def test_a_field_of_the_buyer_that_is_not_approved_is_null_and_the_rest_is_there(shop: ShopifyServer) -> None:
    shop.create_product(sku="A", available=2)
    order = shop.buy("A", email="maria@example.com", buyer="Maria Rossi")
    control(shop, "approve", fields=["name"])
    asked = f'{{ order(id: "gid://shopify/Order/{order}") {{ name email customer {{ lastName }} }} }}'
    answer = post(shop, asked, {})
    assert answer["data"] == {"order": {"name": "#1001", "email": None, "customer": {"lastName": "Rossi"}}}
    [error] = answer["errors"]
    assert error["message"].startswith("This app is not approved to use the email field. ")
    assert (error["path"], error["extensions"]) == (["order", "email"], {"code": "ACCESS_DENIED"})


def test_a_customer_without_the_scope_is_null_and_the_rest_is_there(shop: ShopifyServer) -> None:
    shop.create_product(sku="A", available=2)
    order = shop.buy("A", buyer="Maria Rossi")
    shop.access.scopes.discard("read_customers")
    wanted = "customer { lastName } billingAddress { name }"
    asked = f'{{ order(id: "gid://shopify/Order/{order}") {{ {wanted} }} }}'
    answer = post(shop, asked, {})
    assert answer["data"] == {"order": {"customer": None, "billingAddress": {"name": "Maria Rossi"}}}
    [error] = answer["errors"]
    assert (error["path"], error["extensions"]) == (["order", "customer"], {"code": "ACCESS_DENIED"})


def test_more_than_was_bought_cannot_be_refunded(shop: ShopifyServer) -> None:
    shop.create_product(sku="A", available=2)
    order = shop.buy("A", 2)
    shop.refund(order, "return", 1)
    assert control(shop, "refund", order=order, quantity=2).status_code == 400
    assert shop.available("A") == 1


def test_webhooks_are_signed_and_wait_to_be_delivered(shop: ShopifyServer, receiver: Receiver) -> None:
    shop.create_product(sku="A", available=2)
    shop.buy("A")
    assert receiver.asked == []
    assert control(shop, "deliver").json()["result"] == [
        ["orders/create", 200],
        ["inventory_levels/update", 200],
    ]
    for asked in receiver.asked:
        assert asked.headers["x-shopify-hmac-sha256"] == signature(asked.body, SECRET)


def test_a_webhook_that_is_refused_keeps_waiting(shop: ShopifyServer, receiver: Receiver) -> None:
    shop.create_product(sku="A", available=2)
    shop.buy("A")
    receiver.status = 503
    shop.deliver(1)
    receiver.status = 200
    assert [topic for topic, _ in shop.deliver()] == ["orders/create", "inventory_levels/update"]


def test_webhooks_can_be_repeated_and_turned_round(shop: ShopifyServer, receiver: Receiver) -> None:
    shop.create_product(sku="A", available=2)
    shop.cancel_order(shop.buy("A"))
    shop.reverse()
    shop.deliver()
    shop.redeliver(1)
    topics = [asked.headers["x-shopify-topic"] for asked in receiver.asked]
    assert topics[-2:] == ["orders/create", "orders/create"]
    assert "orders/cancelled" in topics[:-2]
    ids = [asked.headers["x-shopify-event-id"] for asked in receiver.asked]
    assert ids[-1] == ids[-2]


def test_an_own_write_comes_back_as_a_webhook(shop: ShopifyServer) -> None:
    mutate(shop, DIRECTIVE, **row(shop), changeFromQuantity=1)
    [echo] = shop.webhooks("inventory_levels/update")
    assert json.loads(echo.body)["available"] == 3


def test_webhooks_can_be_sent_at_once(shop: ShopifyServer, receiver: Receiver) -> None:
    shop.create_product(sku="A", available=2)
    shop.send_webhooks_to(receiver.url, at_once=True)
    shop.set_quantity(1, "A")
    assert receiver.arrived.wait(5)
    assert shop.webhooks() == []


def test_a_receiver_may_ask_the_shop_while_it_is_told(shop: ShopifyServer, receiver: Receiver) -> None:
    shop.create_product(sku="A", available=2)
    shop.set_quantity(1, "A")
    shown: list[requests.Response] = []
    receiver.on_arrival = lambda: shown.append(control(shop, "show"))
    control(shop, "deliver")
    assert shown[0].json()["result"]["variants"][0]["available"] == 1
