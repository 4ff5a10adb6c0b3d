"""The jobs of the orders, by name: run by schedules and by command."""

from collections.abc import Mapping

from common.jobs import Job
from orders.unpaid import cancel_all_overdue

__all__ = ["JOBS", "Job"]

JOBS: Mapping[str, Job] = {
    "unpaid": Job(
        "cancels orders that were not paid in time, and gives back what they took", cancel_all_overdue
    )
}
