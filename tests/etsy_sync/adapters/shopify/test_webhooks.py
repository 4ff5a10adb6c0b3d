"""Webhooks: which are genuine, and what they say."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput, Unauthenticated
from etsy_sync.adapters.interface import NotConfigured
from etsy_sync.adapters.shopify.webhooks import Event, is_signed, read_event, sign
from tests.etsy_sync.adapters.shopify.conftest import Time
from tools.fakes.shopify_server import SECRET, SHOP_DOMAIN, ShopifyServer
from tools.fakes.shopify_webhooks import Webhook


@pytest.fixture
def webhook(shop: ShopifyServer) -> Webhook:
    """The webhook of an order."""
    shop.create_product(sku="PRINT-1", available=5, price="12.30")
    shop.buy("PRINT-1", 2)
    return shop.webhooks("orders/create")[0]


def read(webhook: Webhook, time: Time, *secrets: str, **headers: str) -> Event:
    """The event of a webhook, some of whose headers are changed."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_event(webhook.headers | changed, webhook.body, secrets or (SECRET,), time.now)


def test_a_genuine_webhook_is_read(webhook: Webhook, time: Time) -> None:
    event = read(webhook, time)
    assert event.id == webhook.headers["X-Shopify-Event-Id"]
    assert (event.topic, event.shop_domain) == ("orders/create", SHOP_DOMAIN)
    assert event.triggered_at == time.now
    assert event.payload["line_items"][0]["price"] == "12.30"


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda name: name.removeprefix("X-")])
def test_header_names_are_read_in_any_style(webhook: Webhook, time: Time, change: Any) -> None:
    headers = {change(name): value for name, value in webhook.headers.items()}
    assert read_event(headers, webhook.body, [SECRET], time.now).topic == "orders/create"


def test_the_previous_secret_is_accepted(webhook: Webhook, time: Time) -> None:
    assert read(webhook, time, "the new secret", SECRET).topic == "orders/create"


def test_another_secret_is_not_accepted(webhook: Webhook, time: Time) -> None:
    with pytest.raises(Unauthenticated):
        read(webhook, time, "the new secret")


@pytest.mark.parametrize("signature", ["", "AAAA", "è", "not base64"])
def test_another_signature_is_not_accepted(webhook: Webhook, time: Time, signature: str) -> None:
    with pytest.raises(Unauthenticated):
        read(webhook, time, X_Shopify_Hmac_SHA256=signature)


@given(place=st.integers(min_value=0, max_value=39), other=st.integers(min_value=1, max_value=255))
def test_a_body_that_was_changed_anywhere_is_not_accepted(place: int, other: int) -> None:
    body = b'{"id": 820982911946154508, "test": true}'
    changed = bytearray(body)
    changed[place] ^= other
    assert is_signed(body, sign(body, SECRET), [SECRET])
    assert not is_signed(bytes(changed), sign(body, SECRET), [SECRET])


def test_without_a_secret_nothing_is_accepted(webhook: Webhook, time: Time) -> None:
    with pytest.raises(NotConfigured):
        read_event(webhook.headers, webhook.body, (), time.now)


def test_what_is_signed_with_an_empty_secret_is_not_accepted(webhook: Webhook, time: Time) -> None:
    with pytest.raises(Unauthenticated):
        read(webhook, time, SECRET, X_Shopify_Hmac_SHA256=sign(webhook.body, ""))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"', b"\xff"])
def test_a_signed_body_that_is_no_json_object_is_refused(webhook: Webhook, time: Time, body: bytes) -> None:
    headers = webhook.headers | {"X-Shopify-Hmac-SHA256": sign(body, SECRET)}
    with pytest.raises(InvalidInput):
        read_event(headers, body, [SECRET], time.now)


def test_without_an_event_id_the_delivery_id_stands_for_it(webhook: Webhook, time: Time) -> None:
    event = read(webhook, time, X_Shopify_Event_Id="")
    assert event.id == webhook.headers["X-Shopify-Webhook-Id"]


@pytest.mark.parametrize("missing", ["X_Shopify_Topic", "X_Shopify_Shop_Domain"])
def test_a_missing_header_is_named(webhook: Webhook, time: Time, missing: str) -> None:
    with pytest.raises(InvalidInput, match=missing.replace("_", "-")):
        read(webhook, time, **{missing: ""})


def test_a_webhook_without_a_moment_gets_the_present_one(webhook: Webhook, time: Time) -> None:
    time.now += timedelta(hours=3)
    assert read(webhook, time, X_Shopify_Triggered_At="").triggered_at == time.now


def test_a_moment_that_is_none_is_refused(webhook: Webhook, time: Time) -> None:
    with pytest.raises(InvalidInput):
        read(webhook, time, X_Shopify_Triggered_At="yesterday")


def test_numbers_are_read_exactly(webhook: Webhook, time: Time) -> None:
    body = json.dumps({"id": 820982911946154508}).encode()[:-1] + b', "price": 0.1}'
    headers = webhook.headers | {"X-Shopify-Hmac-SHA256": sign(body, SECRET)}
    payload = read_event(headers, body, [SECRET], time.now).payload
    assert payload == {"id": 820982911946154508, "price": Decimal("0.1")}


def test_an_event_does_not_show_its_payload(webhook: Webhook, time: Time) -> None:
    assert "PRINT-1" not in repr(read(webhook, time))
