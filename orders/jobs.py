"""The jobs of the orders, by name: run by schedules and by command."""

from collections.abc import Mapping
from datetime import datetime

from common.jobs import PARTIAL, Job, JobReport, Progress
from common.outbox import has_late_mail
from orders.unpaid import cancel_all_overdue
from orders.withdrawal_reminders import remind

__all__ = ["JOBS", "Job"]

LATE_MAIL = "mails have been due for an hour, and nobody sends them: look at the job mails"


def cancel_unpaid(now: datetime, progress: Progress | None) -> JobReport:
    """Cancels what was not paid in time, and reminds of withdrawals whose money is soon due.

    It fails in part while buyers' mails are not sent: the sender cannot tell that it does not run; this job
    is missed when it does not.
    """
    report = cancel_all_overdue(now, progress)
    counts, errors = remind(now)
    report.counts += counts
    late = [LATE_MAIL] if has_late_mail(now) else []
    report.errors = (*report.errors, *errors, *late)
    if errors or late:
        report.outcome = report.outcome if report.outcome == "error" else PARTIAL
    return report


JOBS: Mapping[str, Job] = {
    "unpaid": Job(
        "cancels orders that were not paid in time, gives back what they took, and reminds of withdrawals "
        "whose money is soon due",
        cancel_unpaid,
    )
}
