"""Removing users: each is one transaction, which frees its names, ends its tokens and leaves its creator."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from common.audit import Actor, record
from common.clock import iso
from common.dynamodb import UnitOfWork, attr
from common.dynamodb.unique import marker_key
from common.errors import Conflict, NotFound, ShopError
from common.logging import describe_exception, logger
from common.optimistic import StaleVersion, retry_when_stale
from common.password_resets import withdraw
from common.repositories.accounts import ACCOUNTS, Account, remove_account
from common.repositories.creators import CREATORS, USER_KIND, Creator, creator_by_user
from common.standing import SETTINGS_ADMIN
from shop.user_changes import ENTITY
from shop.users import NOT_FOUND, bare_id, find_user

MOST_AT_ONCE = 200
# As many as are read at once.
CHUNK = 25

_FAILED = "Batch write operation failed"


@dataclass(frozen=True, slots=True)
class Removal:
    """What came of removing several users; ids as the caller passed them.

    `success` are those that are gone, those that never were among them; `failed` has what was in the way.
    """

    success: list[str]
    failed: list[tuple[str, str]]


def remove_user(user_id: str, actor: Actor, now: datetime) -> None:
    """Removes a user for good. NotFound when there is none, Conflict for who has to stay.

    A creator for whom the account acts stays with all works, and may be given to another account.
    """
    refuse_protected(user_id, actor, "deleted")
    if not _removed(find_user(user_id), actor, now):
        raise NotFound(NOT_FOUND)


def remove_users(ids: Sequence[str], actor: Actor, now: datetime) -> Removal:
    """Removes the users with these ids, with or without prefix, each by a transaction of its own.

    What is in the way of one is told of that one and stops none of the others. Repeating it changes nothing.
    """
    wanted = list(dict.fromkeys(found for each in ids if (found := bare_id(each))))
    failures: dict[str, str] = {}
    for chunk in _chunks(wanted):
        failures |= _remove_chunk(chunk, actor, now)
    failed = [(each, failures[bare]) for each in ids if (bare := bare_id(each)) in failures]
    return Removal([each for each in ids if bare_id(each) not in failures], failed)


def refuse_protected(user_id: str, actor: Actor, done: str) -> None:
    """Conflict for the administrator of the settings, and for whoever is about to shut out themselves.

    So there is always somebody left who can let others in.
    """
    if user_id == SETTINGS_ADMIN:
        raise Conflict(f"The administrator of the settings cannot be {done}")
    if user_id == str(actor.id):
        raise Conflict(f"The account that you are signed in with cannot be {done} by yourself")


def _remove_chunk(chunk: Sequence[str], actor: Actor, now: datetime) -> dict[str, str]:
    """Why which of these could not be removed."""
    try:
        found = ACCOUNTS.many([ACCOUNTS.key(each) for each in chunk])
    except (ShopError, BotoCoreError, ClientError) as error:
        return dict.fromkeys(chunk, _reason(error))
    failures = {}
    for each in chunk:
        try:
            refuse_protected(each, actor, "deleted")
            account = found.get(ACCOUNTS.key(each))
            if account is not None:
                _removed(account, actor, now)
        except (ShopError, BotoCoreError, ClientError) as error:
            failures[each] = _reason(error)
    return failures


def _removed(account: Account, actor: Actor, now: datetime) -> bool:
    """Whether this call removed the account, which it is given as it was read; False when it was gone."""
    waiting: list[Account] = [account]

    def step() -> bool:
        current = waiting.pop() if waiting else ACCOUNTS.get(account.id)
        if current is None:
            return False
        creator = _creator_of(account.id)
        with UnitOfWork() as work:
            remove_account(work, current)
            withdraw(work, current)
            _leave_creator(work, account.id, creator, now)
            record(work, actor=actor, action="DELETE", entity_type=ENTITY, entity_id=account.id, now=now)
        return True

    try:
        return retry_when_stale(step)
    except NotFound:
        return False


def _creator_of(user_id: str) -> Creator | None:
    """The creator for whom an account acts, as it is at this moment."""
    found = creator_by_user(user_id)
    return CREATORS.get(found.id) if found else None


def _leave_creator(work: UnitOfWork, user_id: str, creator: Creator | None, now: datetime) -> None:
    if creator is not None and creator.user_id == user_id:
        left = replace(creator, user_id=None, updated_at=iso(now))
        CREATORS.change(work, creator, left, failed=StaleVersion("Creator"))
        return
    # Stops an account that becomes a creator's at the same moment from being removed without its creator.
    free = attr("PK").missing()
    work.check(marker_key(USER_KIND, user_id), free, failed=StaleVersion("Creator"))


def _reason(error: Exception) -> str:
    if isinstance(error, ShopError):
        return error.message
    logger().warning("user not removed", extra=describe_exception(error))
    return _FAILED


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
