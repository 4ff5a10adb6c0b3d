"""What whoever is signed in does with the own account: looks at it, changes its password, signs it out."""

from datetime import datetime
from typing import Any

from common import passwords
from common.accounts import end_tokens, set_password
from common.clock import epoch
from common.dynamodb import UnitOfWork
from common.errors import Conflict, InvalidInput, TooManyRequests, Unauthenticated
from common.http import Identity, Role, issue_token
from common.networks import network_of
from common.optimistic import retry_when_stale
from common.password_resets import withdraw
from common.repositories.accounts import ACCOUNTS, Account
from common.repositories.rate_limits import Attempt, Limit, LimitReachedError, forget, reserve
from common.standing import SETTINGS_ADMIN, end_all_tokens, standing_of
from shop.account_log import record_of_person
from shop.codes import has_second_factor
from shop.sign_in import SignedIn

# Of one account in one network, by whoever has one of its tokens: wrong passwords and codes.
CHECK_LIMIT = Limit("PASSWORD_CHECK", attempts=10, seconds=900)

IS_A_SETTING = "The administrator of the settings has no account in the table: change ADMIN_PASSWORD_HASH"


def shown(identity: Identity) -> dict[str, Any]:
    """What an account is shown of itself."""
    if identity.id == SETTINGS_ADMIN:
        name, role = identity.username, Role.ADMIN.value
        return {
            "id": identity.id,
            "name": name,
            "username": name,
            "email": None,
            "role": role,
            "second_factor": False,
        }
    account = own_account(identity)
    return {
        "id": account.id,
        "name": account.name,
        "username": account.username,
        "email": account.email,
        "role": account.role,
        "second_factor": has_second_factor(account),
    }


def own_account(identity: Identity) -> Account:
    """The account of a caller; Conflict for the settings' administrator, who has none in the table.

    Unauthenticated where it is gone or has ended the caller's token since the request began.
    """
    if identity.id == SETTINGS_ADMIN:
        raise Conflict(IS_A_SETTING)
    account = ACCOUNTS.get(identity.id)
    role = identity.role.value if identity.role else ""
    if account is None or not account.standing.accepts(role, identity.token_version, ""):
        raise Unauthenticated("Invalid or expired token")
    return account


def change_password(identity: Identity, old: str, new: str, address: str, now: datetime) -> SignedIn:
    """Gives the own account another password, which ends all its tokens; a new one is answered.

    InvalidInput for a wrong old password or a new one that may not be, TooManyRequests after ten wrong ones.
    """

    def step() -> SignedIn:
        account = own_account(identity)
        # A new one that may not be counts for no attempt at the old one.
        passwords.refuse_unusable(new, account.username, account.email, field="new_password")
        attempt = checked_password(account, old, address, now, field="old_password")
        with UnitOfWork() as work:
            changed = set_password(work, account, new, now, field="new_password")
            withdraw(work, account)
            forget(work, attempt)
            record_of_person(work, "PASSWORD_CHANGE", identity, address, now)
        name, role = changed.username or changed.name, Role(changed.role)
        return SignedIn(name, issue_token(changed.id, name, role, now, version=changed.token_version))

    return retry_when_stale(step)


def sign_out_everywhere(identity: Identity, address: str, now: datetime) -> None:
    """Ends all tokens of a caller's account, the own one with them."""

    def step() -> None:
        with UnitOfWork() as work:
            if identity.id == SETTINGS_ADMIN:
                _end_all_of_settings(work, identity)
            else:
                end_tokens(work, own_account(identity), now)
            record_of_person(work, "LOGOUT_EVERYWHERE", identity, address, now)

    retry_when_stale(step)


def checked_password(
    account: Account, password: str, address: str, now: datetime, *, field: str = "password"
) -> Attempt:
    """Refuses a password that is not the account's, by its field; what was counted is forgotten by a success.

    It counts before it is looked at, for the network that asks, so that a stolen token tries ten.
    """
    attempt = reserve_check(account, address, now)
    if not passwords.matches(account.password_hash or passwords.NOBODYS_HASH, password):
        raise InvalidInput.of_field(field, "is wrong")
    return attempt


def reserve_check(account: Account, address: str, now: datetime) -> Attempt:
    """Counts a check of a password or a code before it is made; TooManyRequests."""
    try:
        return reserve(CHECK_LIMIT, f"{account.id}|{network_of(address)}", epoch(now))
    except LimitReachedError as error:
        raise TooManyRequests("Too many attempts, try again later", error.retry_after) from error


def _end_all_of_settings(work: UnitOfWork, identity: Identity) -> None:
    standing = standing_of(SETTINGS_ADMIN)
    role = Role.ADMIN.value
    if standing is None or not standing.accepts(role, identity.token_version, identity.token_mark):
        raise Unauthenticated("Invalid or expired token")
    end_all_tokens(work, standing)
