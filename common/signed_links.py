"""Links that prove what they are for: signed by the shop, for one purpose, and most of them only for a while.

A link holds no secret and names its subject in the open, as `12` for an order's id, so no subject may be
anything that a stranger must not read, such as an e-mail address.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime

from common import config
from common.clock import epoch
from common.errors import NotFound

_BYTES = 24
_PARTS = 3


class LinkEnded(NotFound):
    """The link was the shop's, and its time has gone."""

    code = "LINK_ENDED"

    def __init__(self) -> None:
        super().__init__("This link has expired")


def sign_link(purpose: str, subject: str, until: datetime | None = None) -> str:
    """The text by which a link to `subject` is known until `until`, by default for good.

    Letters, digits, `-`, `_` and `.`. `purpose` is a word of the code, as `invoice`: a link is good for that
    alone. `subject` is what it leads to, without any `.`. It follows from JWT_SECRET, with which it ends.
    """
    if "." in subject:
        raise ValueError(f"a link's subject has no point: {subject!r}")
    expiry = "" if until is None else str(epoch(until))
    return f"{subject}.{expiry}.{_signature(purpose, subject, expiry)}"


def read_link(purpose: str, link: str, now: datetime) -> str:
    """The subject of a link that was made for this purpose.

    Raises NotFound for one that the shop did not make, or made for something else, LinkEnded for one whose
    time has gone at `now`.
    """
    parts = link.split(".")
    if len(parts) != _PARTS:
        raise NotFound("Not found")
    subject, expiry, signature = parts
    # However much of it is right, the comparison takes as long.
    if not hmac.compare_digest(signature.encode(), _signature(purpose, subject, expiry).encode()):
        raise NotFound("Not found")
    if expiry and int(expiry) <= epoch(now):
        raise LinkEnded
    return subject


def _signature(purpose: str, subject: str, expiry: str) -> str:
    key = hmac.digest(config.secret("JWT_SECRET").encode(), f"link: {purpose}".encode(), "sha256")
    signature = hmac.digest(key, f"{subject}.{expiry}".encode(), "sha256")
    return urlsafe_b64encode(signature[:_BYTES]).decode()
