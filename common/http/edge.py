"""Who calls through the distribution in front of the APIs, which stands between the caller and the event.

The distribution writes the caller's address into a header of its own, over whatever was sent there, and
adds a secret that nobody else has. X-Forwarded-For is never read: callers write it as they like.
"""

import hmac
import ipaddress
from collections.abc import Mapping

from common import config

SECRET_HEADER = "x-edge-secret"  # noqa: S105 - a header's name
ADDRESS_HEADER = "x-viewer-address"
SECRET = "EDGE_SECRET"  # noqa: S105 - a variable's name


def viewer_address(headers: Mapping[str, str], connected: str) -> str:
    """The caller's address: what the distribution says of it, and `connected` where none has asked."""
    sent, said = headers.get(SECRET_HEADER, ""), headers.get(ADDRESS_HEADER, "").strip()
    if not sent or not said:
        return connected
    secret = config.secret(SECRET, "")
    if not secret or not hmac.compare_digest(sent.encode(), secret.encode()):
        return connected
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return connected
