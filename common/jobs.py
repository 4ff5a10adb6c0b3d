"""What the scheduled jobs of all domains have in common: how one went, and how a failure is told."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from common.clock import utc_now
from common.dynamodb import Usage, meter
from common.logging import describe_exception, logger
from common.metrics import embedded

Outcome = Literal["completed", "partial", "error"]

PARTIAL: Outcome = "partial"
ERROR: Outcome = "error"

SHOWN_ERRORS = 5


class JobFailed(RuntimeError):
    """A job failed; its state and its errors were stored and logged before."""


@dataclass(slots=True)
class JobReport:
    """How a job went; `counts` by what was done, `errors` one line each, without anybody's data.

    `is_configured` is False when there was nothing that it could be done for.
    """

    name: str
    outcome: Outcome = "completed"
    counts: Counter[str] = field(default_factory=Counter)
    errors: tuple[str, ...] = ()
    is_configured: bool = True


Progress = Callable[[int, int | None], None]
"""Who is told how many of how many things are done; of None it is not known."""


@dataclass(frozen=True, slots=True)
class Job:
    """`does` says for people what it does; `run` gets the time, and whom to tell how far it is."""

    does: str
    run: Callable[[datetime, Progress | None], JobReport]


def run_logged(
    name: str,
    domain: str,
    job: Callable[[], JobReport],
    fatal: Collection[Outcome] = (ERROR,),
    *,
    is_waited_for: bool = True,
) -> dict[str, Any]:
    """Runs a job of a domain, logs it, and answers its outcome and counts.

    `is_waited_for` is False where no alarm waits for the domain's jobs: a metric that nobody reads has its
    price as well. Raises JobFailed, so that Lambda counts an error, when it broke off or its outcome is a
    `fatal` one.
    """
    started = time.monotonic_ns()
    with meter() as usage:
        try:
            report = job()
        except Exception as error:  # noqa: BLE001 - whatever it is, Lambda has to count it
            shown = {"job": name, **describe_exception(error)}
            logger().error("job broke off", extra=shown | _measured(domain, usage, "jobs_failed"))
            # Without its cause, whose text might quote a customer in Lambda's own log of the failure.
            raise JobFailed(name) from None
    outcome = report.outcome if report.is_configured else "not configured"
    has_failed = report.is_configured and report.outcome in fatal
    # What has nothing to do runs all the same: whoever waits for signs of life hears this one.
    counted = "jobs_failed" if has_failed else "jobs_partial" if outcome == "partial" else "jobs_completed"
    fields = {
        "job": name,
        "outcome": outcome,
        "milliseconds": (time.monotonic_ns() - started) // 1_000_000,
        **_measured(domain, usage, *([counted] if is_waited_for or counted != "jobs_completed" else [])),
    }
    log_counts("job", report.counts, report.errors, **fields)
    if has_failed:
        raise JobFailed(name)
    return {"job": name, "outcome": outcome, "counts": dict(report.counts)}


def run_by_schedule(
    name: str, domain: str, jobs: Mapping[str, Job], *, is_waited_for: bool = True
) -> dict[str, Any]:
    """Runs one of a domain's jobs as its schedule does; JobFailed when any of what it is about failed."""
    fatal: tuple[Outcome, ...] = (ERROR, PARTIAL)
    return run_logged(
        name, domain, lambda: jobs[name].run(utc_now(), None), fatal, is_waited_for=is_waited_for
    )


def log_batch(
    text: str,
    domain: str,
    counts: Mapping[str, int],
    errors: Sequence[str],
    usage: Usage,
    *,
    has_failed: bool,
) -> None:
    """One line for a batch of messages, with what it consumed; `has_failed` when any of them comes back.

    A batch is no sign of life of the jobs: those that are waited for are the scheduled ones.
    """
    counted = ["jobs_partial"] if has_failed else []
    log_counts(text, counts, errors, **_measured(domain, usage, *counted))


def log_counts(text: str, counts: Mapping[str, int], errors: Sequence[str], **fields: Any) -> None:
    """One line with counts, the number of errors and the first of them."""
    shown = {"error_count": len(errors), "errors": list(errors[:SHOWN_ERRORS])} if errors else {}
    logger().info(text, extra={**fields, "counts": dict(counts), **shown})


def _measured(domain: str, usage: Usage, *counted: str) -> dict[str, Any]:
    """The fields of a line that are metrics, with what makes them such.

    How long a job took is none: `milliseconds` is what callers wait.
    """
    fields: dict[str, Any] = {
        "domain": domain,
        "read_units": float(usage.read_units),
        "write_units": float(usage.write_units),
        **dict.fromkeys(counted, 1),
    }
    return fields | embedded(fields)
