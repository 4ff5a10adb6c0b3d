"""Disabling and enabling creators, whose works follow."""

from dataclasses import replace
from datetime import datetime

from catalog.creators import ENTITY, existing_creator
from common.audit import Actor, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.optimistic import retry_when_stale
from common.outbox import queue_mail
from common.repositories.accounts import ACCOUNTS
from common.repositories.creators import CREATORS, STATUS_CHANGE, Creator

ACTION = "UPDATE_CREATOR_STATUS"
MAIL = "creator_status"


def set_status(creator_id: str, status: str, reason: str, actor: Actor, now: datetime) -> Creator:
    """The creator with this status; one who has it already is left as is, and told nothing again.

    Their works follow by `follow_status`. Raises NotFound.
    """
    return retry_when_stale(lambda: _set(creator_id, status, reason, actor, now))


def _set(creator_id: str, status: str, reason: str, actor: Actor, now: datetime) -> Creator:
    before = existing_creator(creator_id)
    if before.status == status:
        return before
    after = replace(before, status=status, updated_at=iso(now), works_pending=iso(now))
    email = _address(before) if before.wants(STATUS_CHANGE) else None
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


def _address(creator: Creator) -> str | None:
    account = ACCOUNTS.get(creator.user_id) if creator.user_id else None
    return account.email if account else None
