"""Every scheduled job of the shop, whatever domain it is of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from common.jobs import JobReport
from etsy_sync import jobs as sync_jobs
from etsy_sync import lambdas as sync_lambdas
from etsy_sync import wiring
from etsy_sync.schedules import SCHEDULES as SYNC_SCHEDULES
from orders import jobs as order_jobs
from orders import lambdas as order_lambdas
from orders.schedules import SCHEDULES as ORDER_SCHEDULES
from orders.unpaid import Progress


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """`does` says for people what it does, `schedule` when it runs, as EventBridge writes it.

    `run` runs it now; `run_as_lambda` as its Lambda function does, which logs it and raises JobFailed.
    """

    does: str
    schedule: str
    run: Callable[[datetime, Progress], JobReport]
    run_as_lambda: Callable[[], dict[str, Any]]


def all_jobs() -> dict[str, ScheduledJob]:
    """The jobs by name, those of the orders first."""
    return _jobs_of_orders() | _jobs_of_sync()


def jobs_to_run() -> dict[str, ScheduledJob]:
    """The jobs that there is something to do for: without a channel, those of the orders."""
    return all_jobs() if wiring.enabled_channels() else _jobs_of_orders()


def _jobs_of_orders() -> dict[str, ScheduledJob]:
    return {
        name: ScheduledJob(job.does, ORDER_SCHEDULES[name], job.run, partial(order_lambdas.run_job, name))
        for name, job in order_jobs.JOBS.items()
    }


def _jobs_of_sync() -> dict[str, ScheduledJob]:
    return {
        name: ScheduledJob(
            job.does,
            SYNC_SCHEDULES[name],
            partial(sync_jobs.run, name),
            partial(sync_lambdas.run_job, name),
        )
        for name, job in sync_jobs.JOBS.items()
    }
