"""The orders' Lambda functions besides the API: their scheduled jobs.

Lambda imports this module alone, so that a job does not load the routes; what a function works with is
imported when it runs.
"""

from typing import Any

from chalice.app import Blueprint, Chalice, CloudWatchEvent

from common.jobs import run_by_schedule
from orders.schedules import SCHEDULES

functions = Blueprint(__name__)


def register(app: Chalice) -> None:
    """Adds the functions to an app, so that `chalice package` deploys them beside its API."""
    app.register_blueprint(functions)


@functions.schedule(SCHEDULES["unpaid"])
def cancel_unpaid_orders(_event: CloudWatchEvent) -> dict[str, Any]:
    """Cancels the orders that were not paid in time."""
    return run_job("unpaid")


def run_job(name: str) -> dict[str, Any]:
    """Runs a job and answers its outcome and counts; JobFailed when any of its orders failed."""
    from orders.jobs import JOBS

    return run_by_schedule(name, "orders", JOBS)
