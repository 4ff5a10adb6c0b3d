"""When a job is due, by the expressions that EventBridge gets."""

from datetime import UTC, datetime, timedelta

import pytest

from etsy_sync.schedules import SCHEDULES
from tools.local.timetable import is_rate, next_run

NOON = datetime(2026, 1, 31, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "then"),
    [
        ("rate(5 minutes)", NOON + timedelta(minutes=5)),
        ("rate(1 hour)", NOON + timedelta(hours=1)),
        ("rate(2 days)", NOON + timedelta(days=2)),
        ("cron(0 2 * * ? *)", datetime(2026, 2, 1, 2, tzinfo=UTC)),
        ("cron(30 23 * * ? *)", datetime(2026, 1, 31, 23, 30, tzinfo=UTC)),
        ("cron(0 12 * * ? *)", datetime(2026, 2, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_job_is_due_by_its_rate_or_time_of_day(expression: str, then: datetime) -> None:
    assert next_run(expression, NOON) == then


@pytest.mark.parametrize("expression", ["", "rate(soon)", "cron(0 2 ? * MON *)"])
def test_any_other_expression_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="neither a rate nor a time of each day"):
        next_run(expression, NOON)


def test_every_schedule_is_understood() -> None:
    assert all(next_run(expression, NOON) > NOON for expression in SCHEDULES.values())
    assert not is_rate(SCHEDULES["reconcile"])
