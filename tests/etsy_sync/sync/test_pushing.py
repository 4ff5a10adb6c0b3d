"""Telling a channel: what is written, and what survives other workers, sales and lost answers."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from common.dynamodb import UnitOfWork
from common.leases import LeaseTaken, acquire
from common.repositories.product_writes import change_product
from common.repositories.products import product_by_id
from common.repositories.sku_stock import set_buffer
from common.stock_ledger import apply_count, apply_delivery
from etsy_sync.adapters.interface import RateLimited, Rejected, Transient
from tests.common.stock_builders import NOW, SKU, on_shelf, physical
from tests.etsy_sync.sync.platform import (
    TARGET,
    Clock,
    Platform,
    apply_sales,
    link_now,
    linked,
    pusher,
)

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def etsy() -> Platform:
    """A channel on which five pieces of which three are shown."""
    on_shelf(5)
    platform = Platform()
    linked(platform, 3)
    return platform


def shown(platform: Platform) -> int:
    return platform.shown[TARGET][SKU]


def sell_in_the_shop(quantity: int) -> None:
    apply_count("shop", f"sale-of-{quantity}-{physical()}", SKU, physical() - quantity, NOW)


def test_it_is_told_what_there_is_and_the_second_time_nothing(etsy: Platform) -> None:
    [first] = pusher(etsy).push("etsy", TARGET)
    [second] = pusher(etsy).push("etsy", TARGET)
    assert (first.outcome, first.before, first.broadcast) == ("written", 3, 5)
    assert second.outcome == "unchanged"
    assert etsy.writes == [{SKU: 5}]
    link = link_now(etsy)
    assert (link.base, link.expected, link.intent, link.sync_status) == (5, 5, None, "synced")


def test_pieces_kept_back_are_not_offered(etsy: Platform) -> None:
    with UnitOfWork() as work:
        set_buffer(work, SKU, 4, NOW)
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == 1


def test_a_sale_there_needs_no_write_once_it_is_applied(etsy: Platform) -> None:
    pusher(etsy).push("etsy", TARGET)
    etsy.sell(2)
    apply_sales(etsy)
    [result] = pusher(etsy).push("etsy", TARGET)
    assert (result.outcome, shown(etsy), physical()) == ("unchanged", 3, 3)


def test_a_sale_that_has_not_arrived_is_not_offered_a_second_time(etsy: Platform) -> None:
    pusher(etsy).push("etsy", TARGET)
    etsy.sell(2)
    sell_in_the_shop(1)
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == 2
    apply_sales(etsy)
    [result] = pusher(etsy).push("etsy", TARGET)
    assert (result.outcome, shown(etsy), physical()) == ("unchanged", 2, 2)


def test_a_sale_that_the_write_undid_is_found_when_it_arrives(etsy: Platform) -> None:
    pusher(etsy).push("etsy", TARGET)
    sell_in_the_shop(1)
    etsy.before_write = lambda: etsy.sell(2)
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == 4
    apply_sales(etsy)
    pusher(etsy).push("etsy", TARGET)
    assert (shown(etsy), physical()) == (2, 2)


def test_a_sale_that_is_applied_while_the_channel_is_read_is_not_taken_off_twice(
    etsy: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    pusher(etsy).push("etsy", TARGET)
    etsy.sell(2)
    apply_delivery("shop", "more", SKU, 5, NOW)
    look: Callable[..., object] = etsy.observe

    def observe(*arguments: object) -> object:
        if not physical() < 10:
            apply_sales(etsy)
        return look(*arguments)

    monkeypatch.setattr(etsy, "observe", observe)
    pusher(etsy).push("etsy", TARGET)
    assert (shown(etsy), physical()) == (8, 8)
    assert link_now(etsy).expected == 8


@pytest.mark.parametrize("repeats_exactly", [True, False])
@pytest.mark.parametrize("sold_meanwhile", [0, 1])
def test_a_lost_answer_has_no_double_effect(
    etsy: Platform, sold_meanwhile: int, *, repeats_exactly: bool
) -> None:
    etsy.repeats_exactly = repeats_exactly
    pusher(etsy).push("etsy", TARGET)
    sell_in_the_shop(2)
    etsy.lose_answers = 1
    with pytest.raises(Transient):
        pusher(etsy).push("etsy", TARGET)
    assert link_now(etsy).intent is not None
    if sold_meanwhile:
        etsy.sell(sold_meanwhile)
    pusher(etsy).push("etsy", TARGET)
    apply_sales(etsy)
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == physical() == 3 - sold_meanwhile
    assert link_now(etsy).intent is None
    assert len(etsy.writes) == 2


@pytest.mark.parametrize("repeats_exactly", [True, False])
def test_a_worker_who_died_before_the_channel_was_asked_is_made_up_for(
    etsy: Platform, *, repeats_exactly: bool
) -> None:
    etsy.repeats_exactly = repeats_exactly
    pusher(etsy).push("etsy", TARGET)
    sell_in_the_shop(2)
    etsy.refuse = Transient("died")
    with pytest.raises(Transient):
        pusher(etsy).push("etsy", TARGET)
    etsy.sell(1)
    pusher(etsy).push("etsy", TARGET)
    apply_sales(etsy)
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == physical() == 2


def test_a_channel_that_shows_its_changes_late_is_told_again_after_a_lost_answer(etsy: Platform) -> None:
    etsy.settles_after = 900
    clock = Clock()
    pusher(etsy, clock).push("etsy", TARGET)
    sell_in_the_shop(2)
    etsy.lose_answers = 1
    with pytest.raises(Transient):
        pusher(etsy, clock).push("etsy", TARGET)
    pusher(etsy, clock).push("etsy", TARGET)
    assert etsy.writes == [{SKU: 5}, {SKU: 3}, {SKU: 3}]
    assert etsy.reads == 0
    clock.move(901)
    etsy.sell(1)
    pusher(etsy, clock).push("etsy", TARGET)
    assert shown(etsy) == 2
    assert etsy.reads == 1


@pytest.mark.parametrize("error", [Rejected("no", "never"), RateLimited("later", 60)])
def test_a_refused_write_leaves_no_intent(etsy: Platform, error: Rejected | RateLimited) -> None:
    etsy.refuse = error
    with pytest.raises(type(error)):
        pusher(etsy).push("etsy", TARGET)
    assert link_now(etsy).intent is None
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == 5


def test_the_number_is_read_again_when_the_channel_was_faster(etsy: Platform) -> None:
    etsy.repeats_exactly = True
    pusher(etsy).push("etsy", TARGET)
    apply_delivery("shop", "more", SKU, 5, NOW)
    etsy.before_write = lambda: etsy.sell(2)
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == 8


def test_one_worker_at_a_time_works_on_a_target(etsy: Platform) -> None:
    assert acquire(f"etsy#{TARGET}", "another", NOW, 60)
    with pytest.raises(LeaseTaken):
        pusher(etsy).push("etsy", TARGET)
    late = Clock()
    late.move(61)
    assert pusher(etsy, late).push("etsy", TARGET)[0].outcome == "written"


def test_a_worker_who_is_overtaken_looks_again(etsy: Platform) -> None:
    overtaker = Clock()
    overtaker.move(200)

    def overtake() -> None:
        sell_in_the_shop(1)
        pusher(etsy, overtaker).push("etsy", TARGET)

    etsy.before_write = overtake
    pusher(etsy).push("etsy", TARGET)
    assert shown(etsy) == physical() == 4
    assert link_now(etsy).intent is None


def test_what_the_artist_took_off_sale_there_stays_so(etsy: Platform) -> None:
    pusher(etsy).push("etsy", TARGET)
    etsy.off_sale.add(TARGET)
    apply_delivery("shop", "more", SKU, 5, NOW)
    [result] = pusher(etsy).push("etsy", TARGET)
    assert result.outcome == "skipped"
    assert len(etsy.writes) == 1


def test_a_sku_that_the_target_does_not_have_fails_alone(etsy: Platform) -> None:
    linked(etsy, 0, "OTHER")
    del etsy.shown[TARGET]["OTHER"]
    results = {result.link.sku: result.outcome for result in pusher(etsy).push("etsy", TARGET)}
    assert results == {"OTHER": "failed", SKU: "written"}


def test_a_product_that_is_not_published_is_offered_nowhere(etsy: Platform) -> None:
    pusher(etsy).push("etsy", TARGET)
    product = product_by_id(1)
    assert product is not None
    with UnitOfWork() as work:
        change_product(work, product, replace(product, status="draft", version=product.version + 1))
    pusher(etsy).push("etsy", TARGET)
    assert (shown(etsy), physical()) == (0, 5)
