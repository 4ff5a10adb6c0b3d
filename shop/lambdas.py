"""The shop domain's Lambda functions besides the API: its scheduled jobs.

Lambda imports this module alone, so that a job does not load the routes; what a function works with is
imported when it runs.
"""

from typing import Any

from chalice.app import Blueprint, Chalice, CloudWatchEvent

from common.jobs import run_by_schedule
from shop.schedules import SCHEDULES

functions = Blueprint(__name__)


def register(app: Chalice) -> None:
    """Adds the functions to an app, so that `chalice package` deploys them beside its API."""
    app.register_blueprint(functions)


@functions.schedule(SCHEDULES["analytics"])
def summarise_analytics(_event: CloudWatchEvent) -> dict[str, Any]:
    """Summarises what visitors did on the pages of each creator."""
    return run_job("analytics")


def run_job(name: str) -> dict[str, Any]:
    """Runs a job and answers its outcome and counts; JobFailed when any of its creators failed."""
    from shop.jobs import JOBS

    # Nothing is lost while it stands still; `shop.analytics.lateness` says so.
    return run_by_schedule(name, "shop", JOBS, is_waited_for=False)
