"""One structured line per request: what was asked, how it ended and what it cost; nothing about whom."""

from collections.abc import Mapping
from typing import Any

from common.dynamodb import Usage
from common.http.auth import Identity
from common.http.events import Call
from common.logging import logger
from common.metrics import embedded

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def log_access(
    call: Call,
    domain: str,
    status: int,
    milliseconds: int,
    usage: Usage,
    identity: Identity | None,
    counted: Mapping[str, int],
) -> None:
    """Write the line. The route is the pattern, never the path or query, which may hold personal data.

    `domain` is empty where no route matched; `counted` is what the request did by `common.metrics.count`.
    """
    fields: dict[str, Any] = {
        "request_id": call.request_id,
        "method": call.method if call.method in _METHODS else "other",
        "route": call.route or "unmatched",
        "domain": domain or "none",
        "status": status,
        "requests": 1,
        # Zero is said too: an alarm tells "no errors" from "nobody asked".
        "server_errors": int(status >= 500),
        "milliseconds": milliseconds,
        "dynamodb_calls": usage.calls,
        # Floats in the log only: dashboards add them up as JSON numbers.
        "read_units": float(usage.read_units),
        "write_units": float(usage.write_units),
        "role": _role(identity),
        **counted,
    }
    logger().info("request", extra=fields | embedded(fields))


def _role(identity: Identity | None) -> str:
    if identity is None:
        return "anonymous"
    return identity.role.value if identity.role else "unknown"
