"""The calls about people are answered, counted without their token's read, and stay within their budgets."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app import app
from benchmarks.people import PEOPLE_CALLS, UNTIMED, PeopleBench
from benchmarks.people_report import render_people
from common.repositories.accounts import number_of_accounts

USERS = 20


@pytest.fixture
def bench(table: str) -> Iterator[PeopleBench]:
    opened = PeopleBench(app, users=USERS)
    opened.open()
    yield opened
    opened.close()


@pytest.mark.exhaustive
def test_every_call_stays_within_its_trips(bench: PeopleBench) -> None:
    samples = [bench.measure(call, 1) for call in PEOPLE_CALLS]
    for found in samples:
        assert found.trips == found.call.budget.trips, found.call.name
        assert 0 < found.p50 <= found.p99
    assert number_of_accounts() == USERS + 1 + UNTIMED
    report = render_people(samples, 1, "Python", "an engine")
    assert all(f"| {call.name} |" in report for call in PEOPLE_CALLS)


def test_a_request_that_is_refused_ends_the_measurement(bench: PeopleBench) -> None:
    with pytest.raises(RuntimeError, match="answered 404"):
        bench.measure(replace(PEOPLE_CALLS[1], path="/api/users/nobody"), 1)
