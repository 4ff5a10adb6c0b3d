"""Signing in and out: limits are checked, then the password, then what came of it is recorded.

Attempts count against whoever makes them. What an account has in all is counted only for networks from which
it never signed in, so that strangers use up each other's attempts and not those of the artist at home.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from common import config, once, prefixes
from common.audit import Actor, record
from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.errors import NotSetUp, TooManyRequests, Unauthenticated
from common.http import Identity, Role, issue_token
from common.networks import network_of
from common.once import Mark, Marks
from common.repositories.rate_limits import (
    Attempt,
    Limit,
    LimitReachedError,
    forget,
    give_back,
    hashed,
    reserve,
)
from common.standing import SETTINGS_ADMIN, end_token, standing_of

# Of one network, whatever accounts it tries.
ADDRESS_LIMIT = Limit("SIGN_IN_ADDRESS", attempts=10, seconds=900)
# Of one account, by all networks together from which it never signed in.
ACCOUNT_LIMIT = Limit("SIGN_IN_ACCOUNT", attempts=30, seconds=900)
# Of one account in one network from which it has signed in.
KNOWN_LIMIT = Limit("SIGN_IN_KNOWN", attempts=10, seconds=900)

KEPT = timedelta(days=90)
# From which networks an account has signed in: whose and which is not readable.
KNOWN_NETWORKS = Marks(prefixes.KNOWN_NETWORK, KEPT)
# Signing in again makes a network known for longer, once a day at most.
RENEWED_BELOW = KEPT - timedelta(days=1)


@dataclass(frozen=True)
class Account:
    """Who may sign in; `password_hash` is argon2id in its encoded form, `$argon2id$v=19$...`."""

    username: str
    password_hash: str


@dataclass(frozen=True)
class Caller:
    """From which network which account is tried, and until when (epoch seconds, or 0) it is known there."""

    account: str
    network: str
    known_until: int


@dataclass(frozen=True)
class Person:
    """Whoever the audit log has to name without a token that proves them."""

    id: str


def sign_in(username: str, password: str, address: str, now: datetime) -> str:
    """A token for the administrator; `address` is the caller's IP address as API Gateway saw it.

    Raises Unauthenticated for a wrong name or password alike, TooManyRequests when the account or the
    network of the address has no attempts left, NotSetUp when no account is configured.
    """
    account = configured_account()
    caller = _caller(username, address, now)
    attempts = _reserve_attempts(caller, now)
    if not _proves(account, username, password):
        _record_failure(username, address, now)
        raise Unauthenticated("Invalid credentials")
    _record_success(caller, attempts, address, now)
    return issue_token(SETTINGS_ADMIN, account.username, Role.ADMIN, now, version=_tokens_of_settings_admin())


def sign_out(identity: Identity, address: str, now: datetime) -> None:
    """Ends the token that was used, and records that somebody signed out; nothing for one that has ended."""
    standing = standing_of(identity.id)
    role = identity.role.value if identity.role else ""
    if standing is None or not standing.accepts(role, identity.token_version, identity.token_mark):
        return
    end_token(standing, identity.token_mark, identity.expires_at, now)
    with UnitOfWork() as work:
        _record(work, "LOGOUT", identity, address, now)


def configured_account() -> Account:
    """The account in ADMIN_USERNAME and ADMIN_PASSWORD_HASH; NotSetUp where they are not set."""
    account = Account(config.setting("ADMIN_USERNAME"), config.secret("ADMIN_PASSWORD_HASH", ""))
    if not account.username or not account.password_hash.startswith("$argon2id$"):
        raise NotSetUp("Sign-in is not configured", reason="ADMIN_USERNAME, ADMIN_PASSWORD_HASH")
    return account


def _tokens_of_settings_admin() -> int:
    standing = standing_of(SETTINGS_ADMIN)
    return standing.token_version if standing else 0


def _caller(username: str, address: str, now: datetime) -> Caller:
    account, network = username.strip().casefold(), network_of(address)
    row = once.found(_known(account, network), now)
    return Caller(account, network, int(row["expires_at"]) if row else 0)


def _known(account: str, network: str) -> Mark:
    return KNOWN_NETWORKS.of(hashed(KNOWN_LIMIT.scope, f"{account}|{network}"))


def _reserve_attempts(caller: Caller, now: datetime) -> list[Attempt]:
    # Counted before the password is looked at: however many requests come at once, no more than the
    # limit are tried.
    moment = epoch(now)
    try:
        if caller.known_until:
            return [reserve(KNOWN_LIMIT, f"{caller.account}|{caller.network}", moment)]
        # The network comes first and has fewer, so that it cannot use up the account's attempts alone.
        by_network = reserve(ADDRESS_LIMIT, caller.network, moment)
        return [by_network, reserve(ACCOUNT_LIMIT, caller.account, moment)]
    except LimitReachedError as error:
        raise TooManyRequests("Too many sign-in attempts, try again later", error.retry_after) from error


def _proves(account: Account, username: str, password: str) -> bool:
    # The password is always checked against the one hash there is, so that an unknown name takes as
    # long as a wrong password.
    matches = _password_matches(account.password_hash, password)
    return hmac.compare_digest(username.encode(), account.username.encode()) and matches


def _password_matches(password_hash: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

    try:
        return PasswordHasher().verify(password_hash, password)
    except VerifyMismatchError:
        return False
    except (VerificationError, InvalidHashError) as error:
        raise NotSetUp("Sign-in is not configured", reason="ADMIN_PASSWORD_HASH") from error


def _record_success(caller: Caller, attempts: list[Attempt], address: str, now: datetime) -> None:
    with UnitOfWork() as work:
        *by_network, by_account = attempts
        for attempt in by_network:
            give_back(work, attempt)
        forget(work, by_account)
        if caller.known_until < epoch(now + RENEWED_BELOW):
            once.renew(work, _known(caller.account, caller.network), now)
        _record(work, "LOGIN", Person(SETTINGS_ADMIN), address, now)


def _record_failure(username: str, address: str, now: datetime) -> None:
    with UnitOfWork() as work:
        _record(work, "LOGIN_FAILED", Person("unknown"), address, now, {"username": username})


def _record(
    work: UnitOfWork,
    action: str,
    person: Actor,
    address: str,
    now: datetime,
    changes: Mapping[str, str] | None = None,
) -> None:
    record(
        work,
        actor=person,
        action=action,
        entity_type="User",
        entity_id=person.id,
        now=now,
        changes=changes,
        metadata={"ip_address": address} if address else None,
    )
