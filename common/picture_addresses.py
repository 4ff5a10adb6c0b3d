"""The addresses of pictures that a client may store: our own, or somewhere on the web."""

import re
from urllib.parse import urlsplit

from common.media import FOLDERS, PRIVATE, key_of

MAX_LENGTH = 1000

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\<>\"`{}|^]")


def stored_address(text: str) -> str:
    """What is stored for a picture: the key when it is ours, else the URL; an empty text stays empty.

    Accepted are `http://` and `https://` URLs, paths from `/`, and keys in one of the FOLDERS, of at most
    1,000 characters. ValueError says what is wrong with anything else.
    """
    if not text:
        return text
    if len(text) > MAX_LENGTH:
        raise ValueError(f"must be at most {MAX_LENGTH} characters")
    if _FORBIDDEN.search(text):
        raise ValueError("must not contain control characters, quotes, brackets or backslashes")
    if text.lower().startswith(("http://", "https://")):
        _check_host(text)
    elif text.startswith("//") or not text.startswith(("/", *FOLDERS)):
        raise ValueError("must start with http://, https:// or /")
    key = key_of(text)
    if not key or any(part in {".", ".."} for part in key.split("/")):
        raise ValueError("must not be empty or lead through . or ..")
    if key.startswith(PRIVATE):
        raise ValueError("must not be what the shop keeps for itself")
    return key


def _check_host(url: str) -> None:
    # urlsplit raises ValueError by itself for a broken IPv6 address.
    if not urlsplit(url).hostname:
        raise ValueError("must name a host")
