"""Summarising the days of all creators: nobody is forgotten, and nothing fails in silence."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from common.clock import epoch
from common.repositories.creators import Creator
from common.repositories.notifications import all_notifications
from shop.analytics import job
from shop.repositories.analytics import events_of, summaries_of
from tests.shop.analytics.builders import ADA, BEA, NOW, creator, event, happened, minutes

NEW = "2026-03-15T08:00:00.000Z"


def two_creators() -> list[Creator]:
    found = [creator(ADA, created_at=NEW), creator(BEA, created_at=NEW)]
    happened(event(), event(creator_id=BEA))
    return found


def failing_for(monkeypatch: pytest.MonkeyPatch, *ids: str) -> None:
    """The events of these creators cannot be read."""

    def sometimes(creator_id: str, *given: Any) -> Any:
        if creator_id in ids:
            raise RuntimeError("broken for maria@example.com")
        return events_of(creator_id, *given)

    monkeypatch.setattr("shop.analytics.summaries.events_of", sometimes)


def told() -> list[str]:
    return [each.message or "" for each in all_notifications(epoch(NOW))]


def test_a_shop_without_creators_has_nothing_to_do(table: str) -> None:
    report = job.summarise_all(NOW)
    assert (report.outcome, report.counts, report.errors) == ("completed", Counter(), ())


def test_every_creator_is_summarised_and_whoever_waits_is_told_how_far_it_is(table: str) -> None:
    two_creators()
    seen = list[tuple[int, int | None]]()
    report = job.summarise_all(minutes(1), lambda done, of: seen.append((done, of)))
    assert report.counts == Counter(creators=2, days_written=2)
    assert seen == [(1, 2), (2, 2)]
    assert [len(summaries_of(whose)) for whose in (ADA, BEA)] == [1, 1]
    assert job.summarise_all(minutes(2)).counts == Counter(creators=2, days_unchanged=2)


def test_one_creator_who_fails_stops_no_other_and_is_told_once_a_day(
    table: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    two_creators()
    failing_for(monkeypatch, ADA)
    for number in (1, 2):
        report = job.summarise_all(minutes(number))
        assert report.outcome == "partial"
        assert report.counts["failed"] == report.counts["creators"] == 1
        assert report.errors == (f"creator {ADA} could not be summarised; the log says more",)
    assert told() == ["1 creators could not be summarised; the log says why"]
    lines = [record for record in caplog.records if record.message == "creator's days not summarised"]
    assert len(lines) == 2
    assert "maria@example.com" not in str(vars(lines[0]))
    assert job.summarise_all(minutes(60 * 24)).outcome == "partial"
    assert len(told()) == 2


def test_a_job_that_fails_for_all_is_an_error(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    two_creators()
    failing_for(monkeypatch, ADA, BEA)
    assert job.summarise_all(NOW).outcome == "error"


def test_it_stops_before_its_time_is_over_and_the_next_run_goes_on(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_creators()
    times = iter([0.0, 1.0, job.SECONDS + 1.0])
    monkeypatch.setattr(job, "monotonic", lambda: next(times))
    report = job.summarise_all(minutes(1))
    assert (report.outcome, report.counts["creators"], report.counts["left_for_later"]) == ("completed", 1, 1)
    monkeypatch.undo()


def test_each_creator_is_the_first_in_some_hour(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    two_creators()
    first = set()

    def note(whose: Creator, _now: object) -> Counter[str]:
        first.add(whose.id)
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "summarise_open_days", note)
    for hour in range(12):
        with pytest.raises(KeyboardInterrupt):
            job.summarise_all(NOW + timedelta(hours=hour))
    assert first == {ADA, BEA}


def test_days_are_counted_again_on_request(table: str) -> None:
    both = two_creators()
    job.summarise_all(minutes(1))
    happened(event(minutes(31)))
    report = job.summarise_again(both, [NOW.date()], minutes(40))
    assert report.counts == Counter(creators=2, days_written=1, days_unchanged=1)
    assert summaries_of(ADA)[0].people.page_views == 2
