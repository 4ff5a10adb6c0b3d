"""Adding and changing users: each change is one transaction with its audit entry, which names nobody."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.http import Role
from common.optimistic import retry_when_stale
from common.repositories.accounts import ACTIVE, DISABLED, Account, add_account, change_account
from shop.users import find_user

ENTITY = "User"

# What the audit log says in full; of all else it says only that it was changed.
_TOLD = ("role", "status")
_OF_THE_SHOP = frozenset({"version", "updated_at", "token_version"})

Change = Callable[[Account], Account]


def create_user(
    email: str, name: str, actor: Actor, now: datetime, *, role: Role = Role.MEMBER, **given: Any
) -> Account:
    """Adds an account; `email` in the form that is stored, `given` further fields of it.

    Conflict, decided by their markers, when the address or the name to sign in with is somebody's already.
    """
    account = Account(
        id=str(uuid4()),
        email=email,
        name=name,
        created_at=iso(now),
        updated_at=iso(now),
        role=role.value,
        **given,
    )
    told = changes_between({}, _told(account))
    with UnitOfWork() as work:
        add_account(work, account)
        record(
            work,
            actor=actor,
            action="CREATE",
            entity_type=ENTITY,
            entity_id=account.id,
            now=now,
            changes=told,
        )
    return account


def rename_user(user_id: str, name: str | None, actor: Actor, now: datetime) -> Account:
    """Gives a user another name, or none other; its time of change moves in any case. Raises NotFound."""

    def renamed(before: Account) -> Account:
        if not name or name == before.name:
            return before
        return replace(before, name=name, given_name=None, family_name=None)

    return change_user(user_id, renamed, actor, now, always=True)


def allow_user(
    user_id: str, actor: Actor, now: datetime, *, role: Role | None = None, enabled: bool | None = None
) -> Account:
    """Gives an account another role, lets it in or shuts it out; both where both are given.

    Another role and shutting out end all its tokens. Raises NotFound.
    """

    def allowed(before: Account) -> Account:
        status = before.status if enabled is None else ACTIVE if enabled else DISABLED
        after = replace(before, role=role.value if role else before.role, status=status)
        ends = after.role != before.role or (after.status, before.status) == (DISABLED, ACTIVE)
        # A token from before would count again as soon as the account is enabled or gets its role back.
        return replace(after, token_version=before.token_version + 1) if ends else after

    return change_user(user_id, allowed, actor, now)


def change_user(
    user_id: str, change: Change, actor: Actor, now: datetime, *, always: bool = False, action: str = "UPDATE"
) -> Account:
    """Changes an account as it is at this moment; what changes nothing is written only if `always`.

    Raises NotFound, and Conflict for a name that is somebody's already.
    """

    def step() -> Account:
        before = find_user(user_id)
        changed = change(before)
        if changed == before and not always:
            return before
        after = replace(changed, updated_at=iso(now))
        with UnitOfWork() as work:
            after = change_account(work, before, after)
            record(
                work,
                actor=actor,
                action=action,
                entity_type=ENTITY,
                entity_id=user_id,
                now=now,
                changes=changes_between(_told(before), _told(after)),
                metadata={"fields": _changed(before, after)},
            )
        return after

    return retry_when_stale(step)


def _told(account: Account) -> dict[str, str]:
    return {name: getattr(account, name) for name in _TOLD}


def _changed(before: Account, after: Account) -> list[str]:
    names = (each.name for each in fields(Account) if each.name not in _OF_THE_SHOP)
    return [name for name in names if getattr(before, name) != getattr(after, name)]
