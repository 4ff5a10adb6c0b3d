"""Networks from which an account has signed in before: whose and which is not readable.

One row each, dropped when nobody signed in from there for 90 days.
"""

from datetime import datetime, timedelta

from common.clock import epoch
from common.dynamodb import Key, UnitOfWork, get_item
from common.repositories.rate_limits import hashed

KEPT = timedelta(days=90)
SCOPE = "SIGN_IN_KNOWN"


def known_until(account: str, network: str, now: datetime) -> int:
    """Until when (epoch seconds) the account is known there, by one consistent read; 0 where it is not."""
    row = get_item(_key(account, network), consistent=True, now=epoch(now))
    return int(row["expires_at"]) if row else 0


def remember(work: UnitOfWork, account: str, network: str, now: datetime) -> None:
    """Adds that the account has signed in from there."""
    pk, sk = _key(account, network)
    work.put({"PK": pk, "SK": sk, "expires_at": epoch(now + KEPT)})


def _key(account: str, network: str) -> Key:
    return f"KNOWN_NETWORK#{hashed(SCOPE, f'{account}|{network}')}", "METADATA"
