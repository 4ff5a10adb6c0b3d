"""Choosing a password anew by mail, for whoever cannot sign in.

Whether an address is an account's is told by nothing: not by the answer, and not by what is done for it,
which is as many trips and as many rows, and a mail that is sealed, though nobody is sent it.
"""

from datetime import datetime
from uuid import uuid4

from common.accounts import set_password
from common.clock import epoch, iso
from common.dynamodb import UnitOfWork, batch_get
from common.emails import address_key, stored_form
from common.errors import InvalidInput, TooManyRequests
from common.mail_queue import announce_mails
from common.networks import network_of
from common.optimistic import retry_when_stale
from common.outbox import queue_mail, sends_mail
from common.password_resets import (
    LIFETIME,
    account_named_by,
    is_good,
    issue_reset_token,
    redeem,
    reset_key,
    unusable_token,
)
from common.repositories.accounts import ACCOUNTS, ACTIVE, Account, account_by_email
from common.repositories.outbox import OUTBOX
from common.repositories.password_resets import RESETS
from common.repositories.rate_limits import Limit, LimitReachedError, reserve, reserve_all, reserve_with
from shop.account_log import NOBODY, Person, record_of_person

KIND = "password_reset"

# Of one network, whatever addresses it asks for; of one address, by one network.
NETWORK_LIMIT = Limit("RESET_NETWORK", attempts=10, seconds=3600)
ADDRESS_LIMIT = Limit("RESET_ADDRESS", attempts=3, seconds=3600)
# Mails to one address, whoever asks: beyond it the last one stays good, so that nobody is kept from it.
MAIL_LIMIT = Limit("RESET_MAIL", attempts=5, seconds=3600)
# Of one network: tokens that were tried.
TOKEN_LIMIT = Limit("RESET_TOKEN", attempts=20, seconds=900)

# Somebody who does not exist, for whom the same is done.
_NOBODY = Account(
    id="", email="nobody@example.com", name="Nobody", created_at="", updated_at="", role="member"
)


def request_reset(email: str, address: str, now: datetime) -> None:
    """Queues a mail with a token for the account of an e-mail address, if there is one that may sign in.

    InvalidInput for what is no address, TooManyRequests for whoever asks too often.
    """
    key, network = _key_of(email), network_of(address)
    try:
        reserve_all([(NETWORK_LIMIT, network), (ADDRESS_LIMIT, f"{key}|{network}")], epoch(now))
    except LimitReachedError as error:
        raise _too_many(error) from error
    account = account_by_email(key)
    try:
        with UnitOfWork() as work:
            reserve_with(work, MAIL_LIMIT, key, epoch(now))
            if account is not None and account.status == ACTIVE:
                queue_reset(work, account, now)
                record_of_person(work, "PASSWORD_RESET_REQUEST", Person(account.id), address, now)
            else:
                _do_as_much(work, now)
                record_of_person(work, "PASSWORD_RESET_REQUEST", NOBODY, address, now)
    except LimitReachedError:
        # The mail before this one is good for longer than this limit holds.
        return


def confirm_reset(token: str, password: str, address: str, now: datetime) -> None:
    """Gives the account of a token the password, which ends all its tokens and this one.

    InvalidInput for a token that is not good any more or a password that may not be, and TooManyRequests.
    """
    try:
        reserve(TOKEN_LIMIT, network_of(address), epoch(now))
    except LimitReachedError as error:
        raise _too_many(error) from error

    def step() -> None:
        account = _account_of(token, now)
        with UnitOfWork() as work:
            redeem(work, token, now)
            set_password(work, account, password, now)
            record_of_person(work, "PASSWORD_RESET", Person(account.id), address, now)

    retry_when_stale(step)


def _key_of(email: str) -> str:
    try:
        return address_key(stored_form(email))
    except ValueError as error:
        raise InvalidInput.of_field("email", "is not a valid e-mail address") from error


def _account_of(token: str, now: datetime) -> Account:
    """Whose password a token may change, by one consistent read of both."""
    account_id = account_named_by(token)
    kept, row = reset_key(account_id), ACCOUNTS.key(account_id)
    found = batch_get([kept, row], consistent=True, now=epoch(now))
    if row not in found or not is_good(token, found.get(kept)):
        raise unusable_token()
    account = ACCOUNTS.of(found[row])
    if account.status != ACTIVE:
        raise unusable_token()
    return account


def queue_reset(work: UnitOfWork, account: Account, now: datetime) -> None:
    """Issues a token by which the account's password is chosen anew, and queues the mail that brings it."""
    token = issue_reset_token(work, account, now)
    data = {"name": account.name, "token": token, "expires_at": iso(now + LIFETIME)}
    queue_mail(work, kind=KIND, to=account.email, data=data, now=now)


def _do_as_much(work: UnitOfWork, now: datetime) -> None:
    """The same for nobody: a mail is sealed and left, and two rows are written that there are not."""
    queue_reset(UnitOfWork(), _NOBODY, now)
    if sends_mail():
        # A mail is announced as well, though there is none.
        work.afterwards(lambda: announce_mails([str(uuid4())]))
    work.delete(RESETS.key(uuid4()))
    work.delete(OUTBOX.key(uuid4()))


def _too_many(error: LimitReachedError) -> TooManyRequests:
    return TooManyRequests("Too many attempts, try again later", error.retry_after)
