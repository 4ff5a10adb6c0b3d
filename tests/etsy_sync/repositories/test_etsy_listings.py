"""Rows of Etsy listings, their links, and races for one listing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from common.dynamodb import UnitOfWork, get_item
from common.optimistic import StaleVersion
from etsy_sync.repositories.etsy_listings import (
    LISTINGS,
    EtsyListing,
    all_listings,
    listings_by_ids,
    listings_of_product,
)


def a_listing(listing_id: int = 1, **changes: object) -> EtsyListing:
    moment = "2026-01-31T10:00:00.000Z"
    plain = EtsyListing(id=listing_id, title="Drago", created_at=moment, updated_at=moment)
    return replace(plain, **changes)  # type: ignore[arg-type] # each value has its field's type


def add(*listings: EtsyListing) -> None:
    with UnitOfWork() as work:
        for listing in listings:
            LISTINGS.add(work, listing)


def change(before: EtsyListing, **changes: object) -> EtsyListing:
    with UnitOfWork() as work:
        return LISTINGS.change(work, before, replace(before, **changes))  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(
    "listing",
    [
        a_listing(),
        a_listing(
            price=Decimal("12.50"),
            description="",
            skus=("A", "B"),
            product_id=7,
            variant_ids={"A": 70, "B": 71},
            deleted_at="2026-02-01T00:00:00.000Z",
        ),
    ],
)
def test_a_listing_is_read_as_it_was_written(listing: EtsyListing) -> None:
    assert LISTINGS.of(LISTINGS.item(listing)) == listing


def test_listings_are_found_by_id_and_in_order(table: str) -> None:
    add(a_listing(10), a_listing(9), a_listing(8, deleted_at="2026-02-01T00:00:00.000Z"))
    assert [listing.id for listing in all_listings()] == [9, 10]
    assert listings_by_ids([8, 9, 99]).keys() == {8, 9}
    assert LISTINGS.get(8) is not None
    assert LISTINGS.get(99) is None


def test_a_link_is_made_and_dissolved(table: str) -> None:
    add(a_listing(1, sku="A"), a_listing(2))
    assert listings_of_product(7) == []
    linked = change(a_listing(1, sku="A"), product_id=7, variant_ids={"A": 70}, sync_status="synced")
    assert listings_of_product(7) == [linked] == [LISTINGS.get(1)]
    assert (linked.version, linked.shown_status) == (2, "synced")
    unlinked = change(linked, product_id=None, variant_ids={})
    assert listings_of_product(7) == []
    assert (unlinked.is_linked, unlinked.shown_status) == (False, "unlinked")
    row = get_item(LISTINGS.key(1))
    assert row is not None
    assert not {"GSI1PK", "GSI1SK", "variant_ids", "product_id"} & row.keys()


def test_a_listing_that_vanished_is_kept_and_comes_back_linked(table: str) -> None:
    add(a_listing(1, product_id=7))
    gone = change(a_listing(1, product_id=7), deleted_at="2026-02-01T00:00:00.000Z")
    assert (listings_of_product(7), all_listings()) == ([], [])
    back = change(gone, deleted_at=None)
    assert listings_of_product(7) == all_listings() == [back]


def test_what_a_row_has_beside_the_type_survives_a_change(table: str) -> None:
    with UnitOfWork() as work:
        work.put({**LISTINGS.item(a_listing(1)), "absent_columns": ["sku"]})
    change(a_listing(1), quantity=4)
    assert (get_item(LISTINGS.key(1)) or {})["absent_columns"] == ["sku"]


def test_of_two_writers_who_read_one_listing_the_second_is_refused(table: str) -> None:
    add(a_listing(1))
    change(a_listing(1), product_id=7)
    with pytest.raises(StaleVersion, match="Listing"):
        change(a_listing(1), quantity=4)
    with pytest.raises(StaleVersion, match="Listing"):
        add(a_listing(1))
    stored = LISTINGS.get(1)
    assert stored is not None
    assert (stored.product_id, stored.quantity) == (7, 0)


@pytest.mark.parametrize(
    ("product_id", "status", "shown"),
    [
        (None, "synced", "unlinked"),
        (7, "pending", "pending"),
        (7, "synced", "synced"),
        (7, "error", "failed"),
        (7, "failed", "failed"),
    ],
)
def test_a_status_is_shown_in_the_words_of_the_storefront(
    product_id: int | None, status: str, shown: str
) -> None:
    assert a_listing(product_id=product_id, sync_status=status).shown_status == shown
