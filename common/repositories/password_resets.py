"""Tokens by which a password may be chosen anew: their type and keys. An account has one at most."""

from dataclasses import dataclass

from common import prefixes
from common.dynamodb.rows import Rows


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """The last token that was issued for an account, as its hash; `expires_at` in epoch seconds."""

    account_id: str
    token_hash: str
    created_at: str
    expires_at: int


RESETS = Rows(PasswordReset, "Password reset", key=prefixes.ACCOUNT + "#{account_id}", sort="PASSWORD_RESET")
