"""Accounts for tests over HTTP: stored with a password, changed, and signed in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from common.accounts import new_account
from common.clock import utc_now
from common.dynamodb import UnitOfWork, get_client, table_name
from common.http import Role, verify_token
from common.repositories.accounts import ACCOUNTS, Account
from tests.support.http import Answer, Client

LOGIN = "/api/auth/login"
ME = "/api/auth/me"
EMAIL, NAME, PASSWORD = "ada@example.com", "countess", "lacy teapot"


def stored_account(role: Role = Role.EDITOR, **given: Any) -> Account:
    """An account with a password, in the table."""
    fields = {"email": EMAIL, "name": "Ada", "username": NAME, "password": PASSWORD} | given
    with UnitOfWork() as work:
        return new_account(work, role=role, now=utc_now(), **fields)


def again(account: Account) -> Account:
    """An account as it is in the table now."""
    read = ACCOUNTS.get(account.id)
    assert read is not None
    return read


def take(step: Callable[[UnitOfWork, Account, datetime], Account], account: Account) -> Account:
    """A step of `common.accounts` in a transaction of its own, on the account as it is now."""
    with UnitOfWork() as work:
        return step(work, again(account), utc_now())


def sign_in(client: Client, username: str = NAME, password: str = PASSWORD, **codes: str) -> Answer:
    """What the sign-in page sends, and what it is answered."""
    return client.post(LOGIN, json={"username": username, "password": password, **codes})


def signed_in(client: Client, username: str = NAME, password: str = PASSWORD, **codes: str) -> Client:
    """The same app, asked with the token of a sign-in."""
    answer = sign_in(client, username, password, **codes)
    assert answer.status == 200, answer
    return Client(client.app, token=answer.json["token"])


def counts(client: Client) -> bool:
    """Whether a client's token still counts."""
    return client.get(ME).status == 200


def version_in(token: str) -> int:
    """The number that a token carries."""
    return verify_token(token, utc_now()).token_version


def without_second_factor(account: Account) -> Account:
    """An account as it looks without one, but for its version."""
    bare = replace(account, totp_secret=None, totp_confirmed_at=None, totp_step=None, recovery_hashes=())
    return replace(bare, version=1, updated_at="")


def whole_table() -> str:
    """All that the table holds, as text."""
    return repr(get_client().scan(TableName=table_name())["Items"])
