"""Opaque, signed page cursors, each bound to the query that it came from."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from common import config
from common.errors import InvalidInput

MAX_LENGTH = 4096


class InvalidCursor(InvalidInput):
    """A cursor that was not issued here, was changed, or belongs to another query."""

    def __init__(self) -> None:
        super().__init__("cursor is not valid", fields={"cursor": ["is not valid"]})


def sign_cursor(payload: Mapping[str, Any], scope: str) -> str:
    """The payload as URL-safe text with a signature that holds for this scope only."""
    # Characters as they are: six bytes for each would not fit into a query string.
    text = json.dumps(payload, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    body = urlsafe_b64encode(text.encode()).rstrip(b"=")
    return f"{body.decode()}.{_signature(body, scope).decode()}"


def read_cursor(token: str, scope: str) -> dict[str, Any]:
    """The payload of a cursor that `sign_cursor` made for this scope. Raises InvalidCursor otherwise."""
    if not token.isascii() or len(token) > MAX_LENGTH:
        raise InvalidCursor
    body, _, signature = token.encode().partition(b".")
    if not hmac.compare_digest(signature, _signature(body, scope)):
        raise InvalidCursor
    try:
        payload = json.loads(urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    except (Base64Error, ValueError):
        raise InvalidCursor from None
    if not isinstance(payload, dict):
        raise InvalidCursor
    return payload


def _signature(body: bytes, scope: str) -> bytes:
    # The scope is hashed, so that no scope can be shifted into the body.
    message = sha256(scope.encode()).digest() + body
    return urlsafe_b64encode(hmac.digest(_key(), message, sha256)).rstrip(b"=")


def _key() -> bytes:
    # A key of its own, so that a cursor is never good as a token signed with the same secret.
    secret = config.secret("CURSOR_SECRET", "") or config.secret("JWT_SECRET")
    return hmac.digest(secret.encode(), b"cursor", sha256)
