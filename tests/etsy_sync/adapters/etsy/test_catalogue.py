"""Etsy's listings as they are kept here: brought in, changed, vanished, and linked by SKU."""

import pytest

from etsy_sync.adapters.etsy.catalogue import fetch_listings
from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.runs import RunResult
from etsy_sync.repositories.channel_links import links_of_target
from etsy_sync.repositories.etsy_listings import LISTINGS, EtsyListing, all_listings
from tests.common.stock_builders import SKU, on_shelf
from tests.etsy_sync.adapters.etsy.conftest import Clock
from tools.fakes.etsy_server import EtsyServer

ELSEWHERE = {"ELSEWHERE": 3}


@pytest.fixture
def fetch(client: EtsyClient, clock: Clock) -> "Fetch":
    return Fetch(client, clock)


class Fetch:
    """Runs the import, a minute later each time."""

    def __init__(self, client: EtsyClient, clock: Clock) -> None:
        self.client, self.clock = client, clock

    def __call__(self) -> RunResult:
        self.clock.sleep(60)
        return fetch_listings(self.client, self.clock.now)


def stored(listing_id: int) -> EtsyListing:
    row = LISTINGS.get(listing_id)
    assert row is not None
    return row


def test_listings_of_every_state_are_kept_with_their_skus(etsy: EtsyServer, fetch: Fetch) -> None:
    states = ("active", "inactive", "sold_out", "draft", "expired")
    ids = [etsy.create_listing(f"Print {state}", {f"S-{state}": 3}, state=state) for state in states]
    assert fetch().counts["added"] == 5
    assert {stored(each).state for each in ids} == set(states)
    row = stored(ids[0])
    assert (row.title, row.skus, row.quantity, row.shop_id) == ("Print active", ("S-active",), 3, "12345")


def test_a_second_run_writes_nothing(etsy: EtsyServer, fetch: Fetch) -> None:
    etsy.create_listing("Print", ELSEWHERE)
    fetch()
    before = all_listings()
    again = fetch()
    assert (again.counts["added"], again.counts["changed"]) == (0, 0)
    assert all_listings() == before


def test_what_changed_there_changes_here_and_the_link_stays(etsy: EtsyServer, fetch: Fetch) -> None:
    on_shelf(5)
    number = etsy.create_listing("Print", {SKU: 3})
    fetch()
    etsy.set_quantity(number, SKU, 2)
    assert fetch().counts["changed"] == 1
    row = stored(number)
    assert (row.quantity, row.product_id) == (2, 1)
    assert [link.sku for link in links_of_target("etsy", str(number))] == [SKU]


def test_a_listing_is_linked_by_sku_when_it_is_brought_in(etsy: EtsyServer, fetch: Fetch) -> None:
    on_shelf(5)
    number = etsy.create_listing("Print", {SKU: 3, "OTHER": 1})
    assert fetch().counts["linked"] == 1
    [link] = links_of_target("etsy", str(number))
    assert (link.sku, link.variant_id, link.extra) == (SKU, 10, {"shop_id": "12345"})


def test_a_doubtful_listing_says_why_it_is_not_linked(etsy: EtsyServer, fetch: Fetch) -> None:
    on_shelf(5)
    one, two = etsy.create_listing("One", {SKU: 3}), etsy.create_listing("Two", {SKU: 3})
    run = fetch()
    assert (run.counts["linked"], len(run.errors)) == (0, 2)
    assert "more than once" in (stored(one).sync_error or "")
    assert stored(two).shown_status == "unlinked"
    before = all_listings()
    fetch()
    assert all_listings() == before


def test_a_sku_twice_in_a_listing_is_never_picked(etsy: EtsyServer, fetch: Fetch) -> None:
    on_shelf(5)
    number = etsy.create_listing("Print", ((SKU, 3), (SKU, 2)))
    fetch()
    row = stored(number)
    assert (row.skus, row.is_linked) == ((), False)
    assert SKU in (row.sync_error or "")


def test_a_vanished_listing_is_kept_without_its_links(etsy: EtsyServer, fetch: Fetch) -> None:
    on_shelf(5)
    number = etsy.create_listing("Print", {SKU: 3})
    fetch()
    del etsy.shop.listings[number]
    assert fetch().counts["vanished"] == 1
    assert stored(number).deleted_at is not None
    assert links_of_target("etsy", str(number)) == []
    assert all_listings() == []


def test_a_listing_that_goes_on_sale_while_it_is_looked_for_has_not_vanished(
    etsy: EtsyServer, fetch: Fetch
) -> None:
    on_shelf(5)
    number = etsy.create_listing("Print", {SKU: 3}, state="inactive")
    fetch()
    # After the listings on sale were read, and before those that are not.
    etsy.faults.after = lambda: etsy.set_state(number, "active")
    assert "vanished" not in fetch().counts
    assert stored(number).deleted_at is None
    assert [link.sku for link in links_of_target("etsy", str(number))] == [SKU]


def test_a_listing_that_comes_back_is_linked_again(etsy: EtsyServer, fetch: Fetch) -> None:
    on_shelf(5)
    number = etsy.create_listing("Print", {SKU: 3})
    fetch()
    listing = etsy.shop.listings.pop(number)
    fetch()
    etsy.shop.listings[number] = listing
    assert fetch().counts["linked"] == 1
    assert stored(number).deleted_at is None
    assert [link.sku for link in links_of_target("etsy", str(number))] == [SKU]


def test_a_broken_connection_makes_nothing_vanish(etsy: EtsyServer, fetch: Fetch) -> None:
    number = etsy.create_listing("Print", ELSEWHERE)
    fetch()
    etsy.fail_next(4, 503)
    with pytest.raises(Exception, match="503"):
        fetch()
    assert stored(number).deleted_at is None
