"""All listings: every state, every page, each once, whatever changes meanwhile."""

from decimal import Decimal
from typing import Any

import pytest

from etsy_sync.adapters.etsy.client import EtsyClient
from etsy_sync.adapters.etsy.listings import STATES, all_listings, listing_of
from etsy_sync.adapters.interface import Transient
from tests.etsy_sync.adapters.etsy.calls import calls
from tools.fakes.etsy_server import SHOP_ID, EtsyServer


def test_every_state_is_read(etsy: EtsyServer, client: EtsyClient) -> None:
    ids = {etsy.create_listing(state=state): state for state in STATES}
    legacy = etsy.create_listing()
    etsy.set_state(legacy, "edit")
    found = {listing.listing_id: listing.state for listing in all_listings(client)}
    assert found == ids | {legacy: "edit"}
    assert len(calls(etsy)) == len(STATES)


def test_a_listing_is_told_with_its_skus(etsy: EtsyServer, client: EtsyClient) -> None:
    etsy.create_listing("Dawn", [("A", 1), ("B ", 2), ("C", 1), ("C", 1), ("", 4)], price="10.05")
    (listing,) = all_listings(client)
    assert (listing.title, listing.description, listing.state) == ("Dawn", "About Dawn", "active")
    assert (listing.price, listing.currency, listing.quantity) == (Decimal("10.05"), "EUR", 9)
    assert (listing.skus, listing.doubled, listing.has_blank) == (("A", "B"), ("C",), True)
    assert (listing.shop_id, listing.updated_at) == (str(SHOP_ID), etsy.now)
    assert listing.image_urls == (f"https://i.etsystatic.com/{listing.listing_id}/il_fullxfull.jpg",)
    assert listing.inventory is not None
    assert listing.inventory.quantities(["A", "B", "C"]) == {"A": 1, "B": 2, "C": None}


@pytest.mark.parametrize("number", [99, 100, 101, 199, 200, 250])
def test_every_page_is_read(number: int, etsy: EtsyServer, client: EtsyClient) -> None:
    ids = [etsy.create_listing(skus={f"SKU-{place}": 1}) for place in range(number)]
    assert [listing.listing_id for listing in all_listings(client)] == ids


def test_no_listing_is_missed_when_one_before_it_leaves(etsy: EtsyServer, client: EtsyClient) -> None:
    ids = [etsy.create_listing() for _ in range(150)]
    listings = all_listings(client)
    first = [next(listings).listing_id for _ in range(100)]
    etsy.set_state(ids[0], "inactive")
    rest = [listing.listing_id for listing in listings]
    assert sorted(first + rest) == ids


def test_a_shop_that_never_rests_is_given_up(etsy: EtsyServer, client: EtsyClient) -> None:
    ids = [etsy.create_listing() for _ in range(150)]

    def sell_one() -> None:
        etsy.set_state(ids.pop(0), "inactive")
        etsy.faults.after = sell_one

    etsy.faults.after = sell_one
    with pytest.raises(Transient, match="faster"):
        list(all_listings(client))


@pytest.mark.parametrize(
    "changes",
    [
        {"listing_id": None},
        {"quantity": "many"},
        {"price": {"amount": 1}},
        {"updated_timestamp": "yesterday"},
    ],
)
def test_a_listing_that_cannot_be_read_is_said_so(changes: dict[str, Any]) -> None:
    content = {"listing_id": 1, "shop_id": 2, "title": "T", "state": "active", "quantity": 1}
    assert listing_of(dict(content)).price is None
    with pytest.raises(Transient):
        listing_of(content | changes)
