"""Who is calling: tokens are issued, verified and held against a route's role."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from common import config
from common.errors import Forbidden, Unauthenticated
from common.standing import mark_of, standing_of

if TYPE_CHECKING:
    from jwt.types import Options

ALGORITHM = "HS256"
ISSUER = "artshop"
COOKIE = "auth_token"
TOKEN_SECONDS = 86_400
# The last second of the year 9999.
LATEST_TIME = 253_402_300_799

# RFC 7518, section 3.2: an HS256 key has at least the length of the hash.
SHORTEST_KEY_BYTES = 32

_CHALLENGE = {"WWW-Authenticate": "Bearer"}


class Role(StrEnum):
    """What a signed-in caller may be, and the least that a route asks for."""

    ADMIN = "admin"
    """Everything."""
    EDITOR = "editor"
    """The catalogue and the content; no money, no channels, no accounts."""
    CREATOR = "creator"
    """A profile and works of their own, shown once an administrator has approved them."""
    MEMBER = "member"
    """An account, and nothing else."""


# The routes of which roles a caller may call besides those of the own one.
INCLUDES: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: frozenset(Role),
    Role.EDITOR: frozenset({Role.EDITOR, Role.MEMBER}),
    Role.CREATOR: frozenset({Role.CREATOR, Role.MEMBER}),
    Role.MEMBER: frozenset({Role.MEMBER}),
}

PUBLIC = None
"""Declared as the role of a route that anybody may call."""


@dataclass(frozen=True)
class Identity:
    """A signed-in caller; `role` is None when the token names one that this shop does not know.

    `token_version`, `token_mark` and `expires_at` (epoch seconds) are the token's, see `common.standing`.
    """

    id: str
    username: str
    role: Role | None
    token_version: int = field(default=0, compare=False)
    token_mark: str = field(default="", compare=False)
    expires_at: int = field(default=0, compare=False)


def issue_token(
    subject: str, username: str, role: Role, now: datetime, ttl: int = TOKEN_SECONDS, *, version: int = 0
) -> str:
    """A signed token for `subject` (the account's id), valid for `ttl` seconds from `now`.

    `version` is the number that the account's tokens carry (`Standing.token_version`).
    """
    import jwt

    issued = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "sub": subject,
        "id": subject,
        "username": username,
        "role": role.value,
        "iat": issued,
        "exp": issued + ttl,
        "ver": version,
        # Two sign-ins within one second are two tokens, of which one may be signed out.
        "jti": uuid4().hex,
    }
    return jwt.encode(claims, _key(), algorithm=ALGORITHM)


def verify_token(token: str, now: datetime) -> Identity:
    """The caller that `token` proves at `now`; Unauthenticated for anything wrong with it.

    HS256 only (whatever the token's own header says), our issuer, `exp`, `iat` and `sub` present, times
    in whole seconds, no leeway.
    """
    import jwt

    # Expiry is compared with the request's own clock below.
    options: Options = {
        "require": ["exp", "iat", "sub", "iss"],
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
    }
    key = _key()
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM], issuer=ISSUER, options=options)
    except (jwt.PyJWTError, TypeError, ValueError, RecursionError) as error:
        # Anybody may send a header that is nested a thousand levels deep: it is read before the signature.
        raise _refused("Invalid or expired token") from error
    if not claims["sub"] or not _is_of_the_time(claims, int(now.timestamp())):
        raise _refused("Invalid or expired token")
    return _identity(claims, token)


def identify(headers: Mapping[str, str], cookies: Mapping[str, str], now: datetime) -> Identity:
    """The caller behind a request: the Authorization header when there is one, else the cookie.

    Unauthenticated, with the texts that the storefronts know, when neither proves anybody.
    """
    header = headers.get("authorization")
    if header is not None:
        return verify_token(_bearer(header), now)
    if cookies.get(COOKIE):
        return verify_token(cookies[COOKIE], now)
    raise _refused("Missing authorization header")


def require_role(identity: Identity, role: Role) -> None:
    """Forbidden unless what the caller is includes this role."""
    if not includes(identity, role):
        raise Forbidden("You do not have permission to do this")


def includes(identity: Identity | None, role: Role) -> bool:
    """Whether a caller, if there is one, may call what this role may."""
    return identity is not None and identity.role is not None and role in INCLUDES[identity.role]


def require_standing(identity: Identity) -> Identity:
    """The caller again, once its account was read; Unauthenticated where the token has ended meanwhile.

    A token ends with signing out, and with whatever its account was allowed when it was issued.
    """
    standing = standing_of(identity.id)
    role = identity.role.value if identity.role else ""
    if standing is None or not standing.accepts(role, identity.token_version, identity.token_mark):
        raise _refused("Invalid or expired token")
    return identity


def _identity(claims: Mapping[str, Any], token: str) -> Identity:
    version = claims.get("ver", 0)
    if type(version) is not int:
        raise _refused("Invalid or expired token")
    return Identity(
        id=claims["sub"],
        username=str(claims.get("username", "")),
        role=_known_role(claims.get("role")),
        token_version=version,
        token_mark=mark_of(token),
        expires_at=claims["exp"],
    )


def _bearer(header: str) -> str:
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise _refused("Invalid authorization header format")
    return token


def _is_of_the_time(claims: Mapping[str, object], now: int) -> bool:
    """Whether the times of a token are times, in whole epoch seconds, and `now` lies between them.

    JSON as Python reads it knows NaN and Infinity, which no comparison refuses.
    """
    times = {name: claims[name] for name in ("iat", "exp", "nbf") if name in claims}
    if not all(type(time) is int and 0 <= time <= LATEST_TIME for time in times.values()):
        return False
    return claims.get("nbf", 0) <= now < claims["exp"]  # type: ignore[operator] # ints, as was just seen


def _known_role(name: object) -> Role | None:
    return next((role for role in Role if role.value == name), None)


def _key() -> str:
    key = config.secret("JWT_SECRET")
    if len(key.encode()) < SHORTEST_KEY_BYTES and not config.is_development():
        raise config.ConfigurationError(f"JWT_SECRET must have at least {SHORTEST_KEY_BYTES} bytes")
    return key


def _refused(text: str) -> Unauthenticated:
    return Unauthenticated(text, headers=_CHALLENGE)
