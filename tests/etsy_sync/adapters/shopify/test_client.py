"""Calls to the shop: tokens, cost, versions, and what each failure becomes."""

import json
import logging
from datetime import timedelta

import pytest

from common.logging import logger
from etsy_sync.adapters.http import Caller
from etsy_sync.adapters.interface import AuthExpired, NotConfigured, RateLimited, Rejected, Transient
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.inventory import stocks_of
from etsy_sync.adapters.shopify.products import VARIANTS
from etsy_sync.adapters.shopify.settings import ShopifySettings
from tests.etsy_sync.adapters.shopify.conftest import Time
from tools.fakes.serving import Answered
from tools.fakes.shopify_server import BUCKET, LOCATION, ShopifyServer

# A page of variants costs 252 points.
PAGE = {"location": f"gid://shopify/Location/{LOCATION}", "first": 50, "after": None, "search": None}


def ask(client: ShopifyClient) -> object:
    """One call that costs three points."""
    return list(stocks_of(client, ["1"]))


def graphql_calls(shop: ShopifyServer) -> int:
    return sum(asked.path.endswith("graphql.json") for asked in shop.asked)


def test_one_token_serves_many_calls(client: ShopifyClient, shop: ShopifyServer) -> None:
    for _ in range(3):
        ask(client)
    assert len(shop.tokens) == 1


def test_a_token_is_replaced_five_minutes_before_its_end(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    ask(client)
    time.now += timedelta(seconds=86_399 - 301)
    ask(client)
    assert len(shop.tokens) == 1
    time.now += timedelta(seconds=2)
    ask(client)
    assert len(shop.tokens) == 2
    assert graphql_calls(shop) == 3


def test_a_token_that_is_refused_is_replaced_once(client: ShopifyClient, shop: ShopifyServer) -> None:
    ask(client)
    shop.expire_tokens()
    assert ask(client) == []
    assert len(shop.tokens) == 1


def test_a_new_token_that_is_refused_too_asks_for_the_owner(
    client: ShopifyClient, shop: ShopifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    monkeypatch.setattr(shop, "tokens", type("Forgetful", (dict,), {"__setitem__": lambda *_: None})())
    with pytest.raises(AuthExpired):
        ask(client)


def test_an_app_that_is_refused_a_token_asks_for_the_owner(
    settings: ShopifySettings, caller: Caller, time: Time
) -> None:
    wrong = ShopifySettings(
        settings.shop_domain, "another", "secret", "", LOCATION, api_base=settings.api_base
    )
    with pytest.raises(AuthExpired):
        ask(ShopifyClient(wrong, caller, time.clock))


def test_neither_the_secret_nor_a_token_is_shown(
    client: ShopifyClient, settings: ShopifySettings, shop: ShopifyServer
) -> None:
    ask(client)
    shown = repr(settings) + repr(client) + repr(vars(client))
    assert settings.client_secret not in shown
    assert next(iter(shop.tokens)) not in shown


def test_a_missing_setting_is_named_before_anything_is_sent(caller: Caller, time: Time) -> None:
    client = ShopifyClient(ShopifySettings(shop_domain="a.myshopify.com", client_id="1"), caller, time.clock)
    with pytest.raises(NotConfigured, match="SHOPIFY_CLIENT_SECRET, SHOPIFY_LOCATION_ID not set"):
        ask(client)


def test_a_call_that_costs_too_much_now_waits_as_long_as_the_bucket_needs(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.throttle(available=2)
    client.graphql(VARIANTS, PAGE, is_repeatable=True)
    assert time.waits == [3]
    assert graphql_calls(shop) == 2


def test_a_throttled_mutation_without_a_key_may_be_sent_again(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.throttle(available=0)
    client.graphql(VARIANTS, PAGE, is_repeatable=False)
    assert len(time.waits) == 1


def test_a_call_that_would_wait_too_long_goes_back(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.throttle(available=0)
    with pytest.raises(RateLimited) as limited:
        client.graphql(VARIANTS, PAGE | {"first": 190}, is_repeatable=True)
    assert limited.value.retry_after == 10
    assert not limited.value.is_daily
    assert time.waits == []


def test_a_bucket_that_others_keep_empty_is_given_up_on(
    settings: ShopifySettings, caller: Caller, shop: ShopifyServer, time: Time
) -> None:
    def sleep(seconds: float) -> None:
        time.waits.append(seconds)

    client = ShopifyClient(settings, Caller(caller.session, sleep), time.clock)
    shop.throttle(available=0)
    with pytest.raises(RateLimited) as limited:
        client.graphql(VARIANTS, PAGE, is_repeatable=True)
    assert time.waits == [3, 3, 3]
    assert limited.value.retry_after == 3


def test_a_throttled_call_that_is_answered_with_429_waits_too(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    shop.throttle(available=0, status=429)
    client.graphql(VARIANTS, PAGE, is_repeatable=True)
    assert time.waits == [1, 1, 1]
    assert graphql_calls(shop) == 4


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_after_a_lost_answer_leaves_open_whether_the_call_was_carried_out(
    client: ShopifyClient, shop: ShopifyServer, status: int
) -> None:
    ask(client)
    shop.lose_next()
    shop.faults.after = lambda: shop.fail_next(9, status, retry_after=30)
    with pytest.raises(Transient):
        ask(client)


def test_being_throttled_for_long_after_a_lost_answer_leaves_it_open_too(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    ask(client)
    shop.lose_next()
    shop.faults.after = lambda: shop.throttle(available=-3000)
    with pytest.raises(Transient):
        ask(client)


def test_a_long_wait_that_429_asks_for_goes_back(client: ShopifyClient, shop: ShopifyServer) -> None:
    ask(client)
    shop.fail_next(status=429, retry_after=30)
    with pytest.raises(RateLimited) as limited:
        ask(client)
    assert limited.value.retry_after == 30


def test_a_call_that_costs_more_than_one_may_is_refused(client: ShopifyClient) -> None:
    with pytest.raises(Rejected) as refused:
        client.graphql(VARIANTS, PAGE | {"first": 250}, is_repeatable=True)
    assert refused.value.code == "MAX_COST_EXCEEDED"


def test_a_call_that_costs_more_than_the_bucket_holds_is_refused_at_once(
    client: ShopifyClient, shop: ShopifyServer, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.fakes.shopify_schema.LARGEST_COST", 9999)
    monkeypatch.setattr("tools.fakes.shopify_server.BUCKET", 500)
    shop.throttle(available=500)
    with pytest.raises(Rejected) as refused:
        client.graphql(VARIANTS, PAGE | {"first": 250}, is_repeatable=True)
    assert refused.value.code == "COST_EXCEEDED"
    assert time.waits == []


def test_what_a_call_did_not_use_is_given_back(client: ShopifyClient, shop: ShopifyServer) -> None:
    shop.create_product(sku="A")
    for _ in range(40):
        client.graphql(VARIANTS, PAGE, is_repeatable=True)
    assert graphql_calls(shop) == 40
    assert shop._available > BUCKET - 40 * 10


def test_a_server_that_keeps_answering_429_is_asked_four_times(
    client: ShopifyClient, shop: ShopifyServer, time: Time
) -> None:
    ask(client)
    shop.fail_next(99, 429, retry_after=2)
    with pytest.raises(RateLimited):
        ask(client)
    assert time.waits == [2, 2, 2]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_broken_server_is_asked_again(
    client: ShopifyClient, shop: ShopifyServer, time: Time, status: int
) -> None:
    ask(client)
    shop.fail_next(3, status)
    assert ask(client) == []
    assert len(time.waits) == 3


def test_a_server_that_stays_broken_is_transient(client: ShopifyClient, shop: ShopifyServer) -> None:
    ask(client)
    shop.fail_next(9)
    with pytest.raises(Transient):
        ask(client)


def test_what_must_not_be_repeated_is_sent_once(client: ShopifyClient, shop: ShopifyServer) -> None:
    ask(client)
    shop.lose_next()
    with pytest.raises(Transient):
        client.graphql(VARIANTS, PAGE, is_repeatable=False)
    assert graphql_calls(shop) == 2


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html>", Transient),
        (b"[]", Transient),
        (b'{"data": null}', Transient),
        (b'{"errors": [{"message": "oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}', Transient),
        (b'{"errors": "Not allowed"}', Rejected),
        (b'{"errors": [{"message": "no extensions"}], "data": {}}', Rejected),
    ],
)
def test_what_is_no_good_answer_becomes_an_error(
    client: ShopifyClient,
    shop: ShopifyServer,
    body: bytes,
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shop, "_graphql", lambda _: Answered(200, body))
    with pytest.raises(error):
        ask(client)


def test_a_scope_that_the_app_was_not_given_is_named(client: ShopifyClient, shop: ShopifyServer) -> None:
    shop.access.scopes.discard("read_inventory")
    with pytest.raises(Rejected, match=r"ACCESS_DENIED: .*read_inventory"):
        ask(client)


def test_a_query_that_the_schema_does_not_know_is_refused(client: ShopifyClient) -> None:
    with pytest.raises(Rejected):
        client.graphql('{ nodes(ids: ["1"]) { colour } }', {}, is_repeatable=True)


def test_a_redirect_is_not_followed(client: ShopifyClient, shop: ShopifyServer) -> None:
    ask(client)
    shop.fail_next(status=301)
    with pytest.raises(Rejected) as refused:
        ask(client)
    assert refused.value.code == "HTTP_301"


def test_the_pinned_version_is_asked_for(client: ShopifyClient, shop: ShopifyServer) -> None:
    ask(client)
    assert shop.asked[-1].path == "/admin/api/2026-10/graphql.json"


def test_another_version_is_warned_of_once(
    client: ShopifyClient, shop: ShopifyServer, capsys: pytest.CaptureFixture[str]
) -> None:
    logger().setLevel(logging.INFO)
    ask(client)
    shop.served_version = "2026-07"
    ask(client)
    ask(client)
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["level"], line["pinned"], line["served"]) == ("WARNING", "2026-10", "2026-07")
