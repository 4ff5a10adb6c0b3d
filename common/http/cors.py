"""Cross-origin headers: an allowed origin is echoed, any other gets none."""

from common import config

ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

ALLOWED_HEADERS = (
    "Content-Type, Authorization, X-Cart-Session, X-Session-Id, X-Requested-With, Idempotency-Key, "
    "If-Match, If-None-Match, Stripe-Signature, X-Order-Token"
)

EXPOSED_HEADERS = "ETag, Link, X-Request-Id, Retry-After"

PREFLIGHT_SECONDS = 3600


def headers_for(origin: str | None) -> dict[str, str]:
    """The headers that let a browser at `origin` read the answer; never `*`.

    Vary is always sent, so that a cache does not hand one origin's answer to another.
    """
    headers = {"Vary": "Origin"}
    if origin and origin in config.cors_allowed_origins():
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Allow-Credentials"] = "true"
        headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
    return headers


def preflight_headers(origin: str | None) -> dict[str, str]:
    """What an OPTIONS request learns besides `headers_for`; nothing for an origin not allowed."""
    if "Access-Control-Allow-Origin" not in headers_for(origin):
        return {}
    return {
        "Access-Control-Allow-Methods": ALLOWED_METHODS,
        "Access-Control-Allow-Headers": ALLOWED_HEADERS,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
