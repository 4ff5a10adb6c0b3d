"""Accounts for tests."""

from typing import Any
from uuid import uuid4

from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.http import Role, issue_token
from common.repositories.accounts import Account, add_account

NOON = "2026-03-01T12:00:00.000Z"


def account(email: str, created_at: str = NOON, **fields: Any) -> Account:
    """An account that is not stored yet, by default a member called Maria."""
    given = {"name": "Maria", "role": Role.MEMBER.value} | fields
    return Account(id=str(uuid4()), email=email, created_at=created_at, updated_at=created_at, **given)


def added(email: str, created_at: str = NOON, **fields: Any) -> Account:
    """An account that is stored."""
    made = account(email, created_at, **fields)
    with UnitOfWork() as work:
        add_account(work, made)
    return made


def token_of(made: Account) -> str:
    """A token of an account as it is."""
    return issue_token(
        made.id, made.username or made.email, Role(made.role), utc_now(), version=made.token_version
    )
