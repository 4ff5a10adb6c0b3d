"""Jobs: which parts they have, and that one that fails holds up no other."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from etsy_sync import jobs
from etsy_sync.adapters.interface import AuthExpired
from etsy_sync.adapters.runs import RunResult
from etsy_sync.jobs import Job, Part
from etsy_sync.repositories.sync_states import STALE_AFTER, begin_sync, sync_state
from tests.common.stock_builders import NOW

pytestmark = pytest.mark.usefixtures("table")

Steps = dict[str, Callable[[], RunResult]]


def expired() -> RunResult:
    raise AuthExpired("the owner has to connect the shop again")


def broken() -> RunResult:
    raise ZeroDivisionError("somebody@example.com")


def fine() -> RunResult:
    return RunResult(Counter(listings=3))


def half() -> RunResult:
    return RunResult(Counter(listings=1), ["listing 7: two of a SKU"])


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Callable[[Steps], None]:
    """Makes the job `products` of these steps, one for each channel."""

    def make(steps: Steps) -> None:
        parts = [Part(channel, "1", step, "product") for channel, step in steps.items()]
        monkeypatch.setattr(jobs, "JOBS", {"products": Job("tests", lambda _: parts)})

    return make


@pytest.mark.parametrize("name", sorted(jobs.JOBS))
def test_without_any_channel_there_is_nothing_to_do(name: str) -> None:
    report = jobs.run(name, NOW)
    assert (report.outcome, report.is_configured, report.errors) == ("completed", False, ())


def test_an_unknown_job_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        jobs.run("nothing", NOW)


@pytest.mark.parametrize("failing", [expired, broken])
def test_one_channel_that_fails_holds_up_no_other(
    job: Callable[[Steps], None], failing: Callable[[], RunResult]
) -> None:
    job({"etsy": failing, "shopify": fine})
    report = jobs.run("products", NOW)
    assert (report.outcome, report.counts["listings"], len(report.errors)) == ("partial", 3, 1)
    assert "example.com" not in report.errors[0]
    failed, done = sync_state("1"), sync_state("1", channel="shopify")
    assert failed is not None
    assert done is not None
    assert (failed.sync_status, failed.last_product_sync) == ("error", None)
    assert (done.sync_status, done.last_product_sync is None) == ("completed", False)


def test_a_job_of_which_every_part_fails_has_failed(job: Callable[[Steps], None]) -> None:
    job({"etsy": expired, "shopify": broken})
    assert jobs.run("products", NOW).outcome == "error"


def test_what_was_done_in_part_does_not_count_as_done(job: Callable[[Steps], None]) -> None:
    job({"etsy": half})
    assert jobs.run("products", NOW).outcome == "partial"
    state = sync_state("1")
    assert state is not None
    assert (state.sync_status, state.last_product_sync) == ("partial", None)
    assert state.product_counts == {"listings": 1}


def test_two_runs_of_a_kind_are_not_under_way_at_once(job: Callable[[Steps], None]) -> None:
    job({"etsy": fine})
    assert begin_sync("1", "product", NOW, STALE_AFTER)
    assert jobs.run("products", NOW).counts == Counter(already_running=1)
    later = NOW + STALE_AFTER + timedelta(seconds=1)
    assert jobs.run("products", later).counts["listings"] == 3
