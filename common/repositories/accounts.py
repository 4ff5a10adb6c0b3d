"""Accounts: who may sign in besides the administrator of the settings, and as what.

What an account may do at the moment stands in a row of its own as well, which every request reads
(`common.standing`); both are written in one transaction.
"""

from dataclasses import dataclass
from unicodedata import normalize

from common import prefixes
from common.dynamodb import Index, Key, Query, Unique, UnitOfWork, Update, get_item, sort_key
from common.dynamodb.rows import Rows
from common.dynamodb.unique import marker_key
from common.emails import address_key
from common.standing import Standing, set_standing, standing_key

ACTIVE, DISABLED = "active", "disabled"
EMAIL_KIND, NAME_KIND = "ACCOUNT_EMAIL", "ACCOUNT_NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in; `id` is a UUID, times in ISO 8601 UTC.

    `name` is what people are called, in parts `given_name` and `family_name` where they were given so.
    `username` is what they may sign in with besides their `email`, None where there is none. `role` is that
    of `common.http.Role`; `status` ACTIVE or DISABLED. `password_hash` is argon2id in its encoded form, None
    until a password was chosen. `token_version` is the number that its tokens carry. `totp_secret` is sealed;
    `totp_confirmed_at` says since when it is asked for, `totp_step` which time step was used last, and
    `recovery_hashes` which recovery codes are left.
    """

    id: str
    email: str
    name: str
    created_at: str
    updated_at: str
    role: str
    status: str = ACTIVE
    username: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    password_hash: str | None = None
    token_version: int = 0
    totp_secret: str | None = None
    totp_confirmed_at: str | None = None
    totp_step: int | None = None
    recovery_hashes: tuple[str, ...] = ()
    version: int = 1

    @property
    def email_key(self) -> str:
        """What is equal for all forms of the address."""
        return address_key(self.email)

    @property
    def username_key(self) -> str | None:
        """What is equal for all ways to write the name to sign in with."""
        return name_key(self.username) if self.username else None

    @property
    def standing(self) -> Standing:
        """What its tokens are held against."""
        return Standing(self.id, self.role, self.token_version, self.status == DISABLED)


_BY_EMAIL: Index[Account] = Index("GSI1", prefixes.ACCOUNT_EMAIL + "#{email_key}", "METADATA")
_OLDEST: Index[Account] = Index("GSI2", prefixes.ACCOUNTS, "{created_at}#{id}")
_BY_NAME: Index[Account] = Index(
    "GSI3",
    prefixes.ACCOUNT_NAME + "#{username_key}",
    "METADATA",
    when=lambda account: bool(account.username),
)

ACCOUNTS = Rows(
    Account,
    "User",
    key=prefixes.ACCOUNT + "#{id}",
    indexes=(_BY_EMAIL, _OLDEST, _BY_NAME),
    unique=(
        Unique(EMAIL_KIND, "email", "email_key", taken="User with email {value} already exists"),
        Unique(NAME_KIND, "username", "username_key", taken="User with username {value} already exists"),
    ),
)

# How many accounts there are, moved by the transactions that add them and take them away.
TALLY_KEY: Key = (prefixes.COUNTER, "ACCOUNTS")
_COUNT = "value"


def name_key(username: str) -> str:
    """A name to sign in with, as it is compared: whatever its capitals, and composed (NFC)."""
    return normalize("NFC", username.strip()).casefold()


def account_by_email(email: str) -> Account | None:
    """The account with this address in any of its forms, by one query of GSI1 (eventually consistent)."""
    return ACCOUNTS.first(_BY_EMAIL.query(email_key=address_key(email)))


def account_by_name(username: str) -> Account | None:
    """The account that signs in with this name, by one query of GSI3 (eventually consistent)."""
    return ACCOUNTS.first(_BY_NAME.query(username_key=name_key(username)))


def account_named(text: str) -> Account | None:
    """The account that signs in with this name, else the one with this address.

    By two or three consistent reads: nobody is missed or found too late.
    """
    for kind, value in ((NAME_KIND, name_key(text)), (EMAIL_KIND, address_key(text))):
        marker = get_item(marker_key(kind, value), consistent=True)
        item = get_item((marker["owner"], "METADATA"), consistent=True) if marker else None
        if item is not None:
            return ACCOUNTS.of(item)
    return None


def all_accounts() -> list[Account]:
    """Every account, the oldest first, by one query of GSI2 (eventually consistent)."""
    return ACCOUNTS.all(oldest_accounts())


def oldest_accounts(*, since: str | None = None, after: str | None = None) -> Query:
    """The query of GSI2 of accounts in the order of their creation (eventually consistent).

    All of them, those that were created at `since` or later, or later than `after` (ISO 8601 UTC).
    """
    if after is not None:
        # Behind every id: an account's sort key is its time, and then its id.
        return _OLDEST.query(sort=sort_key().gt(f"{after}#~"))
    return _OLDEST.query(sort=None if since is None else sort_key().ge(since))


def number_of_accounts() -> int:
    """How many accounts there are, by one consistent read of their tally."""
    tally = get_item(TALLY_KEY, consistent=True)
    return int(tally[_COUNT]) if tally else 0


def add_account(work: UnitOfWork, account: Account) -> None:
    """Adds an account and its standing, and counts it.

    Conflict at the commit for an address or a name that is taken.
    """
    ACCOUNTS.add(work, account)
    set_standing(work, account.standing)
    work.update(TALLY_KEY, Update().add(_COUNT, 1))


def change_account(work: UnitOfWork, before: Account, after: Account) -> Account:
    """Writes what differs, and the standing where that does; StaleVersion, or Conflict for a name."""
    changed = ACCOUNTS.change(work, before, after)
    if before.standing != after.standing:
        set_standing(work, after.standing)
    return changed


def remove_account(work: UnitOfWork, account: Account) -> None:
    """Takes an account, its names and its standing away, which ends all its tokens, and counts it off."""
    ACCOUNTS.remove(work, account)
    work.delete(standing_key(account.id))
    work.update(TALLY_KEY, Update().add(_COUNT, -1))
