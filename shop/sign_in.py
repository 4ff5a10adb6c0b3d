"""Signing in and out: limits are checked, then the password, then the second factor, then it is recorded."""

from dataclasses import dataclass, replace
from datetime import datetime

from common.dynamodb import UnitOfWork
from common.errors import Unauthenticated
from common.http import Identity, issue_token
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.accounts import ACCOUNTS, Account, change_account
from common.repositories.rate_limits import hashed
from common.standing import (
    SETTINGS_ADMIN,
    Standing,
    change_standing,
    end_token,
    standing_of,
)
from shop.account_log import NOBODY, Person, record_of_person
from shop.codes import Code, after_use, has_second_factor
from shop.entrants import Administrator, Entrant, claimed, configured_administrator, entrant, proves
from shop.sign_in_limits import (
    Attempts,
    Caller,
    look_up,
    reserve_attempts,
    reserve_code,
    succeed,
    take_back,
)

# A change of the settings' hash ends the tokens of the old one, which is known by a keyed hash of it.
_MARK_SCOPE = "ADMIN_PASSWORD_HASH"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came of signing in: what the account is called, and its token."""

    name: str
    token: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """One way in, with what was counted of it so far."""

    caller: Caller
    attempts: Attempts
    username: str
    code: Code
    address: str
    now: datetime


def sign_in(username: str, password: str, address: str, now: datetime, code: Code | None = None) -> SignedIn:
    """A token for whom name and password prove; `address` is the caller's IP address as API Gateway saw it.

    `username` is that of the settings' administrator, or the name or e-mail address of an account. Raises
    Unauthenticated for a wrong name or password and for a disabled account alike, and with the detail
    `totp_required` where the password is right and the code of the second factor is missing or wrong;
    TooManyRequests when the account or the network of the address has no attempts left, NotSetUp when no
    administrator is configured.
    """
    administrator = configured_administrator()
    claim = claimed(username, administrator)
    caller, row = look_up(claim.account, address, claim.row, now)
    attempts = reserve_attempts(caller, now)
    found = entrant(claim, row, administrator)
    entry = _Entry(caller, attempts, username, code or Code(), address, now)
    is_proved = proves(found, username, password)
    if found is None or not is_proved:
        _record_failure(entry)
        raise Unauthenticated("Invalid credentials")
    return _let_in(_with_code_counted(entry, found), found, administrator)


def sign_out(identity: Identity, address: str, now: datetime) -> None:
    """Ends the token that was used, and records that somebody signed out; nothing for one that has ended."""
    standing = standing_of(identity.id)
    role = identity.role.value if identity.role else ""
    if standing is None or not standing.accepts(role, identity.token_version, identity.token_mark):
        return
    end_token(standing, identity.token_mark, identity.expires_at, now)
    with UnitOfWork() as work:
        record_of_person(work, "LOGOUT", identity, address, now)


def _with_code_counted(entry: _Entry, found: Entrant) -> _Entry:
    if found.account is None or not has_second_factor(found.account):
        return entry
    if not entry.code:
        # The password was right, so nothing was guessed.
        take_back(entry.attempts)
        raise _code_needed("A code of the second factor is needed")
    return replace(entry, attempts=reserve_code(entry.attempts, found.id, entry.now))


def _let_in(entry: _Entry, found: Entrant, administrator: Administrator) -> SignedIn:
    try:
        return _enter(entry, found, administrator)
    except StaleVersion:
        # Somebody signed in beside this one, or the account has changed: what holds now decides.
        return retry_when_stale(lambda: _enter(entry, _read_again(found), administrator))


def _enter(entry: _Entry, found: Entrant, administrator: Administrator) -> SignedIn:
    with UnitOfWork() as work:
        if found.standing is not None:
            version = _of_this_hash(work, found.standing, administrator)
        else:
            version = found.token_version
            _use_code(work, entry, found.account)
        succeed(work, entry.caller, entry.attempts, entry.now)
        record_of_person(work, "LOGIN", Person(found.id), entry.address, entry.now)
    return SignedIn(found.name, issue_token(found.id, found.name, found.role, entry.now, version=version))


def _use_code(work: UnitOfWork, entry: _Entry, account: Account | None) -> None:
    if account is None or not has_second_factor(account):
        return
    after = after_use(account, entry.code, entry.now)
    if after is None:
        _record_failure(entry)
        raise _code_needed("The code is wrong, or was used before")
    # Stops, by the account's version, two who sign in at once from using one code.
    change_account(work, account, after)


def _of_this_hash(work: UnitOfWork, standing: Standing, administrator: Administrator) -> int:
    """The number of tokens under the hash that the settings hold now."""
    mark = hashed(_MARK_SCOPE, administrator.password_hash)[:32]
    if standing.password_mark == mark:
        return standing.token_version
    moved = 1 if standing.password_mark else 0
    after = replace(standing, password_mark=mark, token_version=standing.token_version + moved)
    change_standing(work, standing, after)
    return after.token_version


def _read_again(found: Entrant) -> Entrant:
    if found.account is None:
        standing = standing_of(SETTINGS_ADMIN)
        return replace(found, standing=standing, token_version=standing.token_version if standing else 0)
    account = ACCOUNTS.get(found.id)
    if account is None or (account.password_hash, account.status) != (
        found.password_hash,
        found.account.status,
    ):
        raise Unauthenticated("Invalid credentials")
    return replace(found, account=account, token_version=account.token_version)


def _record_failure(entry: _Entry) -> None:
    with UnitOfWork() as work:
        record_of_person(work, "LOGIN_FAILED", NOBODY, entry.address, entry.now, {"username": entry.username})


def _code_needed(text: str) -> Unauthenticated:
    return Unauthenticated(text, details={"totp_required": True})
