"""Passwords: which are accepted, and their argon2id hashes.

The rule is that of NIST SP 800-63B, section 3.1.1.2: length counts, kinds of letters do not, and what
everybody tries first is refused. Texts are composed (NFC) before they are hashed, because keyboards differ.
"""

from typing import TYPE_CHECKING
from unicodedata import normalize

from common.errors import InvalidInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# Characters. The longest has at most 1,024 bytes of UTF-8.
SHORTEST, LONGEST = 8, 256

# Of the lists of what is guessed first, those of eight characters and more that are no sequence.
_COMMON = frozenset(
    """
    password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword qwertyuiop qwerty123
    qwerty12 qwerty1234 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc zaq12wsx q1w2e3r4 q1w2e3r4t5 iloveyou
    iloveyou1 sunshine princess football baseball superman letmein1 welcome1 welcome123 trustno1 starwars
    whatever computer michelle jennifer internet liverpool chocolate changeme changeme1 admin123 administrator
    asdfghjkl asdf1234 abcd1234 abc12345 a1b2c3d4 aa123456 test1234 juventus francesco alessandro
    """.split()  # noqa: SIM905 - a list of words is read more easily so
)
_SEQUENCES = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")

# Of nobody's password, made with the same cost as all others: what is checked where there is no account.
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$77+Omhhs/wW8vRbEZN41Hw$NgI+UkHb1m9P3A6dUYb7hAxRlU6Owmp5SjJIvJBnxV4"
)


def refuse_unusable(password: str, *names: str | None, field: str = "password") -> None:
    """InvalidInput, naming the `field`, for a password that may not be chosen.

    At least 8 and at most 256 characters, none of the common ones, no sequence or repetition of one letter,
    and none of the `names` (user name, e-mail address) by which the account is known.
    """
    text = normalize("NFC", password)
    if len(text) < SHORTEST:
        raise InvalidInput.of_field(field, f"must have at least {SHORTEST} characters")
    if len(text) > LONGEST:
        raise InvalidInput.of_field(field, f"must have at most {LONGEST} characters")
    folded = text.casefold()
    if folded in _COMMON or len(set(folded)) == 1 or any(folded in line for line in _both_ways()):
        raise InvalidInput.of_field(field, "is one of those that are guessed first")
    if folded in {known for name in names if name for known in _parts(name)}:
        raise InvalidInput.of_field(field, "must not be the name or the address of the account")


def hash_of(password: str) -> str:
    """The argon2id hash of a password in its encoded form, with a salt of its own."""
    return _hasher().hash(normalize("NFC", password))


def matches(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed; ValueError for what is no argon2 hash."""
    from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

    try:
        return _hasher().verify(password_hash, normalize("NFC", password))
    except VerifyMismatchError:
        return False
    except (VerificationError, InvalidHashError) as error:
        raise ValueError("not an argon2 hash") from error


def _hasher() -> "PasswordHasher":
    # Imported when a password is at hand; its defaults are the low-memory profile of RFC 9106.
    from argon2 import PasswordHasher

    return PasswordHasher()


def _both_ways() -> tuple[str, ...]:
    return (*_SEQUENCES, *(line[::-1] for line in _SEQUENCES))


def _parts(name: str) -> tuple[str, str]:
    folded = normalize("NFC", name.strip()).casefold()
    return folded, folded.partition("@")[0]
