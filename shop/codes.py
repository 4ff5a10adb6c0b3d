"""The codes of a second factor: those that an app counts by time (RFC 6238), and those that stand on paper.

A code by time has six digits for half a minute; one minute around the moment is accepted, because clocks
differ, and no code of the step that was used last or of one before it. A recovery code is used once.
"""

import hmac
import os
from base64 import b32decode, b32encode
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from common import encryption
from common.clock import epoch
from common.config import ConfigurationError
from common.encryption import Unsealable
from common.errors import NotSetUp
from common.repositories.accounts import Account

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

ISSUER = "Art shop"
SECONDS, DIGITS = 30, 6
# RFC 4226, section 4: 160 bits are recommended.
_SECRET_BYTES = 20
RECOVERY_CODES = 10
# So many random bits that the hashes need no key: there is nothing to try out.
_RECOVERY_BYTES = 10


@dataclass(frozen=True, slots=True)
class Code:
    """What was given as the second factor: a code by time, else a recovery code; both empty for neither."""

    totp: str = ""
    recovery: str = ""

    def __bool__(self) -> bool:
        return bool(self.totp or self.recovery)


def code_of(text: str) -> Code:
    """The code that a text is, whichever of the two."""
    digits = text.replace(" ", "")
    is_by_time = len(digits) == DIGITS and digits.isascii() and digits.isdigit()
    return Code(totp=digits) if is_by_time else Code(recovery=text)


def has_second_factor(account: Account) -> bool:
    """Whether an account is asked for a code when it signs in."""
    return account.totp_confirmed_at is not None


def after_use(account: Account, code: Code, now: datetime) -> Account | None:
    """The account once this code was used, None where it is not one that can be; NotSetUp without the key."""
    if not code.totp:
        return _after_recovery(account, code.recovery)
    step = _step_of(account, code.totp.replace(" ", ""), now)
    return None if step is None else replace(account, totp_step=step)


def new_secret() -> str:
    """What an app makes codes of: random, in base32."""
    return b32encode(os.urandom(_SECRET_BYTES)).decode()


def uri_of(secret: str, account: Account) -> str:
    """What an app reads from a picture: `otpauth://totp/...`."""
    uri = _counter(secret).get_provisioning_uri(account.username or account.email, ISSUER)
    # Apps read a blank as other URIs have it, and show a plus as one.
    return uri.replace("+", "%20")


def sealed_secret(secret: str, account: Account) -> str:
    """A secret as it is stored; NotSetUp where there is no key to seal it with."""
    if not encryption.can_seal():
        raise _no_key()
    return encryption.seal(secret, _context(account))


def new_recovery_codes(account: Account) -> tuple[list[str], tuple[str, ...]]:
    """Ten recovery codes as they are shown once, and their hashes as they are stored."""
    codes = [_grouped(b32encode(os.urandom(_RECOVERY_BYTES)).decode().lower()) for _ in range(RECOVERY_CODES)]
    return codes, tuple(_recovery_hash(account, code) for code in codes)


def _step_of(account: Account, code: str, now: datetime) -> int | None:
    counter, current = _counter(_opened(account)), epoch(now) // SECONDS
    last = -1 if account.totp_step is None else account.totp_step
    matching = [
        step
        for step in (current - 1, current, current + 1)
        if hmac.compare_digest(counter.generate(step * SECONDS), code.encode())
    ]
    return next((step for step in matching if step > last), None)


def _after_recovery(account: Account, code: str) -> Account | None:
    given = _recovery_hash(account, code)
    left = tuple(kept for kept in account.recovery_hashes if not hmac.compare_digest(kept, given))
    return None if left == account.recovery_hashes else replace(account, recovery_hashes=left)


def _opened(account: Account) -> str:
    try:
        return encryption.unseal(account.totp_secret or "", _context(account))
    except (Unsealable, ConfigurationError) as error:
        raise _no_key() from error


def _counter(secret: str) -> "TOTP":
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    # SHA-1 is what the apps know; RFC 6238 keeps it, and nothing of it depends on collisions.
    return TOTP(b32decode(secret), DIGITS, SHA1(), SECONDS)  # noqa: S303


def _recovery_hash(account: Account, code: str) -> str:
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return sha256(f"{account.id}:{letters}".encode()).hexdigest()


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _context(account: Account) -> dict[str, str]:
    return {"account": account.id, "field": "totp_secret"}


def _no_key() -> NotSetUp:
    return NotSetUp("The second factor is not set up in this shop", reason=f"{encryption.KEY}_PARAMETER")
