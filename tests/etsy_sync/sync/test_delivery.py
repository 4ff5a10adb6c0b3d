"""One SKU on several channels, what is kept of it, and whole channels compared."""

import pytest

from common.clock import iso
from common.dynamodb import UnitOfWork
from common.repositories.stock_alerts import unread_alerts
from common.stock_ledger import apply_delivery
from common.stock_levels import current_stock
from etsy_sync.adapters.interface import AuthExpired, NotConfigured, RateLimited, Rejected, Transient
from etsy_sync.repositories.channel_links import ChannelLink, add_link
from etsy_sync.repositories.stock_transactions import transactions_of
from etsy_sync.repositories.sync_log import SyncEntry, entries_between
from etsy_sync.sync.comparing import reconcile, tell_what_changed
from etsy_sync.sync.delivery import deliver
from etsy_sync.sync.pushing import Pusher
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.etsy_sync.sync.platform import TARGET, Clock, Platform, apply_sales, link_now, linked

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def channels() -> dict[str, Platform]:
    """Three channels that show nothing yet of a SKU with five pieces."""
    on_shelf(5)
    platforms = {name: Platform(name) for name in ("etsy", "shopify", "amazon")}
    for platform in platforms.values():
        linked(platform, 0)
    return platforms


def telling(channels: dict[str, Platform]) -> Pusher:
    def fetch(link: ChannelLink) -> None:
        apply_sales(channels[link.channel])

    return Pusher(lambda link: channels[link.channel], fetch, Clock())


def log() -> list[SyncEntry]:
    channels = ("etsy", "shopify", "amazon")
    return [entry for channel in channels for entry in entries_between(0, 50, channel=channel)[0]]


def test_every_channel_is_told_and_it_is_kept(channels: dict[str, Platform]) -> None:
    delivery = deliver(telling(channels), SKU)
    assert (delivery.errors, delivery.retry_after) == ([], None)
    assert {platform.shown[TARGET][SKU] for platform in channels.values()} == {5}
    assert {(each.channel, each.new_quantity, each.status) for each in log()} == {
        ("etsy", 5, "success"),
        ("shopify", 5, "success"),
        ("amazon", 5, "success"),
    }
    assert {each.status for each in transactions_of(SKU, 9)} == {"completed"}
    told = current_stock([SKU])[SKU].last_broadcast
    assert {name: each.count for name, each in told.items()} == {"etsy": 5, "shopify": 5, "amazon": 5}


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (Transient("away"), 30),
        (RateLimited("slow", 77), 77),
        (Rejected("no", "never"), None),
        (AuthExpired("ask the owner"), None),
        (NotConfigured("ETSY_CLIENT_ID"), None),
    ],
)
def test_one_channel_that_fails_does_not_hold_up_the_others(
    channels: dict[str, Platform], error: Exception, seconds: int | None
) -> None:
    channels["etsy"].refuse = error  # type: ignore[assignment]
    delivery = deliver(telling(channels), SKU)
    assert len(delivery.errors) == 1
    assert delivery.retry_after == seconds
    assert channels["shopify"].shown[TARGET][SKU] == channels["amazon"].shown[TARGET][SKU] == 5


def test_what_cannot_succeed_raises_one_alert_at_once(channels: dict[str, Platform]) -> None:
    for _ in range(3):
        channels["etsy"].refuse = Rejected("no", "never")
        deliver(telling(channels), SKU)
    assert [each.type for each in unread_alerts(9)] == ["sync_failed"]
    assert (link_now(channels["etsy"]).sync_status, link_now(channels["etsy"]).failures) == ("failed", 3)
    deliver(telling(channels), SKU)
    healed = link_now(channels["etsy"])
    assert (healed.sync_status, healed.failures, healed.error) == ("synced", 0, None)


def test_a_short_trouble_raises_no_alert_and_a_long_one_does(channels: dict[str, Platform]) -> None:
    for expected in ([], [], ["sync_failed"], ["sync_failed"]):
        channels["etsy"].refuse = Transient("away")
        deliver(telling(channels), SKU)
        assert [each.type for each in unread_alerts(9)] == expected


def test_only_what_changed_costs_calls(channels: dict[str, Platform]) -> None:
    first = tell_what_changed(telling(channels), "etsy")
    reads = channels["etsy"].reads
    second = tell_what_changed(telling(channels), "etsy")
    assert (first.counts["changed"], first.counts["written"]) == (1, 1)
    assert (second.counts["changed"], channels["etsy"].reads) == (0, reads)


def test_a_day_that_is_used_up_ends_the_run_and_says_what_is_left(channels: dict[str, Platform]) -> None:
    etsy = channels["etsy"]
    for number in range(2, 5):
        on_shelf(1, number)
        linked(etsy, 0, f"V-{number}-0", str(number))
    etsy.refuse = RateLimited("no more today", 3600, is_daily=True)
    run = tell_what_changed(telling(channels), "etsy")
    assert run.is_cut_short
    assert (run.counts["left_for_later"], run.counts["written"]) == (3, 0)


def test_fba_is_never_written(channels: dict[str, Platform]) -> None:
    amazon = channels["amazon"]
    amazon.shown["fba"] = {SKU: 40}
    link = ChannelLink(
        sku=SKU,
        channel="amazon",
        target="fba",
        extra={"is_fba": True},
        created_at=iso(NOW),
        updated_at=iso(NOW),
    )
    with UnitOfWork() as work:
        add_link(work, link)
    deliver(telling(channels), SKU)
    tell_what_changed(telling(channels), "amazon")
    reconcile(telling(channels), "amazon")
    assert amazon.shown["fba"] == {SKU: 40}


def test_drift_is_repaired_logged_and_told_when_too_much_was_shown(channels: dict[str, Platform]) -> None:
    etsy = channels["etsy"]
    deliver(telling(channels), SKU)
    etsy.shown[TARGET][SKU] = 9
    run = reconcile(telling(channels), "etsy")
    assert (etsy.shown[TARGET][SKU], run.counts["drifted"], run.counts["written"]) == (5, 1, 1)
    assert [each.type for each in unread_alerts(9)] == ["manual_review"]
    assert [(each.old_quantity, each.new_quantity) for each in log() if each.sync_type == "drift"] == [(5, 9)]
    etsy.shown[TARGET][SKU] = 2
    reconcile(telling(channels), "etsy")
    assert etsy.shown[TARGET][SKU] == 5
    assert len(unread_alerts(9)) == 1


def test_a_sale_that_has_not_arrived_is_no_drift(channels: dict[str, Platform]) -> None:
    etsy = channels["etsy"]
    deliver(telling(channels), SKU)
    etsy.sell(2)
    run = reconcile(telling(channels), "etsy")
    assert run.counts["drifted"] == 0
    assert etsy.shown[TARGET][SKU] == physical() == 3


def test_a_comparison_of_what_is_in_step_writes_nothing(channels: dict[str, Platform]) -> None:
    deliver(telling(channels), SKU)
    apply_delivery("shop", "more", SKU, 1, NOW)
    deliver(telling(channels), SKU)
    before = link_now(channels["etsy"])
    run = reconcile(telling(channels), "etsy")
    assert (run.counts["as_expected"], run.errors) == (1, [])
    assert link_now(channels["etsy"]) == before


def test_what_is_gone_or_off_sale_there_is_said_once(channels: dict[str, Platform]) -> None:
    deliver(telling(channels), SKU)
    channels["etsy"].off_sale.add(TARGET)
    del channels["shopify"].shown[TARGET]
    for _ in range(2):
        assert reconcile(telling(channels), "etsy").counts["off_sale"] == 1
        assert reconcile(telling(channels), "shopify").counts["missing"] == 1
    assert sorted(each.type for each in unread_alerts(9)) == ["sync_failed", "sync_failed"]
    assert link_now(channels["etsy"]).error == "taken off sale there"
    assert channels["etsy"].shown[TARGET][SKU] == 5
