"""Milestones of a creator: told by mail, each once, by the totals of all days that were summarised."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from common import once
from common.creator_mails import creator_address
from common.dynamodb import UnitOfWork
from common.outbox import queue_mail
from common.repositories.creators import MILESTONES, Creator
from shop.analytics.counting import total_of
from shop.repositories.analytics import TOLD, summaries_of

PAGE_VIEWS, CLICKS = "page_views", "clicks"
STEPS: Mapping[str, tuple[int, ...]] = {
    PAGE_VIEWS: (100, 500, 1_000, 5_000, 10_000, 50_000, 100_000),
    CLICKS: (10, 50, 100, 500, 1_000, 5_000, 10_000),
}
KIND = "creator_milestone"


def tell_milestones(creator: Creator, now: datetime) -> int:
    """Queues a mail for each kind of milestone that a creator has newly passed; how many were passed.

    Of several that are passed at once the highest is told. A creator who wants no such mails, or has no
    account, is told of none, and not of these later either. By one query of the creator's summaries and a
    read for each kind that has begun.
    """
    total = total_of(summaries_of(creator.id))
    reached = {PAGE_VIEWS: total.page_views, CLICKS: total.affiliate_clicks}
    return sum(_tell(creator, kind, number, now) for kind, number in reached.items())


def _tell(creator: Creator, kind: str, number: int, now: datetime) -> int:
    passed = [step for step in STEPS[kind] if step <= number]
    if not passed or once.found(_mark(creator, kind, passed[-1]), now):
        return 0
    try:
        _queue(creator, kind, passed, now)
    except once.AlreadyDone:
        # Another run has told it at the same moment.
        return 0
    return 1


def _queue(creator: Creator, kind: str, passed: Iterable[int], now: datetime) -> None:
    *lower, highest = passed
    address = creator_address(creator, MILESTONES)
    with UnitOfWork() as work:
        once.add(work, _mark(creator, kind, highest), now)
        for step in lower:
            # Told with the highest; a day that is counted anew with less does not bring them back.
            once.renew(work, _mark(creator, kind, step), now)
        if address:
            data = {"creatorName": creator.display_name, "type": kind, "milestone": highest}
            queue_mail(work, kind=KIND, to=address, data=data, now=now)


def _mark(creator: Creator, kind: str, step: int) -> once.Mark:
    return TOLD.of(creator.id, kind, str(step))
