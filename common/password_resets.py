"""Choosing a password anew by a token that was sent: issued, good for an hour, used once.

The table keeps its hash. A token names its account, so that it is looked for in one row, and whoever is
issued another has no use any more for the first.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from common.clock import epoch, iso
from common.dynamodb import Item, Key, UnitOfWork, attr, present
from common.errors import InvalidInput
from common.repositories.accounts import Account
from common.repositories.password_resets import RESETS, PasswordReset

LIFETIME = timedelta(hours=1)
_SECRET_BYTES = 32


def issue_reset_token(work: UnitOfWork, account: Account, now: datetime) -> str:
    """A token by which whoever has it chooses the password of `account` within an hour, once.

    It takes the place of the one before it. The text is shown or sent to that person and kept nowhere.
    """
    token = f"{account.id}.{token_urlsafe(_SECRET_BYTES)}"
    RESETS.put(work, PasswordReset(account.id, _hashed(token), iso(now), epoch(now + LIFETIME)))
    return token


def account_named_by(token: str) -> str:
    """The id of the account that a token is for, by what it says; whether it is good is another matter."""
    return token.partition(".")[0]


def is_good(token: str, row: Item | None) -> bool:
    """Whether the row of an account's token (see `reset_key`), live as it was read, is of this token."""
    return row is not None and hmac.compare_digest(str(row["token_hash"]), _hashed(token))


def redeem(work: UnitOfWork, token: str, now: datetime) -> None:
    """Uses a token up with all else that `work` does, which is nothing if it was used meanwhile.

    Then InvalidInput at the commit.
    """
    work.delete(
        reset_key(account_named_by(token)),
        # Stops a token from being used twice at once, and one that another has replaced or that has ended.
        condition=attr("token_hash").eq(_hashed(token)) & present(epoch(now)),
        failed=unusable_token(),
    )


def withdraw(work: UnitOfWork, account: Account) -> None:
    """Makes the token of an account good for nothing, if there is one."""
    work.delete(reset_key(account.id))


def reset_key(account_id: str) -> Key:
    """The key of an account's token."""
    return RESETS.key(account_id)


def unusable_token() -> InvalidInput:
    """What is said of a token that is none, was used, has ended or was replaced."""
    return InvalidInput.of_field("token", "is not good any more: ask for another")


def _hashed(token: str) -> str:
    # Of 256 random bits: there is nothing to try out.
    return sha256(token.encode()).hexdigest()
