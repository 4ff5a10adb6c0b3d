"""What a channel is told, by numbers alone."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from common.clock import iso
from etsy_sync.repositories.channel_links import ChannelLink, Intent
from etsy_sync.sync.rules import decide, offered, resolve_intent
from tests.common.stock_builders import NOW

COUNTS = st.integers(0, 1500)


def link(base: int | None, sold_here: int = 0, channel: str = "shopify", base_sold: int = 0) -> ChannelLink:
    moment = iso(NOW)
    return ChannelLink(
        sku="A",
        channel=channel,
        target="1",
        created_at=moment,
        updated_at=moment,
        base=base,
        base_sold=base_sold,
        sold_here=sold_here,
    )


def test_what_the_channel_sold_and_nobody_applied_yet_is_not_offered_again() -> None:
    decision = decide(link(base=10), broadcast=8, observed=9)
    assert (decision.quantity, decision.pending, decision.is_news) == (7, 1, True)
    assert decision.base == 8


def test_nothing_is_written_when_the_channel_shows_it_already() -> None:
    sold_and_applied = decide(link(base=10, sold_here=3), broadcast=7, observed=7)
    assert not sold_and_applied.is_news
    assert not sold_and_applied.is_confirmed


def test_a_channel_that_shows_it_by_itself_is_recorded_without_a_write() -> None:
    decision = decide(link(base=3), broadcast=5, observed=5)
    assert (decision.is_news, decision.is_confirmed, decision.base) == (False, True, 5)


def test_more_sold_there_than_there_is_stays_pending_until_it_is_applied() -> None:
    first = decide(link(base=5), broadcast=3, observed=0)
    assert (first.quantity, first.is_news, first.is_confirmed) == (0, False, False)
    restocked = decide(link(base=5), broadcast=7, observed=0)
    assert restocked.quantity == 2


def test_a_first_write_takes_nothing_off() -> None:
    assert decide(link(base=None), broadcast=4, observed=0).quantity == 4


def test_a_channel_that_cannot_be_looked_at_is_told_what_is_new() -> None:
    assert decide(link(base=4), broadcast=6, observed=None).is_news
    assert not decide(link(base=6), broadcast=6, observed=None).is_news


def test_etsy_is_offered_no_more_than_it_takes() -> None:
    assert (offered("etsy", 1500), offered("shopify", 1500)) == (999, 1500)


@given(base=COUNTS, sold=COUNTS, applied=COUNTS, broadcast=COUNTS)
def test_what_is_offered_and_what_is_sold_never_exceed_what_there_is(
    base: int, sold: int, applied: int, broadcast: int
) -> None:
    sold, applied = min(sold, base), min(applied, sold, base)
    pending = sold - applied
    decision = decide(link(base=base, sold_here=applied), broadcast, observed=base - sold)
    assert decision.quantity + pending <= max(broadcast, pending)
    assert decision.quantity == max(0, broadcast - pending)
    told = replace(link(base=decision.base, sold_here=applied), base_sold=applied)
    assert told.expected is not None
    if decision.is_news:
        # All that is still to come takes the channel down to what the shop then has.
        assert told.expected - decision.quantity == pending


def test_an_open_intent_is_settled_by_what_the_channel_shows() -> None:
    intent = Intent(quantity=8, base=8, sold=0, changed_from=5, key="k", at=iso(NOW))
    asked = replace(link(base=5), intent=intent)
    assert resolve_intent(asked, 8).base == 8
    assert resolve_intent(asked, 5) is asked
    sold_since = replace(asked, sold_here=2)
    assert resolve_intent(sold_since, 6).expected == 6
    assert resolve_intent(sold_since, 3) is sold_since


def test_an_open_intent_that_nothing_explains_counts_as_sold_rather_than_as_there() -> None:
    intent = Intent(quantity=8, base=8, sold=0, changed_from=5, key="k", at=iso(NOW))
    asked = replace(link(base=5), intent=intent)
    assert resolve_intent(asked, 6).expected == 8
    lowered = replace(asked, intent=replace(intent, quantity=2, base=2))
    assert resolve_intent(lowered, 4).expected == 5


def test_a_first_write_that_nobody_heard_of_is_settled_by_what_was_shown_before_it() -> None:
    intent = Intent(quantity=8, base=8, sold=0, changed_from=3, key="k", at=iso(NOW))
    asked = replace(link(base=None), intent=intent)
    assert resolve_intent(asked, 3) is asked
    assert resolve_intent(asked, 8).expected == 8
    assert resolve_intent(asked, 7).expected == 8
    assert resolve_intent(replace(asked, sold_here=5), 3).expected == 3
