"""Where a creator is told by mail of what happened to them."""

from common.repositories.accounts import ACCOUNTS
from common.repositories.creators import Creator


def creator_address(creator: Creator, kind: str) -> str | None:
    """The address of the account that acts for a creator, by one consistent read.

    None where there is no account, or where the creator does not want to be told of this one of
    `common.repositories.creators.MAILS`.
    """
    if not creator.user_id or not creator.wants(kind):
        return None
    account = ACCOUNTS.get(creator.user_id)
    return account.email if account else None
