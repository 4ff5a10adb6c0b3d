"""Tokens, good and bad, and the proof that guarded routes refuse the bad ones."""

import json
from collections.abc import Iterator
from datetime import timedelta

import jwt

from common import config
from common.clock import utc_now
from common.http import Role, Route, ShopApp, issue_token
from common.http.auth import ALGORITHM, ISSUER, TOKEN_SECONDS
from tests.support.http import Answer, Client

# What knowing that a token still counts costs besides: one consistent read of a small row.
TOKEN_TRIPS, TOKEN_UNITS = 1, 1

FOREIGN_KEY = "a-key-that-this-shop-has-never-used-anywhere"


def admin_token(*, age: timedelta = timedelta(0)) -> str:
    """A token that every route for admins accepts, issued so long ago; another age is another sign-in."""
    return issue_token("1", "admin", Role.ADMIN, utc_now() - age)


def expired_token() -> str:
    """An admin's token whose last second has just passed."""
    return issue_token("1", "admin", Role.ADMIN, utc_now() - timedelta(seconds=TOKEN_SECONDS))


def signed(claims: dict[str, object], *, key: str = "", algorithm: str = ALGORITHM) -> str:
    """Any claims signed with any key, by default the shop's own."""
    payload = json.dumps(claims).encode()
    return jwt.PyJWS().encode(payload, key or config.secret("JWT_SECRET"), algorithm=algorithm)


def admin_claims(**changes: object) -> dict[str, object]:
    """What a good admin's token says, with `changes`; a claim changed to None is left out."""
    now = int(utc_now().timestamp())
    claims: dict[str, object] = {
        "iss": ISSUER,
        "sub": "1",
        "id": "1",
        "username": "admin",
        "role": Role.ADMIN.value,
        "iat": now,
        "exp": now + TOKEN_SECONDS,
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


def forged_token() -> str:
    """An admin's token signed with a foreign key."""
    return signed(admin_claims(), key=FOREIGN_KEY)


def visitor_token() -> str:
    """A good token of somebody without any role."""
    return signed(admin_claims(role="visitor"))


def guarded_routes(app: ShopApp) -> Iterator[Route]:
    """Each route that declares a role."""
    for methods in app.shop_routes.values():
        yield from (route for route in methods.values() if route.role is not None)


def every_guarded_route(app: ShopApp) -> int:
    """Prove that each route with a role refuses missing, forged, expired and underprivileged tokens.

    Answers how many routes were tried, so that a test can also prove that there were some.
    """
    tried = 0
    for route in guarded_routes(app):
        path = route.path.replace("{", "").replace("}", "")
        for name, (token, status) in _bad_tokens().items():
            answer = Client(app).request(route.method, path, token=token)
            assert _is_refusal(answer, status), f"{route.method} {route.path} with a {name} token: {answer}"
        tried += 1
    return tried


def _bad_tokens() -> dict[str, tuple[str, int]]:
    return {
        "missing": ("", 401),
        "malformed": ("not.a.token", 401),
        "forged": (forged_token(), 401),
        "expired": (expired_token(), 401),
        "visitor's": (visitor_token(), 403),
    }


def _is_refusal(answer: Answer, status: int) -> bool:
    return answer.status == status and bool(answer.error)
