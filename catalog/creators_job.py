"""The job that goes on where the works of a disabled or enabled creator have not followed yet."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from botocore.exceptions import BotoCoreError, ClientError

from catalog.creator_status import follow_status
from common.errors import ShopError
from common.jobs import JobReport, Progress
from common.logging import describe_exception, logger
from common.repositories.creators import all_creators

NAME = "creators"
# Less than the time that the job's function has.
SECONDS = 240


@dataclass(frozen=True, slots=True)
class _System:
    """The shop itself, for the audit log."""

    id: str = "system"


def follow_all(now: datetime, progress: Progress | None = None) -> JobReport:
    """Lets the works of every creator follow whose works are pending; one that fails stops no other.

    One query where there is nothing to do. What is left when its time is over, the next run goes on with.
    """
    waiting = [creator.id for creator in all_creators() if creator.works_pending is not None]
    counts: Counter[str] = Counter()
    ends = monotonic() + SECONDS
    errors = []
    for number, creator_id in enumerate(waiting, start=1):
        outcome = _followed(creator_id, now, ends)
        counts[outcome] += 1
        if outcome == "failed":
            errors.append(f"creator {creator_id}: its works could not follow; the log says more")
        if progress is not None:
            progress(number, len(waiting))
    return JobReport(NAME, "partial" if errors else "completed", counts, tuple(errors))


def _followed(creator_id: str, now: datetime, ends: float) -> str:
    try:
        creator = follow_status(creator_id, _System(), now, lambda: monotonic() < ends)
    except (ShopError, BotoCoreError, ClientError) as error:
        logger().warning(
            "works have not followed", extra={"creator": creator_id, **describe_exception(error)}
        )
        return "failed"
    return "followed" if creator.works_pending is None else "left_for_later"
