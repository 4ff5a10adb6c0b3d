"""How many mails one address gets in a day, whoever causes them.

What a stranger can cause is counted apart from what a buyer's payment causes, and each group of kinds apart
from the others. So whoever places orders with somebody else's address can use up what that address gets for
unpaid orders in a day, and nothing else: no receipt of a payment or withdrawal, no reset of a password.
"""

from datetime import datetime

from common import config
from common.clock import epoch
from common.dynamodb import OutcomeUnknown, UnitOfWork
from common.emails import address_key
from common.repositories.rate_limits import Attempt, Limit, LimitReachedError, give_back, reserve
from shop.mail.kinds import DIGEST
from shop.mail.letters import Letter

DAY = 86_400
MAILS_PER_ADDRESS = 5
# Of what was paid for or an administrator caused; beyond it something runs wild.
MOST_OF_ALL = 50
# Where a mailbox has any number of addresses, by what follows a plus or by dots.
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})


def mails_per_address() -> int:
    """`MAILS_PER_ADDRESS`: how many mails of a group that strangers can cause one address gets in a day.

    5 by default, 0 for no limit. ConfigurationError for anything but a whole number.
    """
    text = config.setting("MAILS_PER_ADDRESS", str(MAILS_PER_ADDRESS))
    if not (text.isascii() and text.isdigit()):
        raise config.ConfigurationError(f"MAILS_PER_ADDRESS must be a whole number, not {text!r}")
    return int(text)


def count_letter(letter: Letter, now: datetime) -> Attempt | None:
    """Counts a letter before it is sent; LimitReachedError where its address has had enough today.

    None where nothing is limited: what is new for the artist comes once in five minutes at most. The address
    is stored as a keyed hash. OutcomeUnknown where nobody can tell whether it was counted.
    """
    if letter.kind.name == DIGEST:
        return None
    if letter.is_of_strangers:
        most, scope = mails_per_address(), f"MAIL_{letter.kind.scope}"
    else:
        most, scope = MOST_OF_ALL, f"MAIL_{letter.kind.scope}_KNOWN"
    if not most:
        return None
    try:
        return reserve(Limit(scope, most, DAY), mailbox_of(letter.to), epoch(now))
    except LimitReachedError as error:
        # A limit that was not reached holds no mail back: it is counted anew with the next attempt.
        if isinstance(error.__cause__, OutcomeUnknown):
            raise error.__cause__ from error
        raise


def count_back(attempt: Attempt | None) -> None:
    """Takes back a letter that was counted and not sent."""
    if attempt is not None:
        with UnitOfWork() as work:
            give_back(work, attempt)


def mailbox_of(address: str) -> str:
    """The mailbox of an address, as far as its form tells: `ada+7@x.org` is that of `ada@x.org`."""
    local, _, domain = address_key(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
