"""The jobs of the orders, by name: run by schedules and by command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from common.jobs import JobReport
from orders.unpaid import Progress, cancel_all_overdue


@dataclass(frozen=True, slots=True)
class Job:
    """`does` says for people what it does; `run` gets the time, and whom to tell how far it is."""

    does: str
    run: Callable[[datetime, Progress | None], JobReport]


JOBS: Mapping[str, Job] = {
    "unpaid": Job(
        "cancels orders that were not paid in time, and gives back what they took", cancel_all_overdue
    )
}
