"""Creators and accounts to test with."""

from itertools import count
from typing import Any

from common.clock import iso, utc_now
from common.dynamodb import UnitOfWork
from common.http import Role, issue_token
from common.repositories.accounts import Account, add_account
from common.repositories.creators import CREATORS, Creator
from tests.catalog.builders import catalog_app, created
from tests.support.http import Client

_numbers = count(1)


def new_account(role: Role = Role.MEMBER, **fields: Any) -> Account:
    """An account that is stored, with a token version of its own."""
    number, now = next(_numbers), iso(utc_now())
    values = {
        "id": f"account-{number}",
        "email": f"someone-{number}@example.com",
        "name": f"Someone {number}",
        "created_at": now,
        "updated_at": now,
        "role": role.value,
        "token_version": number,
    }
    account = Account(**(values | fields))
    with UnitOfWork() as work:
        add_account(work, account)
    return account


def client_of(account: Account) -> Client:
    """Whoever has just signed in to an account."""
    role = Role(account.role)
    token = issue_token(account.id, account.name, role, utc_now(), version=account.token_version)
    return Client(catalog_app(), token=token)


def sign_up(account: Account, username: str = "", **fields: Any) -> Client:
    """The caller whose account has become a creator's, with the token that was answered."""
    body = {"username": username or f"Studio {account.id}", "displayName": account.name} | fields
    answer = created(client_of(account).post("/api/creators", json=body))
    return Client(catalog_app(), token=answer["token"])


def new_creator(slug: str, **fields: Any) -> Creator:
    """A creator that is stored, by default without an account."""
    now = iso(utc_now())
    values = {"id": f"id-{slug}", "display_name": slug.title(), "created_at": now, "updated_at": now}
    creator = Creator(slug=slug, **(values | fields))
    with UnitOfWork() as work:
        CREATORS.add(work, creator)
    return creator


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The error of an answer with this status and code, in the shape that the marketplace's clients know."""
    assert answer.status == status, answer.text
    error = dict(answer.json["error"])
    assert error["code"] == code, error
    assert error.keys() >= {"message", "timestamp", "requestId"}
    return error
