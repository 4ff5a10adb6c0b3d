"""Whom a name to sign in with means: the administrator of the settings, or an account of the table.

An index that is read a moment late says no more than which account it is; what it may do, and its hash, are
read of the account itself.
"""

import hmac
from dataclasses import dataclass

from common import config, passwords
from common.dynamodb import Item, Key
from common.emails import address_key
from common.errors import NotSetUp
from common.http import Role
from common.repositories.accounts import (
    ACCOUNTS,
    ACTIVE,
    Account,
    account_by_email,
    account_by_name,
    name_key,
)
from common.standing import SETTINGS_ADMIN, Standing, standing_from, standing_key

# No account has a name that long, and no key of an index is longer than 2,048 bytes.
_LONGEST_KEY_BYTES = 1024


@dataclass(frozen=True)
class Administrator:
    """The administrator of the settings; `password_hash` is argon2id, `$argon2id$v=19$...`."""

    username: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Whom somebody claims to be: `account` is what attempts count for, `id` None where there is nobody."""

    account: str
    id: str | None = None

    @property
    def row(self) -> Key | None:
        """The row that says what there is to know of that person."""
        if self.id is None:
            return None
        return standing_key(self.id) if self.id == SETTINGS_ADMIN else ACCOUNTS.key(self.id)


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who signs in if the password is right: an `account`, or by a `standing` the settings' administrator."""

    id: str
    name: str
    role: Role
    password_hash: str | None
    token_version: int
    account: Account | None = None
    standing: Standing | None = None


def configured_administrator() -> Administrator:
    """The account in ADMIN_USERNAME and ADMIN_PASSWORD_HASH; NotSetUp where they are not set."""
    given = Administrator(config.setting("ADMIN_USERNAME"), config.secret("ADMIN_PASSWORD_HASH", ""))
    if not given.username or not given.password_hash.startswith("$argon2id$"):
        raise NotSetUp("Sign-in is not configured", reason="ADMIN_USERNAME, ADMIN_PASSWORD_HASH")
    return given


def claimed(username: str, administrator: Administrator) -> Claim:
    """Whom a name means: the settings' administrator before any account, an account by address or name.

    Costs a query of an index, but for the administrator; a name that is nobody's costs the same.
    """
    key = name_key(username)
    if key == name_key(administrator.username):
        return Claim(key, SETTINGS_ADMIN)
    key = address_key(username) if "@" in username else key
    account = _account_called(key) if len(key.encode()) <= _LONGEST_KEY_BYTES else None
    return Claim(account.id, account.id) if account else Claim(key)


def entrant(claim: Claim, row: Item | None, administrator: Administrator) -> Entrant | None:
    """Who signs in by a claim, by what its row says; None where there is nobody, or nobody any more."""
    if claim.id == SETTINGS_ADMIN:
        standing = standing_from(SETTINGS_ADMIN, row or {})
        version = standing.token_version
        return Entrant(
            SETTINGS_ADMIN,
            administrator.username,
            Role.ADMIN,
            administrator.password_hash,
            version,
            standing=standing,
        )
    if row is None:
        return None
    account = ACCOUNTS.of(row)
    called = account.username or account.name
    role, version = Role(account.role), account.token_version
    return Entrant(account.id, called, role, account.password_hash, version, account=account)


def proves(found: Entrant | None, username: str, password: str) -> bool:
    """Whether the password is the entrant's, who may sign in; one hash is checked whoever it is.

    So that an unknown name, or a disabled account, takes as long as a wrong password. NotSetUp where the hash
    of the settings is none.
    """
    stored = found.password_hash if found else None
    try:
        matches = passwords.matches(stored or passwords.NOBODYS_HASH, password)
    except ValueError as error:
        if found is None or found.account is not None:
            return False
        raise NotSetUp("Sign-in is not configured", reason="ADMIN_PASSWORD_HASH") from error
    return found is not None and stored is not None and matches and _may_enter(found, username)


def _may_enter(found: Entrant, username: str) -> bool:
    if found.account is not None:
        return found.account.status == ACTIVE
    return hmac.compare_digest(username.encode(), found.name.encode())


def _account_called(key: str) -> Account | None:
    return account_by_email(key) if "@" in key else account_by_name(key)
