"""Works that follow a creator's status, whatever stops on the way, by requests and by the job."""

from collections import Counter
from itertools import count
from typing import Any
from unittest.mock import patch

import pytest
from chalice.app import Chalice

from catalog import creators_job, lambdas
from catalog.creator_status import follow_status
from catalog.creators_job import follow_all
from catalog.jobs import JOBS
from catalog.schedules import SCHEDULES
from catalog.withholding import withhold_works
from common.dynamodb import meter
from common.errors import Unavailable
from common.jobs import JobFailed
from common.repositories.creators import ACTIVE, CREATORS, DISABLED, Creator
from common.repositories.products import APPROVED
from tests.catalog.builders import OPENING, actions_of, ok
from tests.catalog.work_builders import LATER, MODERATOR, add_creator, add_work, known_work
from tests.orders.test_lambdas import SCHEDULED
from tests.support.http import Client
from tests.support.races import just_after, just_before

WITHHOLD = "catalog.creator_status.withhold_works"


@pytest.fixture(autouse=True)
def _works(table: str) -> None:
    add_creator()
    for number in (1, 2, 3):
        add_work(number, moderation_status=APPROVED)


def set_over_http(admin: Client, status: str) -> dict[str, Any]:
    """The creator as an administrator is answered who sets this status."""
    return dict(ok(admin.put("/api/admin/creators/c-1/status", json={"status": status}))["creator"])


def withheld() -> list[bool | None]:
    """What each work says of it."""
    return [known_work(number).withheld for number in (1, 2, 3)]


def known_creator() -> Creator:
    """The creator as it is stored."""
    creator = CREATORS.get("c-1")
    assert creator is not None
    return creator


def away(*_: Any, **__: Any) -> Any:
    """The storage is away."""
    raise Unavailable("away")


def test_works_follow_within_the_request(admin: Client) -> None:
    shown = set_over_http(admin, DISABLED)
    assert shown["worksPending"] is None
    assert withheld() == [True] * 3
    assert set_over_http(admin, ACTIVE)["worksPending"] is None
    assert withheld() == [None] * 3
    assert actions_of("Product", 1) == ["WITHHOLD_PRODUCT", "RELEASE_PRODUCT"]


def test_a_request_that_is_broken_off_is_gone_on_with_by_its_repetition(admin: Client) -> None:
    with patch(WITHHOLD, away):
        shown = set_over_http(admin, DISABLED)
    assert (shown["status"], withheld()) == (DISABLED, [None] * 3)
    assert shown["worksPending"] == shown["updatedAt"]
    (listed,) = ok(admin.get("/api/admin/creators"))["creators"]
    assert listed["worksPending"] == shown["worksPending"]
    assert set_over_http(admin, DISABLED)["worksPending"] is None
    assert withheld() == [True] * 3
    assert actions_of("Creator", "c-1") == ["UPDATE_CREATOR_STATUS"]


def test_a_request_that_is_broken_off_is_gone_on_with_by_the_job(admin: Client) -> None:
    with patch(WITHHOLD, away):
        set_over_http(admin, DISABLED)
    report = follow_all(LATER)
    assert (report.outcome, report.counts) == ("completed", Counter(followed=1))
    assert withheld() == [True] * 3
    assert known_creator().works_pending is None
    assert follow_all(LATER).counts == Counter()


def test_what_takes_longer_than_a_request_is_left_to_the_job(admin: Client) -> None:
    asked = count(1)
    clock = (0.0 if next(asked) < 4 else 1_000.0 for _ in count())
    with patch("catalog.creator_status.monotonic", lambda: next(clock)):
        shown = set_over_http(admin, DISABLED)
    assert shown["worksPending"] is not None
    assert 0 < withheld().count(True) < 3
    follow_all(LATER)
    assert withheld() == [True] * 3


def test_a_job_whose_time_is_over_leaves_the_rest_to_the_next(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with patch(WITHHOLD, away):
        set_over_http(admin, DISABLED)
    monkeypatch.setattr(creators_job, "SECONDS", -1)
    report = follow_all(LATER)
    assert (report.outcome, report.counts) == ("completed", Counter(left_for_later=1))
    assert withheld() == [None] * 3
    assert known_creator().works_pending is not None


def test_a_status_that_is_set_while_works_follow_is_the_one_that_counts(admin: Client) -> None:
    with just_after(WITHHOLD, lambda: set_over_http(admin, ACTIVE)):
        shown = set_over_http(admin, DISABLED)
    assert (shown["status"], shown["worksPending"]) == (ACTIVE, None)
    assert withheld() == [None] * 3


def test_a_status_that_is_set_before_works_follow_is_the_one_that_counts(admin: Client) -> None:
    with just_before(WITHHOLD, lambda: set_over_http(admin, ACTIVE)):
        shown = set_over_http(admin, DISABLED)
    assert (shown["status"], shown["worksPending"]) == (ACTIVE, None)
    assert withheld() == [None] * 3


def test_a_status_that_is_set_meanwhile_and_does_not_get_on_stays_pending(admin: Client) -> None:
    """Stops the older one's end from counting as the newer one's."""

    def enable() -> None:
        with patch(WITHHOLD, away):
            set_over_http(admin, ACTIVE)

    with just_after(WITHHOLD, enable), patch("catalog.creator_status.SECONDS", 30):
        set_over_http(admin, DISABLED)
    follow_all(LATER)
    assert known_creator().status == ACTIVE
    assert known_creator().works_pending is None
    assert withheld() == [None] * 3


def test_nothing_is_read_but_the_creator_where_no_works_are_pending() -> None:
    with meter() as usage:
        followed = follow_status("c-1", MODERATOR, OPENING, lambda: True)
    assert usage.calls == 1
    assert followed == known_creator()


def test_one_creator_that_fails_stops_no_other(admin: Client, caplog: pytest.LogCaptureFixture) -> None:
    add_creator("c-2")
    with patch(WITHHOLD, away):
        set_over_http(admin, DISABLED)
        ok(admin.put("/api/admin/creators/c-2/status", json={"status": DISABLED}))

    def fail_for_one(creator_id: str, *rest: Any, **named: Any) -> Any:
        return away() if creator_id == "c-2" else withhold_works(creator_id, *rest, **named)

    with patch(WITHHOLD, fail_for_one):
        report = follow_all(LATER)
    assert (report.outcome, report.counts) == ("partial", Counter(followed=1, failed=1))
    assert report.errors == ("creator c-2: its works could not follow; the log says more",)
    assert withheld() == [True] * 3
    assert [line.__dict__["creator"] for line in caplog.records if "creator" in line.__dict__][-1] == "c-2"


def test_the_schedule_runs_the_job_and_says_when_it_fails(admin: Client) -> None:
    assert JOBS.keys() == SCHEDULES.keys()
    with patch(WITHHOLD, away):
        set_over_http(admin, DISABLED)
        with pytest.raises(JobFailed, match="creators"):
            lambdas.follow_creators(SCHEDULED, None)
    answer = lambdas.follow_creators(SCHEDULED, None)
    assert answer == {"job": "creators", "outcome": "completed", "counts": {"followed": 1}}


def test_an_app_gets_the_function() -> None:
    app = Chalice("catalog")
    lambdas.register(app)
    assert "catalog.lambdas.follow_creators" in [source.handler_string for source in app.event_sources]
