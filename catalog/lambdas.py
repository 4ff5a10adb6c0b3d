"""The catalogue's Lambda functions besides the API: its scheduled jobs.

Lambda imports this module alone, so that a job does not load the routes; what a function works with is
imported when it runs.
"""

from typing import Any

from chalice.app import Blueprint, Chalice, CloudWatchEvent

from catalog.schedules import SCHEDULES
from common.jobs import run_by_schedule

functions = Blueprint(__name__)


def register(app: Chalice) -> None:
    """Adds the functions to an app, so that `chalice package` deploys them beside its API."""
    app.register_blueprint(functions)


@functions.schedule(SCHEDULES["creators"])
def follow_creators(_event: CloudWatchEvent) -> dict[str, Any]:
    """Lets the works of creators follow who were disabled or enabled."""
    return run_job("creators")


@functions.schedule(SCHEDULES["snapshot"])
def write_catalogue_snapshot(_event: CloudWatchEvent) -> dict[str, Any]:
    """Writes the catalogue's snapshot anew where the table differs from it."""
    return run_job("snapshot")


def run_job(name: str) -> dict[str, Any]:
    """Runs a job and answers its outcome and counts; JobFailed when it or any of its creators failed."""
    from catalog.jobs import JOBS

    # Creators have something to do only where a request was broken off; who it is about says `worksPending`.
    # Of a snapshot that is not written any more, each process that begins says that it is too old.
    return run_by_schedule(name, "catalog", JOBS, is_waited_for=False)
