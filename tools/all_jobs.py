"""Every scheduled job of the shop, whatever domain it is of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from catalog import jobs as catalog_jobs
from catalog import lambdas as catalog_lambdas
from catalog.schedules import SCHEDULES as CATALOG_SCHEDULES
from common.jobs import Job, JobReport, Progress
from etsy_sync import jobs as sync_jobs
from etsy_sync import lambdas as sync_lambdas
from etsy_sync import wiring
from etsy_sync.schedules import SCHEDULES as SYNC_SCHEDULES
from orders import jobs as order_jobs
from orders import lambdas as order_lambdas
from orders.schedules import SCHEDULES as ORDER_SCHEDULES
from shop import jobs as shop_jobs
from shop import lambdas as shop_lambdas
from shop.schedules import SCHEDULES as SHOP_SCHEDULES


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
    return _own_jobs() | _jobs_of_sync()


def jobs_to_run() -> dict[str, ScheduledJob]:
    """The jobs that there is something to do for: without a channel, those of the shop itself."""
    return all_jobs() if wiring.enabled_channels() else _own_jobs()


def _own_jobs() -> dict[str, ScheduledJob]:
    return (
        _jobs_of(order_jobs.JOBS, ORDER_SCHEDULES, order_lambdas.run_job)
        | _jobs_of(shop_jobs.JOBS, SHOP_SCHEDULES, shop_lambdas.run_job)
        | _jobs_of(catalog_jobs.JOBS, CATALOG_SCHEDULES, catalog_lambdas.run_job)
    )


def _jobs_of(
    jobs: Mapping[str, Job], schedules: Mapping[str, str], as_lambda: Callable[[str], dict[str, Any]]
) -> dict[str, ScheduledJob]:
    return {
        name: ScheduledJob(job.does, schedules[name], job.run, partial(as_lambda, name))
        for name, job in jobs.items()
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
