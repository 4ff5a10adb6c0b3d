"""Shopify as a channel: what it observes, compare-and-set, and a write that is carried out once."""

from uuid import uuid4

import pytest
import requests

from etsy_sync.adapters.interface import Channel, Observation, Rejected, Stale, Transient
from etsy_sync.adapters.shopify.channel import ShopifyChannel, shopify_channel
from etsy_sync.adapters.shopify.client import ShopifyClient
from etsy_sync.adapters.shopify.inventory import set_available
from tools.fakes.shopify_server import CLIENT_ID, LOCATION, SECRET, SHOP_DOMAIN, ShopifyServer

SKU = "PRINT-1"


def key() -> str:
    return str(uuid4())


@pytest.fixture
def item(shop: ShopifyServer) -> str:
    """The inventory item of a print of which five are available."""
    return str(shop.create_product(sku=SKU, available=5)[0]["inventory_item_id"])


def test_it_is_a_channel_that_shows_its_writes_at_once_and_repeats_them_exactly(
    client: ShopifyClient,
) -> None:
    channel: Channel = ShopifyChannel(client)
    assert (channel.name, channel.settles_after, channel.repeats_exactly) == ("shopify", 0, True)


def test_what_can_be_sold_is_observed(channel: ShopifyChannel, item: str) -> None:
    assert channel.observe(item, [SKU]).quantities == {SKU: 5}


def test_a_sku_that_the_item_does_not_have_is_none(channel: ShopifyChannel, item: str) -> None:
    assert channel.observe(item, ["print-1", "PRINT-1-A"]).quantities == {"print-1": None, "PRINT-1-A": None}


def test_an_item_that_is_gone_has_no_sku(channel: ShopifyChannel, shop: ShopifyServer, item: str) -> None:
    shop.delete_product(SKU)
    assert channel.observe(item, [SKU]).quantities == {SKU: None}


def test_many_items_are_observed_a_hundred_a_call(channel: ShopifyChannel, shop: ShopifyServer) -> None:
    rows = [{"sku": f"SKU-{number}", "available": number} for number in range(230)]
    made = shop.create_product(variants=rows)
    shop.create_product(sku="OTHER")
    targets = {row["inventory_item_id"]: [row["sku"]] for row in made}
    seen = dict(channel.observe_many(targets | {"1": ["GONE"]}))
    assert {item: dict(one.quantities) for item, one in seen.items()} == {
        row["inventory_item_id"]: {row["sku"]: row["available"]} for row in made
    }
    assert sum(asked.path.endswith("graphql.json") for asked in shop.asked) == 3


def test_an_item_that_shopify_does_not_count_has_no_quantity(
    channel: ShopifyChannel, shop: ShopifyServer
) -> None:
    made = shop.create_product(sku="POSTER", available=3, tracked=False)[0]
    assert channel.observe(made["inventory_item_id"], ["POSTER"]).quantities == {"POSTER": None}


def test_an_item_that_was_never_at_the_location_can_be_set_there(
    channel: ShopifyChannel, shop: ShopifyServer
) -> None:
    item = shop.create_product(sku="NEW", available=None)[0]["inventory_item_id"]
    seen = channel.observe(item, ["NEW"])
    assert seen.quantities == {"NEW": 0}
    channel.write(item, {"NEW": 2}, seen, key())
    assert shop.available("NEW") == 2


def test_more_sold_than_there_was_is_observed_as_such_and_can_be_set_right(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    shop.set_quantity(-2, SKU)
    seen = channel.observe(item, [SKU])
    assert seen.quantities == {SKU: -2}
    channel.write(item, {SKU: 0}, seen, key())
    assert shop.available(SKU) == 0


def test_a_write_sets_what_can_be_sold(channel: ShopifyChannel, shop: ShopifyServer, item: str) -> None:
    channel.write(item, {SKU: 3}, channel.observe(item, [SKU]), key())
    assert shop.available(SKU) == 3


def test_a_sale_between_reading_and_writing_is_not_written_over(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    seen = channel.observe(item, [SKU])
    shop.buy(SKU)
    with pytest.raises(Stale):
        channel.write(item, {SKU: 5}, seen, key())
    assert shop.available(SKU) == 4


def test_a_sale_just_before_the_write_arrives_is_not_written_over(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    seen = channel.observe(item, [SKU])
    shop.faults.before = lambda: shop.buy(SKU, 2)
    with pytest.raises(Stale):
        channel.write(item, {SKU: 9}, seen, key())
    assert shop.available(SKU) == 3


def test_a_write_whose_answer_is_lost_is_repeated_and_has_one_effect(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    seen = channel.observe(item, [SKU])
    shop.drop()
    shop.lose_next()
    channel.write(item, {SKU: 3}, seen, key())
    assert shop.available(SKU) == 3
    assert len(shop.webhooks("inventory_levels/update")) == 1


def test_a_repetition_after_a_sale_does_not_undo_the_sale(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    seen, same = channel.observe(item, [SKU]), key()
    channel.write(item, {SKU: 3}, seen, same)
    shop.buy(SKU)
    channel.write(item, {SKU: 3}, seen, same)
    assert shop.available(SKU) == 2


def test_a_repetition_can_be_made_from_what_was_recorded_alone(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    same = key()
    channel.write(item, {SKU: 3}, channel.observe(item, [SKU]), same)
    channel.write(item, {SKU: 3}, Observation({SKU: 5}), same)
    assert shop.available(SKU) == 3


def test_a_refused_write_stays_refused_under_its_key(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    seen, same = Observation({SKU: 4}), key()
    with pytest.raises(Stale):
        channel.write(item, {SKU: 3}, seen, same)
    shop.set_quantity(4, SKU)
    with pytest.raises(Stale):
        channel.write(item, {SKU: 3}, seen, same)
    assert shop.available(SKU) == 4


def test_a_key_is_not_accepted_for_another_quantity(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    seen, same = channel.observe(item, [SKU]), key()
    channel.write(item, {SKU: 3}, seen, same)
    with pytest.raises(Rejected) as refused:
        channel.write(item, {SKU: 2}, seen, same)
    assert refused.value.code == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    assert shop.available(SKU) == 3


def test_a_write_is_refused_for_what_the_item_does_not_count(channel: ShopifyChannel, item: str) -> None:
    with pytest.raises(Rejected) as refused:
        channel.write(item, {"OTHER": 1}, channel.observe(item, ["OTHER"]), key())
    assert refused.value.code == "NO_SUCH_SKU"


def test_a_write_to_an_item_that_is_gone_is_refused(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    shop.delete_product(SKU)
    with pytest.raises(Rejected) as refused:
        channel.write(item, {SKU: 1}, Observation({SKU: 5}), key())
    assert refused.value.code == "INVALID_INVENTORY_ITEM"


def test_a_location_that_the_shop_does_not_have_is_refused(
    channel: ShopifyChannel, shop: ShopifyServer, item: str
) -> None:
    shop.resolvers.locations = ("1",)
    with pytest.raises(Rejected) as refused:
        channel.write(item, {SKU: 1}, Observation({SKU: 5}), key())
    assert refused.value.code == "INVALID_LOCATION"


def test_a_key_that_is_no_uuid_is_refused(client: ShopifyClient, item: str) -> None:
    with pytest.raises(Rejected) as refused:
        set_available(client, item, 1, 5, "once")
    assert refused.value.code == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("IDEMPOTENCY_CONCURRENT_REQUEST", Transient),
        ("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", Stale),
        ("CHANGE_FROM_QUANTITY_STALE", Stale),
        ("INVALID_REASON", Rejected),
    ],
)
def test_each_refusal_becomes_the_error_that_says_what_to_do(
    channel: ShopifyChannel,
    shop: ShopifyServer,
    item: str,
    code: str,
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusal = {"code": code, "message": "refused", "field": None}
    monkeypatch.setattr(shop.resolvers, "_set", lambda _: {"userErrors": [refusal]})
    with pytest.raises(error):
        channel.write(item, {SKU: 1}, Observation({SKU: 5}), key())


def test_the_environment_names_one_client_for_the_whole_process(
    shop: ShopifyServer, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = iter([requests.Session()])
    monkeypatch.setattr(requests, "Session", lambda: next(sessions))
    monkeypatch.setenv("SHOPIFY_SHOP_DOMAIN", SHOP_DOMAIN)
    monkeypatch.setenv("SHOPIFY_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("SHOPIFY_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("SHOPIFY_LOCATION_ID", LOCATION)
    monkeypatch.setenv("SHOPIFY_API_BASE", shop.url)
    assert shopify_channel().observe(item, [SKU]).quantities == {SKU: 5}
    assert shopify_channel().observe(item, [SKU]).quantities == {SKU: 5}
    assert len(shop.tokens) == 1
