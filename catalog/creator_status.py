"""Disabling and enabling creators, whose works follow.

The status is one transaction; the works are one each, as many as there are. In between the creator's row says
that they are pending, so that whatever stops in between is found and gone on with: by the same request
again, and by the job.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic

from botocore.exceptions import BotoCoreError, ClientError

from catalog.creators import ENTITY, existing_creator
from catalog.withholding import withhold_works
from common.audit import Actor, record
from common.clock import iso
from common.creator_mails import creator_address
from common.dynamodb import AT_ONCE, UnitOfWork
from common.errors import ShopError
from common.logging import describe_exception, logger
from common.optimistic import StaleVersion, retry_when_stale
from common.outbox import queue_mail
from common.repositories.creators import CREATORS, STATUS_CHANGE, Creator

ACTION = "UPDATE_CREATOR_STATUS"
MAIL = "creator_status"
# What an administrator waits for, within the time of a request; the job does the rest.
SECONDS = 15


def set_status(creator_id: str, status: str, reason: str, actor: Actor, now: datetime) -> Creator:
    """The creator with this status; one who has it already is left as is, and told nothing again.

    Their works follow for as long as a request lasts; `works_pending` says whether some are left, which a
    repetition goes on with as the job does. Raises NotFound.
    """
    creator = retry_when_stale(lambda: _set(creator_id, status, reason, actor, now))
    ends = monotonic() + SECONDS
    try:
        return follow_status(creator_id, actor, now, lambda: monotonic() < ends)
    except (ShopError, BotoCoreError, ClientError) as error:
        # The creator is hidden or shown by now, and that is what was asked for.
        logger().warning(
            "works have not followed", extra={"creator": creator_id, **describe_exception(error)}
        )
        return creator


def follow_status(creator_id: str, actor: Actor, now: datetime, may_go_on: Callable[[], bool]) -> Creator:
    """Withholds or releases what works of a creator do not follow the status yet, and says so in the row.

    Nothing where none are pending. `may_go_on` is asked before each work; where it ends, they stay pending.
    Raises NotFound.
    """
    while True:
        creator = existing_creator(creator_id)
        if creator.works_pending is None or not may_go_on():
            return creator
        followed = withhold_works(creator_id, not creator.is_active, actor, now, may_go_on=may_go_on)
        if followed.is_done:
            try:
                # The version stops a status that was set meanwhile from counting as followed.
                return CREATORS.change(AT_ONCE, creator, replace(creator, works_pending=None))
            except StaleVersion:
                continue


def _set(creator_id: str, status: str, reason: str, actor: Actor, now: datetime) -> Creator:
    before = existing_creator(creator_id)
    if before.status == status:
        return before
    after = replace(before, status=status, updated_at=iso(now), works_pending=iso(now))
    email = creator_address(before, STATUS_CHANGE)
    with UnitOfWork() as work:
        stored = CREATORS.change(work, before, after)
        record(
            work,
            actor=actor,
            action=ACTION,
            entity_type=ENTITY,
            entity_id=creator_id,
            now=now,
            changes={"status": {"old": before.status, "new": status}},
            metadata={"reason": reason} if reason else None,
        )
        if email:
            told = {"displayName": before.display_name, "status": status, "reason": reason}
            queue_mail(work, kind=MAIL, to=email, data=told, now=now)
    return stored
