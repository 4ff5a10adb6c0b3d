"""Turning the second factor of the own account on and off, and its recovery codes.

It counts from the moment at which a code of it was given back, so that nobody is locked out by a secret that
no app has taken.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from common.accounts import clear_second_factor
from common.clock import iso
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput
from common.http import Identity
from common.optimistic import retry_when_stale
from common.repositories.accounts import Account, change_account
from common.repositories.rate_limits import Attempt, forget
from shop.account_log import record_of_person
from shop.codes import (
    after_use,
    code_of,
    has_second_factor,
    new_recovery_codes,
    new_secret,
    sealed_secret,
    uri_of,
)
from shop.own_account import checked_password, own_account, reserve_check

T = TypeVar("T")


def begin(identity: Identity, now: datetime) -> tuple[str, str]:
    """A new secret for an app, in base32 and as a URI; it takes the place of one that was begun before.

    Conflict where a second factor is on, NotSetUp where there is no key to seal with.
    """

    def step() -> tuple[str, str]:
        account = own_account(identity)
        if has_second_factor(account):
            raise Conflict("The second factor is on already: turn it off first")
        secret = new_secret()
        begun = replace(account, totp_secret=sealed_secret(secret, account), updated_at=iso(now))
        with UnitOfWork() as work:
            change_account(work, account, begun)
        return secret, uri_of(secret, account)

    return retry_when_stale(step)


def confirm(identity: Identity, code: str, address: str, now: datetime) -> list[str]:
    """Turns the second factor on by a code of the secret that was begun; ten recovery codes, shown once.

    Conflict where none was begun or it is on, InvalidInput for a wrong code.
    """

    def change(account: Account) -> tuple[Account, list[str]]:
        if has_second_factor(account) or account.totp_secret is None:
            raise Conflict("There is no second factor to confirm: begin with one")
        used = _used(account, code, now, by_time=True)
        codes, hashes = new_recovery_codes(account)
        return replace(used, totp_confirmed_at=iso(now), recovery_hashes=hashes), codes

    return _changed(identity, change, "SECOND_FACTOR_ON", address, now)


def renew_recovery_codes(identity: Identity, code: str, address: str, now: datetime) -> list[str]:
    """Ten new recovery codes, shown once, by a code of the app; the old ones are good for nothing.

    Conflict where no second factor is on, InvalidInput for a wrong code.
    """

    def change(account: Account) -> tuple[Account, list[str]]:
        used = _used(_with_second_factor(account), code, now, by_time=True)
        codes, hashes = new_recovery_codes(account)
        return replace(used, recovery_hashes=hashes), codes

    return _changed(identity, change, "RECOVERY_CODES", address, now)


def turn_off(identity: Identity, password: str, code: str, address: str, now: datetime) -> None:
    """Turns the second factor off, by the password and a code of the app or a recovery code.

    Conflict where none is on, InvalidInput for whichever is wrong.
    """

    def step() -> None:
        account = _with_second_factor(own_account(identity))
        attempt = checked_password(account, password, address, now)
        _used(account, code, now)
        with UnitOfWork() as work:
            clear_second_factor(work, account, now)
            _settle(work, attempt, "SECOND_FACTOR_OFF", identity, address, now)

    retry_when_stale(step)


def _changed(
    identity: Identity,
    change: Callable[[Account], tuple[Account, T]],
    action: str,
    address: str,
    now: datetime,
) -> T:
    def step() -> T:
        account = own_account(identity)
        attempt = reserve_check(account, address, now)
        after, result = change(account)
        with UnitOfWork() as work:
            # Stops, by the account's version, one code from being used twice at once.
            change_account(work, account, replace(after, updated_at=iso(now)))
            _settle(work, attempt, action, identity, address, now)
        return result

    return retry_when_stale(step)


def _settle(
    work: UnitOfWork, attempt: Attempt, action: str, identity: Identity, address: str, now: datetime
) -> None:
    forget(work, attempt)
    record_of_person(work, action, identity, address, now)


def _with_second_factor(account: Account) -> Account:
    if not has_second_factor(account):
        raise Conflict("There is no second factor to change: it is off")
    return account


def _used(account: Account, text: str, now: datetime, *, by_time: bool = False) -> Account:
    code = code_of(text)
    used = None if by_time and not code.totp else after_use(account, code, now)
    if used is None:
        raise InvalidInput.of_field("code", "is wrong, or was used before")
    return used
