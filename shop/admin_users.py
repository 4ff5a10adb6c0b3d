"""Accounts as administrators handle them: found by name, address or id, made, allowed and given passwords."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from common import accounts, encryption
from common.audit import Actor
from common.clock import iso
from common.dynamodb import Query, UnitOfWork
from common.errors import Conflict, InvalidInput, NotFound
from common.http import Role
from common.http.lists import Stretch
from common.optimistic import StaleVersion
from common.outbox import queue_mail
from common.password_resets import LIFETIME, issue_reset_token, withdraw
from common.repositories.accounts import ACCOUNTS, ACTIVE, DISABLED, Account, account_named
from common.standing import SETTINGS_ADMIN
from shop.password_reset import queue_reset
from shop.user_changes import change_user, create_user
from shop.user_removal import refuse_protected
from shop.users import NOT_FOUND, bare_id

GROUPS: Mapping[str, tuple[str, ...]] = {
    Role.ADMIN.value: ("Admins",),
    Role.EDITOR.value: ("Editors",),
    Role.CREATOR.value: ("Creators",),
    Role.MEMBER.value: (),
}
# Of accounts with a password, and of those that have none yet, in the words of these routes' clients.
CONFIRMED, WITHOUT_PASSWORD = "CONFIRMED", "FORCE_CHANGE_PASSWORD"

CREATED_MAIL = "account_created"

PASSWORD_LENGTH = 12
# No letters that are taken for others when they are read out.
_SMALL, _CAPITALS, _DIGITS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


class UserExists(Conflict):
    """The name or the address is another account's."""

    code: ClassVar[str] = "USER_EXISTS"


@dataclass(frozen=True, slots=True)
class Secret:
    """How somebody signs in next, to be told once: a `password`, or a `token` to choose one.

    Neither where the caller knows it, or where a mail was queued that says it.
    """

    password: str | None = None
    token: str | None = None
    expires_at: str | None = None
    is_mailed: bool = False


def admin_user_json(account: Account) -> dict[str, Any]:
    """An account with what it may do; who has no name to sign in with is known by the address."""
    has_parts = bool(account.given_name or account.family_name)
    return {
        "id": account.id,
        "username": account.username or account.email,
        "email": account.email,
        "givenName": (account.given_name or "") if has_parts else account.name,
        "familyName": account.family_name or "",
        "enabled": account.status == ACTIVE,
        "status": CONFIRMED if account.password_hash else WITHOUT_PASSWORD,
        "created": account.created_at,
        "modified": account.updated_at,
        "role": account.role,
        "groups": list(GROUPS.get(account.role, ())),
    }


def admin_users_page(query: Query, limit: int, cursor: str | None) -> Stretch:
    """The next `limit` accounts of a query as JSON. Raises InvalidCursor."""
    found, following = ACCOUNTS.page(query, limit, cursor)
    shown = [admin_user_json(account) for account in found]
    return Stretch(shown, following, lambda count: ACCOUNTS.cursor_behind(query, found[count - 1]))


def role_of(text: str) -> Role:
    """The role that a word or a group names, whatever its capitals: `Admin`, `Editors`.

    InvalidInput for any other.
    """
    return accounts.role_named(text.strip().casefold().removesuffix("s"))


def find_account(text: str) -> Account:
    """The account with this name to sign in with, else with this address, else with this id.

    NotFound when there is none, Conflict for the administrator of the settings, who has none.
    """
    found = bare_id(text.strip())
    account = account_named(text) or (ACCOUNTS.get(found) if found else None)
    if account is not None:
        return account
    if found == SETTINGS_ADMIN or accounts.is_of_settings(text):
        raise Conflict("The administrator of the settings is changed in the settings")
    raise NotFound(NOT_FOUND)


def create_account(given: Mapping[str, Any], actor: Actor, now: datetime) -> tuple[Account, Secret]:
    """Adds an account as `admin_user_schemas.NewAccount` describes it, and how it signs in first.

    Without a password it is mailed a token to choose one, where a mail is asked for and can be queued, and
    gets a generated password where not. Raises UserExists, and InvalidInput for what may not be.
    """
    is_mailed = bool(given.get("send_email")) and encryption.can_seal()
    password = given.get("password") or None
    generated = None if password or is_mailed else generated_password()
    parts = [name for name in (given.get("given_name"), given.get("family_name")) if name]
    try:
        account = create_user(
            given["email"],
            " ".join(parts) or given.get("username") or given["email"],
            actor,
            now,
            role=role_of(given.get("role") or Role.EDITOR.value),
            then=partial(_mail_created, with_token=not password, now=now) if is_mailed else None,
            username=given.get("username") or None,
            given_name=given.get("given_name") or None,
            family_name=given.get("family_name") or None,
            password=password or generated,
        )
    except StaleVersion:
        raise
    except Conflict as error:
        raise UserExists(error.message, details=error.details) from error
    return account, Secret(password=generated, is_mailed=is_mailed)


def allow_account(
    account: Account,
    actor: Actor,
    now: datetime,
    *,
    role: Role | None = None,
    is_enabled: bool | None = None,
) -> Account:
    """Gives an account another role, shuts it out or lets it in again.

    Conflict for the account of whoever asks: somebody else has to do that.
    """
    refuse_protected(account.id, actor, "changed")
    status = None if is_enabled is None else ACTIVE if is_enabled else DISABLED

    def allowed(work: UnitOfWork, before: Account) -> Account:
        return accounts.allow(work, before, now, role=role, status=status)

    return change_user(account.id, allowed, actor, now)


def give_password(account: Account, password: str, actor: Actor, now: datetime) -> Account:
    """Gives an account another password, which ends all its tokens; InvalidInput for one that may not be."""

    def given(work: UnitOfWork, before: Account) -> Account:
        withdraw(work, before)
        return accounts.set_password(work, before, password, now)

    return change_user(account.id, given, actor, now, action="PASSWORD_SET")


def offer_reset(account: Account, actor: Actor, now: datetime, *, by_mail: bool) -> Secret:
    """A token by which the account's password is chosen anew within an hour, once.

    It is mailed where that is asked for and can be done, and is to be told where not. Conflict for an account
    that is disabled.
    """
    is_mailed = by_mail and encryption.can_seal()
    issued: list[str] = []

    def offered(work: UnitOfWork, before: Account) -> Account:
        if before.status != ACTIVE:
            raise Conflict("The account is disabled: enable it first")
        # Stops a token for an account that is disabled, or gone, at the same moment.
        ACCOUNTS.guard(work, before)
        if is_mailed:
            queue_reset(work, before, now)
        else:
            issued[:] = [issue_reset_token(work, before, now)]
        return before

    change_user(account.id, offered, actor, now, action="PASSWORD_RESET_OFFER", always=True)
    if is_mailed:
        return Secret(is_mailed=True)
    return Secret(token=issued[0], expires_at=iso(now + LIFETIME))


def generated_password() -> str:
    """A password of 12 random letters and digits, with small letters, capitals and digits among them."""
    kinds = (_SMALL, _CAPITALS, _DIGITS)
    while True:
        drawn = "".join(secrets.choice("".join(kinds)) for _ in range(PASSWORD_LENGTH))
        if all(set(drawn) & set(kind) for kind in kinds):
            return drawn


def require_change(role: object, is_enabled: object) -> None:
    """InvalidInput where nothing is said of either."""
    if role is None and is_enabled is None:
        raise InvalidInput("Nothing to change: give role or enabled")


def _mail_created(work: UnitOfWork, account: Account, *, with_token: bool, now: datetime) -> None:
    data: dict[str, Any] = {"name": account.name, "username": account.username or account.email}
    if with_token:
        data["token"] = issue_reset_token(work, account, now)
        data["expires_at"] = iso(now + LIFETIME)
    queue_mail(work, kind=CREATED_MAIL, to=account.email, data=data, now=now)
