"""The marks of payment reports."""

from datetime import timedelta

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork
from common.once import AlreadyDone, add, found
from orders.webhooks import APPLIED

NOW = utc_now()
RETENTION = timedelta(days=90)


def test_a_report_is_marked_once_for_90_days(table: str) -> None:
    with UnitOfWork() as work:
        add(work, APPLIED.of("stripe", "evt_1"), NOW)
    with pytest.raises(AlreadyDone), UnitOfWork() as work:
        add(work, APPLIED.of("stripe", "evt_1"), NOW + timedelta(days=89))
    mark = found(APPLIED.of("stripe", "evt_1"), NOW)
    assert mark is not None
    assert mark["expires_at"] == epoch(NOW + RETENTION)


def test_reports_of_other_providers_and_other_ids_are_their_own(table: str) -> None:
    for provider, name in (("stripe", "1"), ("stripe", "2"), ("other", "1")):
        with UnitOfWork() as work:
            add(work, APPLIED.of(provider, name), NOW)
