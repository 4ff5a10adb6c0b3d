"""Which listing sells what: by SKU, by hand, and not any more."""

from dataclasses import replace

import pytest

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import NotFound
from common.repositories.audit import entries_of_entity
from etsy_sync.links.etsy_listings import SCHEDULER, link_by_sku, link_listing, unlink_listing
from etsy_sync.repositories.channel_links import confirm, links_of_target, reassign
from etsy_sync.repositories.etsy_listings import LISTINGS, EtsyListing
from tests.common.stock_builders import NOW, SKU, on_shelf

pytestmark = pytest.mark.usefixtures("table")


def listing(listing_id: int, *skus: str) -> EtsyListing:
    """A listing as it was imported."""
    row = EtsyListing(
        id=listing_id, title="A print", created_at=iso(NOW), updated_at=iso(NOW), shop_id="7", skus=skus
    )
    with UnitOfWork() as work:
        LISTINGS.add(work, row)
    return row


def linked(listing_id: int) -> dict[str, int | None]:
    return {link.sku: link.variant_id for link in links_of_target("etsy", str(listing_id))}


def test_a_listing_is_linked_by_the_skus_that_both_have() -> None:
    on_shelf(5)
    listing(1, f" {SKU} ", "ELSEWHERE")
    row = link_listing(1, 1, SCHEDULER, NOW)
    assert (row.product_id, row.variant_ids, row.sync_status) == (1, {SKU: 10}, "pending")
    assert linked(1) == {SKU: 10}
    assert links_of_target("etsy", "1")[0].extra == {"shop_id": "7"}


def test_linking_again_keeps_what_the_channel_was_told() -> None:
    on_shelf(5)
    listing(1, SKU)
    link_listing(1, 1, SCHEDULER, NOW)
    before = links_of_target("etsy", "1")
    link_listing(1, 1, SCHEDULER, NOW)
    assert links_of_target("etsy", "1") == before


def test_a_link_that_cannot_be_made_leaves_the_others_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_shelf(5, 1)
    on_shelf(5, 2)
    listing(1, "V-1-0", "V-2-0")
    before = link_listing(1, 1, SCHEDULER, NOW)
    monkeypatch.setattr(
        "etsy_sync.links.etsy_listings.add_link", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        link_listing(1, 2, SCHEDULER, NOW)
    assert linked(1) == {"V-1-0": 10}
    assert LISTINGS.get(1) == before


def test_a_sku_that_passes_to_another_variant_keeps_what_was_told() -> None:
    on_shelf(5)
    listing(1, SKU)
    link_listing(1, 1, SCHEDULER, NOW)
    [link] = links_of_target("etsy", "1")
    confirm(link, 5, NOW)
    with UnitOfWork() as work:
        reassign(work, link, 1, 99)
    link_listing(1, 1, SCHEDULER, NOW)
    [link] = links_of_target("etsy", "1")
    assert (link.variant_id, link.base) == (10, 5)


def test_a_listing_goes_over_to_another_product_whole() -> None:
    on_shelf(5, 1)
    on_shelf(5, 2)
    listing(1, "V-1-0", "V-2-0")
    link_listing(1, 1, SCHEDULER, NOW)
    link_listing(1, 2, SCHEDULER, NOW)
    assert linked(1) == {"V-2-0": 20}


def test_a_listing_without_a_shared_sku_is_linked_and_says_that_it_cannot_be_kept_in_step() -> None:
    on_shelf(5)
    listing(1)
    row = link_listing(1, 1, SCHEDULER, NOW)
    assert (row.product_id, row.shown_status) == (1, "failed")
    assert "no SKU" in (row.sync_error or "")
    assert linked(1) == {}


def test_unlinking_dissolves_all_and_may_be_repeated() -> None:
    on_shelf(5)
    listing(1, SKU)
    link_listing(1, 1, SCHEDULER, NOW)
    for _ in range(2):
        row = unlink_listing(1, SCHEDULER, NOW)
        assert (row.is_linked, linked(1)) == (False, {})
    stored = LISTINGS.get(1)
    assert stored is not None
    assert stored.variant_ids == {}


def test_what_there_is_not_cannot_be_linked() -> None:
    on_shelf(5)
    listing(1, SKU)
    with pytest.raises(NotFound, match="Product"):
        link_listing(1, 9, SCHEDULER, NOW)
    with pytest.raises(NotFound, match="listing"):
        link_listing(9, 1, SCHEDULER, NOW)


def test_listings_are_linked_by_sku_and_doubtful_ones_reported() -> None:
    on_shelf(5, 1)
    on_shelf(5, 2)
    on_shelf(5, 3)
    rows = [
        listing(1, "V-1-0"),
        listing(2, "V-2-0"),
        listing(3, "V-2-0"),
        listing(4, "V-3-0", "V-1-0X"),
        listing(5, "UNKNOWN"),
        listing(6),
    ]
    number, problems = link_by_sku(rows, NOW)
    assert number == 2
    assert (linked(1), linked(4)) == ({"V-1-0": 10}, {"V-3-0": 30})
    assert sorted(problems) == [2, 3]
    assert "more than once" in problems[2]


def test_a_listing_of_two_products_is_reported() -> None:
    on_shelf(5, 1)
    on_shelf(5, 2)
    _, problems = link_by_sku([listing(1, "V-1-0", "V-2-0")], NOW)
    assert "several products" in problems[1]
    assert linked(1) == {}


def test_a_linked_listing_follows_the_skus_that_it_shares_with_its_product() -> None:
    on_shelf(5)
    before = listing(1, SKU, "LATER")
    link_listing(1, 1, SCHEDULER, NOW)
    row = link_listing(1, 1, SCHEDULER, NOW)
    assert link_by_sku([row], NOW)[0] == 0
    with UnitOfWork() as work:
        row = LISTINGS.change(work, row, replace(row, skus=("LATER",)))
    assert link_by_sku([row], NOW)[0] == 1
    assert linked(before.id) == {}


def test_links_are_in_the_audit_log() -> None:
    on_shelf(5)
    listing(1, SKU)
    link_listing(1, 1, SCHEDULER, NOW)
    unlink_listing(1, SCHEDULER, NOW)
    entries = entries_of_entity("EtsyListing", "1", 9).entries
    changes = [entry.changes for entry in entries]
    assert {"product_id": {"old": None, "new": 1}} in changes
    assert {"product_id": {"old": 1, "new": None}} in changes
