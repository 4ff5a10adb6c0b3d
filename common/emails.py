"""E-mail addresses: which are taken, the form that is stored, and the key that finds each of its forms.

A domain with other letters than ASCII has two forms, `münchen.de` and `xn--mnchen-3ya.de` (IDNA 2008, read by
the rules of UTS 46 as browsers do); a local part may have any letters (RFC 6531).
"""

import re
from unicodedata import category, normalize

# RFC 5321, 4.5.3.1, in octets of UTF-8.
LONGEST, LONGEST_LOCAL = 254, 64

_ATOM = frozenset(".!#$%&'*+/=?^_`{|}~-")
# Labels with a dot between them, the last beginning with a letter.
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_ENCODED = "xn--"


def stored_form(text: str) -> str:
    """An address in the one form that is stored, as people read it: `info@münchen.de`.

    The domain is in Unicode and small letters, the local part as it was typed, composed (NFC). Raises
    ValueError for what is no address.
    """
    local, at, domain = normalize("NFC", text.strip()).rpartition("@")
    encoded = _ascii_domain(domain)
    if not at or not _is_local(local) or not _DOMAIN.fullmatch(encoded):
        raise ValueError("not an e-mail address")
    if len(f"{local}@{encoded}".encode()) > LONGEST:
        raise ValueError("too long for an e-mail address")
    return f"{local}@{_unicode_domain(encoded)}"


def address_key(text: str) -> str:
    """What is equal for all forms of one address: small letters, the domain in ASCII; never raises."""
    text = text.strip()
    if text.isascii():
        return text.lower()
    local, at, domain = normalize("NFC", text).rpartition("@")
    try:
        return f"{local.lower()}{at}{_ascii_domain(domain)}"
    except ValueError:
        return normalize("NFC", text).lower()


def sendable_form(text: str) -> str:
    """An address as mail is sent to it: the local part as it was typed, the domain in ASCII.

    Raises ValueError for what is no address, and for a local part of other letters than ASCII, which not
    every server takes (RFC 6531).
    """
    local, _, domain = stored_form(text).rpartition("@")
    if not local.isascii():
        raise ValueError("not an address that every server takes")
    return f"{local}@{_ascii_domain(domain)}"


def written_forms(text: str) -> tuple[str, ...]:
    """The forms that an address may stand in somewhere, its key first, in small letters.

    One for an address of ASCII alone. Others were moved in as their shop wrote them: with the domain in
    Unicode, composed or not.
    """
    key = address_key(text)
    if text.isascii() and _ENCODED not in key:
        return (key,)
    local, at, domain = key.rpartition("@")
    try:
        readable = f"{local}{at}{_unicode_domain(domain)}"
    except ValueError:
        readable = key
    others = (text.strip().lower(), readable, normalize("NFD", readable))
    return tuple(dict.fromkeys((key, *others)))


def is_same_address(one: str, other: str) -> bool:
    """Whether two texts are one address, whatever their capitals and the form of the domain."""
    return address_key(one) == address_key(other)


def _is_local(local: str) -> bool:
    dotted = local.startswith(".") or local.endswith(".") or ".." in local
    letters = all(
        each in _ATOM or (each.isalnum() if each.isascii() else category(each)[0] in "LMN") for each in local
    )
    return bool(local) and not dotted and letters and len(local.encode()) <= LONGEST_LOCAL


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    # Imported for the few addresses that need its tables.
    import idna

    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode().lower()
    except UnicodeError as error:
        raise ValueError("not a domain") from error


def _unicode_domain(domain: str) -> str:
    if _ENCODED not in domain:
        return domain
    import idna

    try:
        return idna.decode(domain)
    except UnicodeError as error:
        raise ValueError("not a domain") from error
