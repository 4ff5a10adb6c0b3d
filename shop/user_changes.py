"""Adding and changing users: each change is one transaction with its audit entry, which names nobody."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from common import accounts
from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.http import Role
from common.optimistic import retry_when_stale
from common.repositories.accounts import Account, change_account
from shop.users import find_user

ENTITY = "User"

# What the audit log says in full; of all else it says only that it was changed.
_TOLD = ("role", "status")
_OF_THE_SHOP = frozenset({"version", "updated_at", "token_version"})

# Adds to a unit of work what becomes of an account as it was read, which is returned.
Step = Callable[[UnitOfWork, Account], Account]


def create_user(
    email: str,
    name: str,
    actor: Actor,
    now: datetime,
    *,
    role: Role = Role.MEMBER,
    then: Callable[[UnitOfWork, Account], None] | None = None,
    **given: Any,
) -> Account:
    """Adds an account; `given` are further arguments of `common.accounts.new_account`.

    `then` adds to the same unit of work what belongs to it, such as a mail.

    Conflict, decided by their markers, when the address or the name to sign in with is somebody's already.
    """
    with UnitOfWork() as work:
        account = accounts.new_account(work, email=email, name=name, role=role, now=now, **given)
        if then is not None:
            then(work, account)
        _record(work, "CREATE", account.id, actor, now, changes_between({}, _told(account)))
    return account


def rename_user(user_id: str, name: str | None, actor: Actor, now: datetime) -> Account:
    """Gives a user another name, or none other; its time of change moves in any case. Raises NotFound."""

    def renamed(work: UnitOfWork, before: Account) -> Account:
        after = replace(before, updated_at=iso(now))
        if name and name != before.name:
            after = replace(after, name=name, given_name=None, family_name=None)
        return change_account(work, before, after)

    return change_user(user_id, renamed, actor, now)


def change_user(
    user_id: str, step: Step, actor: Actor, now: datetime, *, action: str = "UPDATE", always: bool = False
) -> Account:
    """Changes an account as it is at this moment; a step that returns what it was given changes nothing.

    That is recorded only if `always`. Raises NotFound.
    """

    def attempt() -> Account:
        before = find_user(user_id)
        with UnitOfWork() as work:
            after = step(work, before)
            if always or after != before:
                told = changes_between(_told(before), _told(after))
                _record(work, action, user_id, actor, now, told, _changed(before, after))
        return after

    return retry_when_stale(attempt)


def _record(
    work: UnitOfWork,
    action: str,
    user_id: str,
    actor: Actor,
    now: datetime,
    changes: dict[str, Any],
    changed: list[str] | None = None,
) -> None:
    record(
        work,
        actor=actor,
        action=action,
        entity_type=ENTITY,
        entity_id=user_id,
        now=now,
        changes=changes,
        metadata={"fields": changed} if changed else None,
    )


def _told(account: Account) -> dict[str, str]:
    return {name: getattr(account, name) for name in _TOLD}


def _changed(before: Account, after: Account) -> list[str]:
    names = (each.name for each in fields(Account) if each.name not in _OF_THE_SHOP)
    return [name for name in names if getattr(before, name) != getattr(after, name)]
