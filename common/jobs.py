"""What the scheduled jobs of all domains have in common: how one went, and how a failure is told."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from common.logging import describe_exception, logger

Outcome = Literal["completed", "partial", "error"]

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


def run_logged(
    name: str, job: Callable[[], JobReport], fatal: Collection[Outcome] = (ERROR,)
) -> dict[str, Any]:
    """Runs a job, logs it, and answers its outcome and counts.

    Raises JobFailed, so that Lambda counts an error, when it broke off or its outcome is a `fatal` one.
    """
    started = time.monotonic_ns()
    try:
        report = job()
    except Exception as error:  # noqa: BLE001 - whatever it is, Lambda has to count it
        logger().error("job broke off", extra={"job": name, **describe_exception(error)})
        # Without its cause, whose text might quote a customer in Lambda's own log of the failure.
        raise JobFailed(name) from None
    outcome = report.outcome if report.is_configured else "not configured"
    milliseconds = (time.monotonic_ns() - started) // 1_000_000
    log_counts("job", report.counts, report.errors, job=name, outcome=outcome, milliseconds=milliseconds)
    if report.is_configured and report.outcome in fatal:
        raise JobFailed(name)
    return {"job": name, "outcome": outcome, "counts": dict(report.counts)}


def log_counts(text: str, counts: Mapping[str, int], errors: Sequence[str], **fields: Any) -> None:
    """One line with counts, the number of errors and the first of them."""
    shown = {"error_count": len(errors), "errors": list(errors[:SHOWN_ERRORS])} if errors else {}
    logger().info(text, extra={**fields, "counts": dict(counts), **shown})
