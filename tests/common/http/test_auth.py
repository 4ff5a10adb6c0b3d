"""Tests of tokens: only what this shop signed, as it signs, and only in time."""

import base64
import json
import math
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from common.config import ConfigurationError
from common.errors import Forbidden, Unauthenticated
from common.http import Identity, Role, issue_token, verify_token
from common.http.auth import TOKEN_SECONDS, identify, require_role
from tests.support.tokens import admin_claims, forged_token, signed, visitor_token

NOW = datetime.now(UTC).replace(microsecond=0)
ADMIN = Identity("1", "admin", Role.ADMIN)


# What JSON as Python writes and reads it can hold besides a whole number of seconds.
NO_TIMES: tuple[object, ...] = (
    math.nan,
    math.inf,
    -math.inf,
    1e300,
    4e9 + 0.5,
    10**30,
    -1,
    "4000000000",
    True,
    [],
    {},
)


def unsigned_token() -> str:
    """A token that says of itself that it needs no signature."""
    parts = [{"alg": "none", "typ": "JWT"}, admin_claims()]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, ""])


def test_an_issued_token_proves_its_subject() -> None:
    token = issue_token("u-7", "artist", Role.ADMIN, NOW)
    assert verify_token(token, NOW) == Identity("u-7", "artist", Role.ADMIN)


def test_a_token_carries_what_clients_read() -> None:
    claims = jwt.decode(issue_token("u-7", "artist", Role.ADMIN, NOW), options={"verify_signature": False})
    issued = int(NOW.timestamp())
    assert len(claims.pop("jti")) == 32
    assert claims == {
        "iss": "artshop",
        "sub": "u-7",
        "id": "u-7",
        "username": "artist",
        "role": "admin",
        "iat": issued,
        "exp": issued + 86_400,
        "ver": 0,
    }


def test_a_token_ends_with_its_last_second() -> None:
    token = issue_token("1", "admin", Role.ADMIN, NOW)
    assert verify_token(token, NOW + timedelta(seconds=TOKEN_SECONDS - 1)) == ADMIN
    with pytest.raises(Unauthenticated, match=r"^Invalid or expired token$"):
        verify_token(token, NOW + timedelta(seconds=TOKEN_SECONDS))


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "iss"])
def test_a_token_without_a_required_claim_is_refused(claim: str) -> None:
    with pytest.raises(Unauthenticated):
        verify_token(signed(admin_claims(**{claim: None})), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another-shop"},
        {"iss": ["artshop"]},
        {"sub": 1},
        {"sub": ""},
        {"exp": "tomorrow"},
        {"exp": {}},
        {"exp": True},
        {"iat": "now"},
        {"exp": 1},
        *({claim: time} for claim in ("exp", "iat", "nbf") for time in NO_TIMES),
        {"nbf": 32_503_680_000},
    ],
)
def test_a_token_with_an_unusable_claim_is_refused(changes: dict[str, object]) -> None:
    claims = admin_claims() | changes
    with pytest.raises(Unauthenticated):
        verify_token(signed(claims), NOW)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_although_the_key_is_right(
    monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    monkeypatch.setenv("JWT_SECRET", "k" * 64)
    with pytest.raises(Unauthenticated):
        verify_token(signed(admin_claims(), algorithm=algorithm), NOW)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a.b.c.d", "demo-token-12345", "ünïcode.b.c", "\ud800"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        verify_token(token, NOW)


def test_forged_and_unsigned_tokens_are_refused() -> None:
    for token in (forged_token(), unsigned_token(), unsigned_token() + "x"):
        with pytest.raises(Unauthenticated):
            verify_token(token, NOW)


def test_a_changed_token_is_refused() -> None:
    head, claims, signature = signed(admin_claims(role="visitor")).split(".")
    _, admins_claims, _ = signed(admin_claims()).split(".")
    with pytest.raises(Unauthenticated):
        verify_token(f"{head}.{admins_claims}.{signature}", NOW)
    assert verify_token(f"{head}.{claims}.{signature}", NOW).role is None


@pytest.mark.parametrize("role", ["visitor", "Admin", "", None, ["admin"], {"admin": True}, 1])
def test_a_role_that_is_not_known_is_none(role: object) -> None:
    identity = verify_token(signed(admin_claims() | {"role": role}), NOW)
    assert identity.role is None
    with pytest.raises(Forbidden):
        require_role(identity, Role.ADMIN)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "token", "Bearer a b", "Bearer  a", "Bearera"]
)
def test_a_malformed_header_is_refused_even_beside_a_good_cookie(header: str) -> None:
    cookies = {"auth_token": signed(admin_claims())}
    with pytest.raises(Unauthenticated, match=r"^Invalid authorization header format$"):
        identify({"authorization": header}, cookies, NOW)


def test_nothing_is_refused_with_a_challenge() -> None:
    with pytest.raises(Unauthenticated, match=r"^Missing authorization header$") as refused:
        identify({}, {"auth_token": ""}, NOW)
    assert refused.value.headers == {"WWW-Authenticate": "Bearer"}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_header_proves_its_caller(scheme: str) -> None:
    assert identify({"authorization": f"{scheme} {signed(admin_claims())}"}, {}, NOW) == ADMIN


def test_a_cookie_proves_its_caller() -> None:
    assert identify({}, {"auth_token": signed(admin_claims())}, NOW) == ADMIN


def test_the_header_wins_over_the_cookie() -> None:
    cookies = {"auth_token": signed(admin_claims())}
    assert identify({"authorization": f"Bearer {visitor_token()}"}, cookies, NOW).role is None


@pytest.mark.parametrize(
    ("secret", "environment"),
    [("", "development"), ("", "production"), ("x" * 31, "production"), ("x", "test")],
)
def test_a_key_that_protects_nothing_is_not_used(
    monkeypatch: pytest.MonkeyPatch, secret: str, environment: str
) -> None:
    monkeypatch.setenv("JWT_SECRET", secret)
    monkeypatch.setenv("ENVIRONMENT", environment)
    with pytest.raises(ConfigurationError, match="JWT_SECRET"):
        issue_token("1", "admin", Role.ADMIN, NOW)
    with pytest.raises(ConfigurationError, match="JWT_SECRET"):
        verify_token("a.b.c", NOW)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(("secret", "environment"), [("short", "development"), ("x" * 32, "production")])
def test_a_short_key_is_for_development_only(
    monkeypatch: pytest.MonkeyPatch, secret: str, environment: str
) -> None:
    monkeypatch.setenv("JWT_SECRET", secret)
    monkeypatch.setenv("ENVIRONMENT", environment)
    assert verify_token(issue_token("1", "admin", Role.ADMIN, NOW), NOW) == ADMIN


def test_a_token_holds_from_its_own_time_on() -> None:
    start = int(NOW.timestamp())
    assert verify_token(signed(admin_claims(nbf=start)), NOW) == ADMIN
    with pytest.raises(Unauthenticated):
        verify_token(signed(admin_claims(nbf=start + 1)), NOW)


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_a_token_nested_thousands_deep_is_refused(pair: str) -> None:
    # The header is read before the signature, so anybody may send one; ten kilobytes of headers pass.
    inner = '"a":' if pair == "{}" else ""
    text = (pair[0] + inner) * 1_500 + "1" + pair[1] * 1_500
    part = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    for token in (f"{part}.{part}.{part}", f"{signed(admin_claims()).partition('.')[0]}.{part}.{part}"):
        with pytest.raises(Unauthenticated):
            verify_token(token, NOW)
