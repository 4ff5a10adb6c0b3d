"""One structured line per request: what was asked, how it ended and what it cost; nothing about whom."""

from typing import Any

from common.dynamodb import Usage
from common.http.auth import Identity
from common.http.events import Call
from common.logging import logger

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def log_access(call: Call, status: int, milliseconds: int, usage: Usage, identity: Identity | None) -> None:
    """Write the line. The route is the pattern, never the path or query, which may hold personal data."""
    fields: dict[str, Any] = {
        "request_id": call.request_id,
        "method": call.method if call.method in _METHODS else "other",
        "route": call.route or "unmatched",
        "status": status,
        "milliseconds": milliseconds,
        "dynamodb_calls": usage.calls,
        # Floats in the log only: dashboards add them up as JSON numbers.
        "read_units": float(usage.read_units),
        "write_units": float(usage.write_units),
        "role": _role(identity),
    }
    logger().info("request", extra=fields)


def _role(identity: Identity | None) -> str:
    if identity is None:
        return "anonymous"
    return identity.role.value if identity.role else "unknown"
