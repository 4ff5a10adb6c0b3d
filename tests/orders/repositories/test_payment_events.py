"""The marks of payment reports."""

from datetime import timedelta

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork, get_item
from orders.repositories.payment_events import RETENTION, AlreadyApplied, event_key, mark_applied

NOW = utc_now()


def test_a_report_is_marked_once_for_90_days(table: str) -> None:
    with UnitOfWork() as work:
        mark_applied(work, "stripe", "evt_1", NOW)
    with pytest.raises(AlreadyApplied), UnitOfWork() as work:
        mark_applied(work, "stripe", "evt_1", NOW + timedelta(days=89))
    mark = get_item(event_key("stripe", "evt_1"))
    assert mark is not None
    assert mark["expires_at"] == epoch(NOW + RETENTION)


def test_reports_of_other_providers_and_other_ids_are_their_own(table: str) -> None:
    for provider, name in (("stripe", "1"), ("stripe", "2"), ("other", "1")):
        with UnitOfWork() as work:
            mark_applied(work, provider, name, NOW)


def test_a_mark_that_expired_counts_no_more(table: str) -> None:
    for moment in (NOW, NOW + RETENTION):
        with UnitOfWork() as work:
            mark_applied(work, "stripe", "evt_1", moment)
    mark = get_item(event_key("stripe", "evt_1"), now=0)
    assert mark is not None
    assert mark["expires_at"] == epoch(NOW + 2 * RETENTION)
