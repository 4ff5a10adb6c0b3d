"""What the channels tell over HTTP: verified first, done once, and asked for again when it failed."""

import json
from datetime import timedelta
from typing import Any

import pytest

from common.clock import utc_now
from common.http import errors
from common.http.body import MAX_JSON_BYTES
from etsy_sync.links.etsy_listings import SCHEDULER, link_listing
from etsy_sync.repositories.etsy_receipts import newest_receipts
from tests.catalog.builders import ok, refused
from tests.common.stock_builders import SKU, on_shelf, physical
from tests.etsy_sync.routes.conftest import imported
from tests.support.http import Answer, Client
from tools.fakes.etsy_server import EtsyServer
from tools.fakes.etsy_webhooks import Event, signature
from tools.fakes.shopify_server import ShopifyServer
from tools.fakes.shopify_webhooks import Webhook

ETSY, SHOPIFY = "/api/webhooks/etsy", "/api/webhooks/shopify"


def etsy_tells(visitor: Client, event: Event, **changed: str) -> Answer:
    headers = event.headers(utc_now()) | {name.replace("_", "-"): value for name, value in changed.items()}
    return visitor.post(ETSY, data=event.body, headers=headers)


def shopify_tells(visitor: Client, webhook: Webhook, **changed: str) -> Answer:
    headers = webhook.headers | {name.replace("_", "-"): value for name, value in changed.items()}
    return visitor.post(SHOPIFY, data=webhook.body, headers=headers)


def signed(body: bytes) -> Event:
    return Event("msg_1", body)


@pytest.fixture
def sale(connected: EtsyServer) -> Event:
    """Etsy's event of a sale of two of five pieces."""
    on_shelf(5)
    listing = connected.create_listing(skus={SKU: 5})
    imported(listing, SKU)
    link_listing(listing, 1, SCHEDULER, utc_now())
    connected.buy(listing, SKU, 2)
    return connected.webhooks.events[-1]


@pytest.fixture
def order(shopify: ShopifyServer) -> Webhook:
    """Shopify's webhook of an order of two of five pieces."""
    on_shelf(5)
    shopify.create_product(sku=SKU, available=5)
    shopify.buy(SKU, 2)
    return shopify.webhooks("orders/create")[0]


def test_a_sale_on_etsy_is_applied_once_however_often_it_is_told(visitor: Client, sale: Event) -> None:
    for _ in range(2):
        assert ok(etsy_tells(visitor, sale)) == {"received": True, "eventType": "order.paid"}
    assert physical() == 3
    assert len(newest_receipts(10)[0]) == 1


def test_a_sale_on_shopify_is_applied_once_however_often_it_is_told(visitor: Client, order: Webhook) -> None:
    for _ in range(2):
        assert ok(shopify_tells(visitor, order)) == {"received": True, "eventType": "orders/create"}
    assert physical() == 3


def test_a_webhook_that_nobody_signed_is_refused_and_does_nothing(
    visitor: Client, sale: Event, connected: EtsyServer
) -> None:
    connected.asked.clear()
    refused(etsy_tells(visitor, sale, webhook_signature="v1,AAAA"), 401, "signature")
    refused(etsy_tells(visitor, sale, webhook_signature=""), 401, "signature")
    refused(visitor.post(ETSY, data=sale.body), 401, "signature")
    assert (physical(), connected.asked) == (5, [])


def test_a_shopify_webhook_that_nobody_signed_is_refused(visitor: Client, order: Webhook) -> None:
    refused(shopify_tells(visitor, order, X_Shopify_Hmac_SHA256="AAAA"), 401, "signature")
    refused(visitor.post(SHOPIFY, data=order.body), 401, "signature")
    assert physical() == 5


def test_an_old_webhook_of_etsy_is_refused(visitor: Client, sale: Event) -> None:
    headers = sale.headers(utc_now() - timedelta(minutes=6))
    refused(visitor.post(ETSY, data=sale.body, headers=headers), 401, "too old")


def test_a_webhook_of_another_shop_of_the_app_is_refused(visitor: Client, order: Webhook) -> None:
    refused(shopify_tells(visitor, order, X_Shopify_Shop_Domain="other.myshopify.com"), 401, "another shop")
    assert physical() == 5


def test_a_signed_body_that_is_no_json_is_refused(visitor: Client, etsy: EtsyServer, order: Webhook) -> None:
    refused(etsy_tells(visitor, signed(b"no json")), 400, "JSON")
    from etsy_sync.adapters.shopify.webhooks import sign
    from tools.fakes.shopify_server import SECRET

    broken = Webhook(order.topic, order.headers | {"X-Shopify-Hmac-SHA256": sign(b"{", SECRET)}, b"{")
    refused(shopify_tells(visitor, broken), 400, "JSON")


def test_the_signature_is_checked_before_the_body_is_read(visitor: Client, etsy: EtsyServer) -> None:
    refused(etsy_tells(visitor, signed(b"no json"), webhook_signature="v1,AAAA"), 401)


@pytest.mark.parametrize("environment", ["development", "test", "production"])
@pytest.mark.parametrize("path", [ETSY, SHOPIFY])
def test_without_a_secret_nothing_is_believed_anywhere(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, environment: str, path: str
) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    headers = signed(b"{}").headers(utc_now())
    refused(visitor.post(path, data=b"{}", headers=headers), 503, "not configured")


def test_an_unusable_secret_is_not_a_500(
    visitor: Client, etsy: EtsyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETSY_WEBHOOK_SECRET", "whsec_not base64!")
    refused(etsy_tells(visitor, signed(b"{}")), 503, "not configured")


@pytest.mark.parametrize("path", [ETSY, SHOPIFY])
def test_a_body_beyond_a_megabyte_is_refused(
    visitor: Client, etsy: EtsyServer, shopify: ShopifyServer, path: str
) -> None:
    refused(visitor.post(path, data=b" " * (MAX_JSON_BYTES + 1)), 413)
    refused(visitor.post(path, data=b" " * MAX_JSON_BYTES), 401)


def test_an_event_that_could_not_be_done_is_asked_for_again(
    visitor: Client, sale: Event, connected: EtsyServer, capsys: pytest.CaptureFixture[str]
) -> None:
    connected.fail_next(10)
    answer = etsy_tells(visitor, sale)
    refused(answer, 500, "send it again")
    assert "Transient" in capsys.readouterr().out
    assert physical() == 5
    connected.fail_next(0)
    ok(etsy_tells(visitor, sale))
    assert physical() == 3


def test_an_event_that_means_nothing_here_is_received(visitor: Client, connected: EtsyServer) -> None:
    connected.webhooks.happened("shop.renamed", f"{connected.url}/v3/x", 12345, utc_now())
    assert ok(etsy_tells(visitor, connected.webhooks.events[-1]))["eventType"] == "shop.renamed"


def test_a_signature_belongs_to_its_id_and_time(visitor: Client, sale: Event) -> None:
    now = utc_now()
    other = signature("msg_other", str(int(now.timestamp())), sale.body)
    refused(etsy_tells(visitor, sale, webhook_signature=f"v1,{other}"), 401)


def test_nothing_of_a_customer_is_logged(
    visitor: Client, order: Webhook, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("jane@example.com cannot be stored")

    monkeypatch.setattr("etsy_sync.inbound.orders.handle", fail)
    refused(shopify_tells(visitor, order), 500)
    assert "jane@example.com" not in capsys.readouterr().out


DEEP = b'{"data":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001


def test_a_signed_body_that_is_nested_thousands_deep_is_a_400(
    visitor: Client, etsy: EtsyServer, shopify: ShopifyServer, order: Webhook
) -> None:
    from etsy_sync.adapters.shopify.webhooks import sign
    from tools.fakes.shopify_server import SECRET

    refused(etsy_tells(visitor, signed(DEEP)), 400, "nested")
    deep = Webhook(order.topic, order.headers | {"X-Shopify-Hmac-SHA256": sign(DEEP, SECRET)}, DEEP)
    refused(shopify_tells(visitor, deep), 400, "nested")


def test_an_event_of_etsy_whose_id_is_no_key_is_a_400_and_does_nothing(visitor: Client, sale: Event) -> None:
    refused(etsy_tells(visitor, Event("m" * 3_000, sale.body)), 400, "255")
    assert physical() == 5


@pytest.mark.parametrize("header", ["X_Shopify_Event_Id", "X_Shopify_Topic"])
def test_an_event_of_shopify_whose_id_is_no_key_is_a_400_and_does_nothing(
    visitor: Client, order: Webhook, header: str
) -> None:
    refused(shopify_tells(visitor, order, **{header: "e" * 3_000}), 400, "255")
    assert physical() == 5


def test_strangers_cannot_fill_the_log_of_what_is_not_set_up(
    visitor: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    errors._tell_once.cache_clear()
    for _ in range(5):
        for path in (ETSY, SHOPIFY):
            refused(visitor.post(path, data=b"{}", headers=signed(b"{}").headers(utc_now())), 503)
        refused(visitor.get("/api/integrations/etsy/callback", params={"code": "c", "state": "s"}), 503)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [line for line in lines if line["message"] != "request"]
    assert {line["level"] for line in told} == {"WARNING"}
    assert len(told) == 3
