"""Webhooks: which are genuine, and what they say."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput, Unauthenticated
from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.orders import Notice
from etsy_sync.adapters.shopify.webhooks import ORDER_TOPICS, is_signed, read_notice, sign
from tools.fakes.shopify_server import SECRET, SHOP_DOMAIN, ShopifyServer
from tools.fakes.shopify_webhooks import Webhook


@pytest.fixture
def webhook(shop: ShopifyServer) -> Webhook:
    """The webhook of an order."""
    shop.create_product(sku="PRINT-1", available=5, price="12.30")
    shop.buy("PRINT-1", 2)
    return shop.webhooks("orders/create")[0]


def read(webhook: Webhook, *secrets: str, **headers: str) -> Notice:
    """What a webhook tells, some of whose headers are changed."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_notice(webhook.headers | changed, webhook.body, secrets or (SECRET,))


def test_a_genuine_webhook_is_read(webhook: Webhook, shop: ShopifyServer) -> None:
    [number] = shop.shop.orders
    event_id = webhook.headers["X-Shopify-Event-Id"]
    assert read(webhook) == Notice(
        id=f"orders/create:{event_id}", kind="orders/create", shop=SHOP_DOMAIN, order_id=str(number)
    )


def test_every_topic_of_an_order_names_it(shop: ShopifyServer) -> None:
    shop.create_product(sku="PRINT-1", available=9)
    number = shop.buy("PRINT-1", 3)
    shop.refund(number, "return", 1)
    shop.edit(number, 1)
    shop.cancel_order(number)
    told = {webhook.topic: read(webhook).order_id for webhook in shop.webhooks(*ORDER_TOPICS)}
    assert told == dict.fromkeys(ORDER_TOPICS, str(number))


def test_a_level_names_the_item(shop: ShopifyServer) -> None:
    [made] = shop.create_product(sku="A", available=3)
    shop.set_quantity(7, "A")
    [webhook] = shop.webhooks("inventory_levels/update")
    assert (read(webhook).target, read(webhook).order_id) == (made["inventory_item_id"], None)


def test_another_topic_names_nothing(webhook: Webhook) -> None:
    notice = read(webhook, X_Shopify_Topic="shop/update")
    assert (notice.kind, notice.order_id, notice.target) == ("shop/update", None, None)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("orders/create", {}),
        ("orders/create", {"id": "1"}),
        ("orders/cancelled", {"id": True}),
        ("refunds/create", {"id": 1}),
        ("orders/edited", {"order_edit": None}),
        ("orders/edited", {"order_edit": {"order_id": 1.5}}),
        ("inventory_levels/update", {"location_id": 2, "available": 1}),
    ],
)
def test_an_event_that_names_no_order_or_item_is_refused(
    webhook: Webhook, topic: str, payload: dict[str, Any]
) -> None:
    body = json.dumps(payload).encode()
    headers = webhook.headers | {"X-Shopify-Topic": topic, "X-Shopify-Hmac-SHA256": sign(body, SECRET)}
    with pytest.raises(InvalidInput, match="must be a number"):
        read_notice(headers, body, [SECRET])


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda name: name.removeprefix("X-")])
def test_header_names_are_read_in_any_style(webhook: Webhook, change: Any) -> None:
    headers = {change(name): value for name, value in webhook.headers.items()}
    assert read_notice(headers, webhook.body, [SECRET]).kind == "orders/create"


def test_the_previous_secret_is_accepted(webhook: Webhook) -> None:
    assert read(webhook, "the new secret", SECRET).kind == "orders/create"


def test_another_secret_is_not_accepted(webhook: Webhook) -> None:
    with pytest.raises(Unauthenticated):
        read(webhook, "the new secret")


@pytest.mark.parametrize("signature", ["", "AAAA", "è", "not base64"])
def test_another_signature_is_not_accepted(webhook: Webhook, signature: str) -> None:
    with pytest.raises(Unauthenticated):
        read(webhook, X_Shopify_Hmac_SHA256=signature)


@given(place=st.integers(min_value=0, max_value=39), other=st.integers(min_value=1, max_value=255))
def test_a_body_that_was_changed_anywhere_is_not_accepted(place: int, other: int) -> None:
    body = b'{"id": 820982911946154508, "test": true}'
    changed = bytearray(body)
    changed[place] ^= other
    assert is_signed(body, sign(body, SECRET), [SECRET])
    assert not is_signed(bytes(changed), sign(body, SECRET), [SECRET])


def test_without_a_secret_nothing_is_accepted(webhook: Webhook) -> None:
    with pytest.raises(NotConfigured):
        read_notice(webhook.headers, webhook.body, ())


def test_what_is_signed_with_an_empty_secret_is_not_accepted(webhook: Webhook) -> None:
    with pytest.raises(Unauthenticated):
        read(webhook, SECRET, X_Shopify_Hmac_SHA256=sign(webhook.body, ""))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"', b"\xff"])
def test_a_signed_body_that_is_no_json_object_is_refused(webhook: Webhook, body: bytes) -> None:
    headers = webhook.headers | {"X-Shopify-Hmac-SHA256": sign(body, SECRET)}
    with pytest.raises(InvalidInput):
        read_notice(headers, body, [SECRET])


def test_without_an_event_id_the_delivery_id_stands_for_it(webhook: Webhook) -> None:
    delivery = webhook.headers["X-Shopify-Webhook-Id"]
    assert read(webhook, X_Shopify_Event_Id="").id == f"orders/create:{delivery}"


@pytest.mark.parametrize("missing", ["X_Shopify_Topic", "X_Shopify_Shop_Domain"])
def test_a_missing_header_is_named(webhook: Webhook, missing: str) -> None:
    with pytest.raises(InvalidInput, match=missing.replace("_", "-")):
        read(webhook, **{missing: ""})


def test_an_event_does_not_show_its_payload(webhook: Webhook) -> None:
    assert "PRINT-1" not in repr(read(webhook))
