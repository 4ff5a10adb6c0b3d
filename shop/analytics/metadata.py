"""What is kept of where an event came from: short, and nothing that tells a person from others."""

import re
from urllib.parse import urlsplit

# In bytes, so that an event with all of them stays within a kilobyte, which is one unit of writing.
LONGEST_USER_AGENT, LONGEST_REFERRER, LONGEST_LOCATION = 200, 200, 80

_E_MAIL = re.compile(r"\S*(?:@|%40)\S*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# Names of places; digits make an address, a coordinate or a network of it.
_PLACE = re.compile(r"[^\W\d_][^\d_@:<>{}\\|]*")


def kept_user_agent(text: str | None) -> str | None:
    """A user agent without e-mail addresses, which some programs carry, cut at 200 bytes."""
    return _cut(_E_MAIL.sub("", _CONTROL.sub(" ", text or "")).strip(), LONGEST_USER_AGENT)


def kept_referrer(text: str | None) -> str | None:
    """The page that led here as scheme, host and path, cut at 200 bytes; None for what is no web address.

    Query and fragment go, which hold searches and secrets, and so does a name before the host; a path with an
    e-mail address in it goes whole.
    """
    try:
        parts = urlsplit(_CONTROL.sub("", text or "").strip())
        host = parts.hostname
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    path = "" if _E_MAIL.search(parts.path) else parts.path
    return _cut(f"{parts.scheme.lower()}://{host}{port}{path}", LONGEST_REFERRER)


def kept_location(text: str | None) -> str | None:
    """The name of a place, such as `Torino, Italy`, cut at 80 bytes; None for anything more exact."""
    place = (text or "").strip()
    return _cut(place, LONGEST_LOCATION) if _PLACE.fullmatch(place) else None


def _cut(text: str, longest: int) -> str | None:
    # Bytes of a character that is cut in two go as well.
    return text.encode()[:longest].decode(errors="ignore").strip() or None
