"""Jobs that an administrator asks for: done by whoever reads the queue, at once where there is none.

API Gateway waits for 29 seconds, and a job may take minutes.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from common import config
from common.errors import Unavailable
from common.stock_queue import announce_job
from etsy_sync.repositories.sync_states import IN_PROGRESS

if TYPE_CHECKING:
    from common.jobs import JobReport

ALREADY_RUNNING = "already_running"
# A job is not begun when less is left of the time to run, and gives up when this little is.
NEEDED_SECONDS, LAST_SECONDS = 60, 20


def ask_for(job: str, now: datetime) -> str:
    """Has a job run; `in_progress`, or how it went where no queue takes it.

    Raises Unavailable when the queue cannot be reached.
    """
    if not config.setting("STOCK_QUEUE_URL"):
        from etsy_sync import jobs

        return _outcome(jobs.run(job, now))
    if not announce_job(job):
        raise Unavailable("The job could not be sent to the queue; try again")
    return IN_PROGRESS


def run_asked(job: str, now: datetime, seconds_left: Callable[[], float]) -> "JobReport | None":
    """Runs a job that came by the queue; None when it was sent again, because too little time is left.

    What it does not finish in time is left to the schedule. KeyError for an unknown job.
    """
    from etsy_sync import jobs
    from etsy_sync.adapters.interface import Transient

    def watch(_done: int, _total: int | None) -> None:
        if seconds_left() < LAST_SECONDS:
            raise Transient("no time was left; the schedule goes on with it")

    if job in jobs.JOBS and seconds_left() < NEEDED_SECONDS and announce_job(job):
        return None
    return jobs.run(job, now, watch)


def _outcome(report: "JobReport") -> str:
    return ALREADY_RUNNING if report.counts[ALREADY_RUNNING] else report.outcome
