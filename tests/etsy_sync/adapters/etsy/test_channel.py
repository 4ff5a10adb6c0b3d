"""Etsy as a channel: what it shows, what a change costs, and going off and on sale."""

from typing import Any

import pytest

from etsy_sync.adapters.etsy.channel import EtsyChannel, etsy_channel
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.limits import ROUTINE
from etsy_sync.adapters.interface import (
    Channel,
    NotConfigured,
    Observation,
    RateLimited,
    Rejected,
    Stale,
    Transient,
)
from tests.etsy_sync.adapters.etsy.calls import calls
from tools.fakes.etsy_server import SHOP_ID, EtsyServer
from tools.fakes.etsy_shop import Listing

TWO = {"A": 5, "B": 2}
KEY = "00000000-0000-4000-8000-000000000000"


def write(channel: EtsyChannel, listing_id: int, **quantities: int) -> Observation:
    """Observes, writes and observes again."""
    seen = channel.observe(str(listing_id), list(quantities))
    channel.write(str(listing_id), quantities, seen, KEY)
    return channel.observe(str(listing_id), list(quantities))


def the(etsy: EtsyServer, listing_id: int) -> Listing:
    return etsy.shop.listing(listing_id)


def test_it_is_a_channel(channel: EtsyChannel) -> None:
    as_channel: Channel = channel
    assert (as_channel.name, as_channel.settles_after, as_channel.repeats_exactly) == ("etsy", 0, False)


def test_it_shows_what_buyers_can_have(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    seen = channel.observe(str(listing_id), ["A", "B", "C"])
    assert (seen.quantities, seen.is_on_sale) == ({"A": 5, "B": 2, "C": None}, True)
    assert calls(etsy) == ["GET inventory"]


@pytest.mark.parametrize("state", ["inactive", "edit", "sold_out", "expired", "draft"])
def test_a_listing_that_is_not_on_sale_shows_nothing(
    state: str, etsy: EtsyServer, channel: EtsyChannel
) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    etsy.set_state(listing_id, state)
    seen = channel.observe(str(listing_id), ["A", "B", "C"])
    assert (seen.quantities, seen.is_on_sale) == ({"A": 0, "B": 0, "C": None}, False)


def test_a_sku_that_is_there_twice_or_blank_is_never_picked(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=[("A", 1), ("A ", 2), ("", 3), ("B", 4)])
    seen = channel.observe(str(listing_id), ["A", "", "B"])
    assert seen.quantities == {"A": None, "": None, "B": 4}
    with pytest.raises(Rejected, match="unknown_sku"):
        channel.write(str(listing_id), {"A": 1}, seen, KEY)
    assert calls(etsy) == ["GET inventory"]


def test_a_changed_sku_costs_two_calls_and_leaves_the_others(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO, price="10.05")
    before = [product["product_id"] for product in the(etsy, listing_id).content["products"]]
    channel.write(str(listing_id), {"A": 3}, channel.observe(str(listing_id), ["A"]), KEY)
    assert calls(etsy) == ["GET inventory", "PUT inventory"]
    products = the(etsy, listing_id).content["products"]
    assert [(each["sku"], each["offerings"][0]["quantity"]) for each in products] == [("A", 3), ("B", 2)]
    assert products[1]["offerings"][0]["price"] == {"amount": 1005, "divisor": 100, "currency_code": "EUR"}
    assert before != [product["product_id"] for product in products]


def test_one_sku_of_many_may_have_none(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    assert write(channel, listing_id, A=0).quantities == {"A": 0}
    assert the(etsy, listing_id).state == "active"


def test_more_than_etsy_takes_is_capped(etsy: EtsyServer, channel: EtsyChannel) -> None:
    assert write(channel, etsy.create_listing(skus=TWO), A=5000).quantities == {"A": 999}


def test_the_last_piece_takes_the_listing_off_sale_and_the_next_puts_it_back(
    etsy: EtsyServer, channel: EtsyChannel
) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    gone = write(channel, listing_id, A=0, B=0)
    assert (gone.quantities, gone.is_on_sale) == ({"A": 0, "B": 0}, False)
    assert calls(etsy) == ["GET inventory", f"PATCH {listing_id}", "GET inventory"]
    back = write(channel, listing_id, A=1)
    assert (back.quantities, back.is_on_sale) == ({"A": 1}, True)
    assert calls(etsy) == ["GET inventory", "PUT inventory", f"PATCH {listing_id}", "GET inventory"]
    # What Etsy kept of B while nobody could buy it is not offered again.
    assert channel.observe(str(listing_id), ["B"]).quantities == {"B": 0}


def test_the_stock_is_there_before_the_listing_is_on_sale(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO, state="inactive")
    seen = channel.observe(str(listing_id), ["A", "B"])
    states: list[str] = []
    etsy.faults.after = lambda: states.append(the(etsy, listing_id).state)
    channel.write(str(listing_id), {"A": 1, "B": 1}, seen, KEY)
    assert states == ["inactive"]
    assert the(etsy, listing_id).state == "active"


@pytest.mark.parametrize("state", ["inactive", "sold_out", "expired", "draft"])
def test_nothing_of_what_is_not_on_sale_needs_no_call(
    state: str, etsy: EtsyServer, channel: EtsyChannel
) -> None:
    listing_id = etsy.create_listing(state=state)
    write(channel, listing_id, **{"PRINT-A4": 0})
    assert calls(etsy) == ["GET inventory", "GET inventory"]


@pytest.mark.parametrize(
    ("state", "code"),
    [("sold_out", "renewal_needed"), ("expired", "renewal_needed"), ("draft", "not_for_sale")],
)
def test_what_costs_a_fee_or_was_never_for_sale_is_left_alone(
    state: str, code: str, etsy: EtsyServer, channel: EtsyChannel
) -> None:
    listing_id = etsy.create_listing(state=state)
    with pytest.raises(Rejected, match=code):
        write(channel, listing_id, **{"PRINT-A4": 3})
    assert calls(etsy) == ["GET inventory"]


def test_a_sold_out_listing_is_renewed_where_that_is_wanted(etsy: EtsyServer, client: EtsyClient) -> None:
    listing_id = etsy.create_listing(skus={"A": 1})
    etsy.buy(listing_id)
    assert the(etsy, listing_id).state == "sold_out"
    seen = write(EtsyChannel(client, renew_sold_out=True), listing_id, A=4)
    assert (seen.quantities, seen.is_on_sale, the(etsy, listing_id).renewals) == ({"A": 4}, True, 1)


def test_a_renewal_whose_answer_is_lost_is_not_paid_for_twice(etsy: EtsyServer, client: EtsyClient) -> None:
    listing_id = etsy.create_listing(skus={"A": 1}, state="sold_out")
    channel = EtsyChannel(client, renew_sold_out=True)
    seen = channel.observe(str(listing_id), ["A"])
    etsy.lose_next()
    with pytest.raises(Transient):
        channel.write(str(listing_id), {"A": 4}, seen, KEY)
    assert calls(etsy) == ["GET inventory", f"PATCH {listing_id}"]
    assert write(channel, listing_id, A=4).quantities == {"A": 4}
    assert the(etsy, listing_id).renewals == 1


@pytest.mark.parametrize("state", ["inactive", "edit"])
def test_a_listing_that_was_switched_off_is_switched_on(
    state: str, etsy: EtsyServer, channel: EtsyChannel
) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    etsy.set_state(listing_id, state)
    assert write(channel, listing_id, A=3).is_on_sale


def test_a_lost_answer_is_asked_again_and_changes_nothing_more(
    etsy: EtsyServer, channel: EtsyChannel
) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    seen = channel.observe(str(listing_id), ["A"])
    etsy.lose_next()
    channel.write(str(listing_id), {"A": 3}, seen, KEY)
    assert calls(etsy) == ["GET inventory", "PUT inventory", "PUT inventory"]
    assert channel.observe(str(listing_id), ["A"]).quantities == {"A": 3}


def test_a_conflict_is_read_again_once(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    etsy.conflicts = 1
    assert write(channel, listing_id, A=3).quantities == {"A": 3}
    assert calls(etsy)[1:4] == ["PUT inventory", "GET inventory", "PUT inventory"]


def test_a_second_conflict_is_left_to_another_time(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    etsy.conflicts = 2
    with pytest.raises(Stale):
        write(channel, listing_id, A=3)


def test_a_sale_in_a_conflict_is_decided_again(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    etsy.conflicts, etsy.before_conflict = 1, lambda: etsy.buy(listing_id, "A")
    with pytest.raises(Stale):
        write(channel, listing_id, A=5, B=3)
    assert channel.observe(str(listing_id), ["A", "B"]).quantities == {"A": 4, "B": 2}


def test_a_write_without_what_was_read_reads(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    channel.write(str(listing_id), {"A": 1}, Observation({"A": 5}), KEY)
    assert calls(etsy) == ["GET inventory", "PUT inventory"]


@pytest.mark.parametrize("target", ["999", "abc", "", "1/../2"])
def test_a_listing_that_is_not_there_is_refused(target: str, channel: EtsyChannel) -> None:
    with pytest.raises(Rejected) as refused:
        channel.observe(target, ["A"])
    assert refused.value.code == "not_found"


def test_the_state_is_asked_for_where_the_inventory_does_not_tell_it(
    etsy: EtsyServer, channel: EtsyChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing_id = etsy.create_listing(skus=TWO, state="inactive")

    def without(_: EtsyServer, asked: object, found: str) -> dict[str, Any]:
        return dict(the(etsy, int(found)).content)

    monkeypatch.setattr(EtsyServer, "_inventory", without)
    assert not channel.observe(str(listing_id), ["A"]).is_on_sale
    assert calls(etsy) == ["GET inventory", f"GET {listing_id}"]


def test_many_listings_are_observed_by_a_call_for_each_state(etsy: EtsyServer, channel: EtsyChannel) -> None:
    ids = [etsy.create_listing(skus={"A": number}) for number in range(8)]
    etsy.set_state(ids[3], "inactive")
    targets = {str(listing_id): ["A", "B"] for listing_id in ids[1:]} | {"999": ["A"]}
    seen = dict(channel.observe_many(targets))
    # A page for each state, and one look for the listing that was on none.
    assert len(calls(etsy)) == 6
    assert {target: seen[target].quantities for target in targets if target != "999"} == {
        str(listing_id): {"A": 0 if number == 3 else number, "B": None}
        for number, listing_id in enumerate(ids)
        if number
    }
    assert "999" not in seen
    channel.write(str(ids[2]), {"A": 9}, seen[str(ids[2])], KEY)
    assert channel.observe(str(ids[2]), ["A"]).quantities == {"A": 9}


def test_a_listing_that_goes_on_sale_between_two_pages_is_observed(
    etsy: EtsyServer, channel: EtsyChannel
) -> None:
    ids = [etsy.create_listing(skus=TWO, state="inactive") for _ in range(6)]
    etsy.faults.after = lambda: etsy.set_state(ids[0], "active")
    seen = dict(channel.observe_many({str(each): ["A"] for each in ids}))
    assert seen.keys() == {str(each) for each in ids}
    assert seen[str(ids[0])].is_on_sale


def test_a_few_listings_are_observed_by_a_call_each(etsy: EtsyServer, channel: EtsyChannel) -> None:
    listing_id = etsy.create_listing(skus=TWO)
    seen = dict(channel.observe_many({"999": ["A"], str(listing_id): ["A"]}))
    assert {target: each.quantities for target, each in seen.items()} == {str(listing_id): {"A": 5}}
    assert calls(etsy) == ["GET inventory", "GET inventory"]


def test_a_failure_is_no_missing_listing(etsy: EtsyServer, channel: EtsyChannel) -> None:
    etsy.fail_next(1, status=403)
    with pytest.raises(Rejected, match="forbidden"):
        list(channel.observe_many({"999": ["A"]}))


def test_the_channel_of_the_environment(
    etsy: EtsyServer, connection: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing_id = etsy.create_listing(state="sold_out")
    monkeypatch.setenv("ETSY_RENEW_SOLD_OUT", "true")
    assert write(etsy_channel(str(SHOP_ID), clock=etsy.clock), listing_id, **{"PRINT-A4": 2}).is_on_sale
    monkeypatch.delenv("ETSY_CLIENT_SECRET")
    with pytest.raises(NotConfigured):
        etsy_channel(str(SHOP_ID))


def test_routine_leaves_the_reserve_to_sales(etsy: EtsyServer, connection: object) -> None:
    listing_id = etsy.create_listing()
    etsy.set_limits(per_day=100, used=85)
    sale = etsy_channel(str(SHOP_ID), clock=etsy.clock)
    assert write(sale, listing_id, **{"PRINT-A4": 2}).quantities == {"PRINT-A4": 2}
    routine = etsy_channel(str(SHOP_ID), purpose=ROUTINE, clock=etsy.clock)
    with pytest.raises(RateLimited, match="kept for sales"):
        routine.observe(str(listing_id), ["PRINT-A4"])
