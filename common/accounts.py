"""Accounts: making one, what it may do, its password and its second factor.

Each step joins the unit of work that it is given, so that the caller's record of it is part of the same
transaction, and is decided on the account as it was read: StaleVersion at the commit where that has changed.
Whatever an account loses, and each new password, ends all its tokens.
"""

from dataclasses import replace
from datetime import datetime
from unicodedata import category, normalize
from uuid import uuid4

from common import config, passwords
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.emails import stored_form
from common.errors import Conflict, InvalidInput
from common.http.auth import Role
from common.password_resets import withdraw
from common.repositories.accounts import (
    ACTIVE,
    DISABLED,
    Account,
    add_account,
    change_account,
    name_key,
)
from common.scripts import mixes_scripts

SHORTEST_NAME, LONGEST_NAME = 2, 64
_SIGNS = frozenset("._-")


def new_account(
    work: UnitOfWork,
    *,
    email: str,
    name: str,
    role: Role,
    now: datetime,
    username: str | None = None,
    given_name: str | None = None,
    family_name: str | None = None,
    password: str | None = None,
    account_id: str | None = None,
) -> Account:
    """Adds an account with its standing; who has no `password` gets a token to choose one.

    InvalidInput for an address, a user name or a password that may not be, Conflict for the user name of the
    settings and, at the commit, for an address or a name that is taken. `name` is taken as it stands.
    """
    address = usable_address(email)
    sign_in_name = usable_username(username) if username else None
    if password is not None:
        passwords.refuse_unusable(password, sign_in_name, address)
    moment = iso(now)
    account = Account(
        id=account_id or str(uuid4()),
        email=address,
        name=name,
        created_at=moment,
        updated_at=moment,
        role=role.value,
        username=sign_in_name,
        given_name=given_name,
        family_name=family_name,
        password_hash=None if password is None else passwords.hash_of(password),
    )
    add_account(work, account)
    return account


def role_named(text: str, field: str = "role") -> Role:
    """The role of this name; InvalidInput, naming the `field`, for any other text."""
    if text not in set(Role):
        raise InvalidInput.of_field(field, f"must be one of {', '.join(Role)}")
    return Role(text)


def usable_address(email: str, field: str = "email") -> str:
    """The form in which an account's address is stored; InvalidInput, naming the `field`, for no address.

    The parts of one that mixes alphabets with letters that look alike are refused: nobody has such an
    address, but somebody may want to be taken for another.
    """
    try:
        address = stored_form(email)
    except ValueError as error:
        raise InvalidInput.of_field(field, "is not a valid e-mail address") from error
    local, _, domain = address.rpartition("@")
    if any(mixes_scripts(part) for part in (local, *domain.split("."))):
        raise InvalidInput.of_field(field, "mixes letters of several alphabets that look alike")
    return address


def usable_username(text: str, field: str = "username") -> str:
    """A name to sign in with, as it is stored; InvalidInput, naming the `field`, for one that may not be.

    2 to 64 letters, digits, dots, hyphens and underscores, of one alphabet. Conflict for the name of the
    settings' administrator, who would be signed in as instead.
    """
    username = normalize("NFC", text.strip())
    if not SHORTEST_NAME <= len(username) <= LONGEST_NAME:
        raise InvalidInput.of_field(field, f"must have {SHORTEST_NAME} to {LONGEST_NAME} characters")
    if normalize("NFKC", username) != username or not all(_is_of_names(each) for each in username):
        raise InvalidInput.of_field(field, "must be letters, digits, dots, hyphens and underscores")
    if mixes_scripts(username):
        raise InvalidInput.of_field(field, "mixes letters of several alphabets that look alike")
    if is_of_settings(username):
        taken = f"User with {field} {username} already exists"
        raise Conflict(taken, details={"fields": {field: ["already exists"]}})
    return username


def is_of_settings(username: str) -> bool:
    """Whether a name is that of the administrator whom the settings name, in any spelling."""
    configured = config.setting("ADMIN_USERNAME")
    return bool(configured) and name_key(username) == name_key(configured)


def set_role(work: UnitOfWork, account: Account, role: Role, now: datetime) -> Account:
    """Gives an account another role, which ends all its tokens; nothing where it has that one."""
    return allow(work, account, now, role=role)


def disable(work: UnitOfWork, account: Account, now: datetime) -> Account:
    """Refuses an account from now on, and ends all its tokens; nothing where it is disabled."""
    return allow(work, account, now, status=DISABLED)


def enable(work: UnitOfWork, account: Account, now: datetime) -> Account:
    """Lets an account sign in again; what it was signed in as before stays ended."""
    return allow(work, account, now, status=ACTIVE)


def allow(
    work: UnitOfWork, account: Account, now: datetime, *, role: Role | None = None, status: str | None = None
) -> Account:
    """Gives an account another role and another status in one step; nothing where it has both already."""
    after = replace(account, role=role.value if role else account.role, status=status or account.status)
    if after == account:
        return account
    is_shut_out = after.status == DISABLED and account.status != DISABLED
    if is_shut_out:
        withdraw(work, account)
    if is_shut_out or after.role != account.role:
        after = _without_tokens(after)
    return _changed(work, after, account, now)


def set_password(
    work: UnitOfWork, account: Account, password: str, now: datetime, *, field: str = "password"
) -> Account:
    """Gives an account another password, which ends all its tokens; InvalidInput for one that may not be.

    What is left of a token to choose one is the caller's, who redeems or withdraws it.
    """
    passwords.refuse_unusable(password, account.username, account.email, field=field)
    changed = replace(account, password_hash=passwords.hash_of(password))
    return _changed(work, _without_tokens(changed), account, now)


def end_tokens(work: UnitOfWork, account: Account, now: datetime) -> Account:
    """Signs an account out wherever it is signed in."""
    return _changed(work, _without_tokens(account), account, now)


def clear_second_factor(work: UnitOfWork, account: Account, now: datetime) -> Account:
    """Takes an account's second factor away, as for somebody who has lost it."""
    cleared = replace(account, totp_secret=None, totp_confirmed_at=None, totp_step=None, recovery_hashes=())
    return _changed(work, cleared, account, now)


def _changed(work: UnitOfWork, after: Account, before: Account, now: datetime) -> Account:
    return change_account(work, before, replace(after, updated_at=iso(now)))


def _without_tokens(account: Account) -> Account:
    return replace(account, token_version=account.token_version + 1)


def _is_of_names(letter: str) -> bool:
    return letter in _SIGNS or category(letter)[0] in "LMN"
