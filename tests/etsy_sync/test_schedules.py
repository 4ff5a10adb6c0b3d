"""Every job has a rate that EventBridge understands, and nothing else has one."""

import re

from etsy_sync.jobs import JOBS
from etsy_sync.schedules import SCHEDULES


def test_every_job_has_a_rate() -> None:
    assert set(SCHEDULES) == set(JOBS)


def test_rates_are_written_as_eventbridge_wants_them() -> None:
    rate = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|\d{2,}) (minutes|hours|days))\)")
    daily = re.compile(r"cron\(\d+ \d+ \* \* \? \*\)")
    assert all(rate.fullmatch(text) or daily.fullmatch(text) for text in SCHEDULES.values())
    assert SCHEDULES["reconcile"] == "cron(0 2 * * ? *)"
