"""Users as the clients of their API see them: each is an account. Who there is, and how they are found."""

import re
from typing import Any

from common import prefixes
from common.clock import iso
from common.dates import stated_in
from common.dynamodb import Query, without_prefix
from common.emails import stored_form
from common.errors import InvalidInput, NotFound
from common.http.lists import Stretch
from common.repositories.accounts import ACCOUNTS, Account, account_by_email, oldest_accounts

NOT_FOUND = "User not found"

_ID = re.compile(r"[A-Za-z0-9_.:@+-]{1,128}")


def user_json(account: Account) -> dict[str, Any]:
    """A user: who it is, and nothing of what it may do."""
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "createdAt": account.created_at,
        "updatedAt": account.updated_at,
    }


def bare_id(text: str) -> str:
    """A user's id without the prefix that clients may write before it; empty for what is nobody's id."""
    bare = without_prefix(prefixes.ACCOUNT, text)
    return bare if _ID.fullmatch(bare) else ""


def requested_id(text: str) -> str:
    """The id that a path names, without its prefix; InvalidInput where it names none."""
    named = without_prefix(prefixes.ACCOUNT, text.strip())
    if not named:
        raise InvalidInput("User ID is required")
    return named


def find_user(user_id: str) -> Account:
    """The account with this id, by one consistent read at the most; NotFound when there is none."""
    account = ACCOUNTS.get(user_id) if bare_id(user_id) else None
    if account is None:
        raise NotFound(NOT_FOUND)
    return account


def user_exists(text: str) -> bool:
    """Whether there is a user with this id, by one consistent read at the most."""
    found = bare_id(text.strip())
    return bool(found) and ACCOUNTS.get(found) is not None


def users_by_email(email: str) -> list[Account]:
    """The user with this address in any of its forms, in a list; InvalidInput for what is no address."""
    try:
        stored_form(email)
    except ValueError as error:
        raise InvalidInput.of_field("email", 'must match format "email"') from error
    account = account_by_email(email)
    return [] if account is None else [account]


def created_after(text: str) -> Query:
    """The users created after a moment, or from the beginning of a day of the shop on, the oldest first."""
    said = stated_in("createdAfter", text)
    if said.day is None:
        return oldest_accounts(after=iso(said.start))
    return oldest_accounts(since=iso(said.start))


def users_page(query: Query, limit: int, cursor: str | None) -> Stretch:
    """The next `limit` users of a query as JSON. Raises InvalidCursor."""
    accounts, following = ACCOUNTS.page(query, limit, cursor)
    shown = [user_json(account) for account in accounts]
    return Stretch(shown, following, lambda count: ACCOUNTS.cursor_behind(query, accounts[count - 1]))
