"""The fake's OAuth: consent with PKCE, tokens that end, and refresh tokens that rotate."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from tools.fakes.etsy_rules import Json, Refused
from tools.fakes.serving import Asked

KEYSTRING, SHARED_SECRET = "keystring-of-the-fake", "shared-secret-of-the-fake"
REDIRECT_URI = "https://shop.test/api/integrations/etsy/callback"
LOCAL_REDIRECT_URI = "http://127.0.0.1:8000/api/integrations/etsy/callback"

ACCESS_LIFE, REFRESH_LIFE = timedelta(hours=1), timedelta(days=90)
VERIFIER_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~-")
SCOPES = frozenset(
    f"{subject}_{right}"
    for subject, rights in {
        "address": "rw",
        "email": "r",
        "listings": "rwd",
        "profile": "rw",
        "shops": "rw",
        "transactions": "rw",
    }.items()
    for right in rights
)


@dataclass
class Consent:
    """What the owner consented to; `code` was given for it and is used once."""

    scopes: frozenset[str]
    redirect_uri: str = ""
    challenge: str = ""
    is_used: bool = False


@dataclass
class OAuth:
    """The codes and tokens of one account."""

    user_id: int
    redirect_uris: set[str] = field(default_factory=lambda: {REDIRECT_URI, LOCAL_REDIRECT_URI})
    codes: dict[str, Consent] = field(default_factory=dict)
    access: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)
    refresh: dict[str, tuple[datetime, frozenset[str]]] = field(default_factory=dict)

    def authorize(self, asked: Asked) -> str:
        """Where the owner's browser goes after the consent."""
        if asked.arg("redirect_uri") not in self.redirect_uris:
            raise Refused(400, "invalid_request", "redirect_uri is not registered")
        needed = {
            "response_type": asked.arg("response_type") == "code",
            "client_id": asked.arg("client_id") == KEYSTRING,
            "state": bool(asked.arg("state")),
            "code_challenge": len(asked.arg("code_challenge")) == 43,
            "code_challenge_method": asked.arg("code_challenge_method") == "S256",
        }
        for name, is_right in needed.items():
            if not is_right:
                raise Refused(400, "invalid_request", name)
        scopes = frozenset(asked.arg("scope").split())
        if not scopes or scopes - SCOPES:
            raise Refused(400, "invalid_scope")
        code = secrets.token_urlsafe(32)
        self.codes[code] = Consent(scopes, asked.arg("redirect_uri"), asked.arg("code_challenge"))
        return f"{asked.arg('redirect_uri')}?{urlencode({'code': code, 'state': asked.arg('state')})}"

    def token(self, asked: Asked, now: datetime) -> Json:
        """The answer of the token endpoint."""
        form = asked.form
        if not asked.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise Refused(400, "invalid_request", "the body must be form-encoded")
        if form.get("client_id") != KEYSTRING:
            raise Refused(401, "invalid_client")
        match form.get("grant_type"):
            case "authorization_code":
                return self.issue(self._exchanged(form), now)
            case "refresh_token":
                return self.issue(self._rotated(form.get("refresh_token", ""), now), now)
        raise Refused(400, "unsupported_grant_type")

    def issue(self, scopes: frozenset[str], now: datetime) -> Json:
        """Fresh tokens."""
        access, refresh = (f"{self.user_id}.{secrets.token_urlsafe(24)}" for _ in range(2))
        self.access[access] = (now + ACCESS_LIFE, scopes)
        self.refresh[refresh] = (now + REFRESH_LIFE, scopes)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "refresh_token": refresh,
        }

    def check(self, asked: Asked, scope: str, now: datetime) -> None:
        """Refuses a request without a live token of this scope."""
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        until, scopes = self.access.get(token, (now, frozenset[str]()))
        if kind != "Bearer" or token not in self.access:
            raise Refused(401, "invalid_token", "the access token is missing or unknown")
        if now >= until:
            raise Refused(401, "invalid_token", "access token is expired")
        if scope not in scopes:
            raise Refused(403, "insufficient_scope", f"this call needs {scope}")

    def _exchanged(self, form: dict[str, str]) -> frozenset[str]:
        consent = self.codes.get(form.get("code", ""))
        if consent is None or consent.is_used:
            raise Refused(400, "invalid_grant", "code is unknown or has been used previously")
        consent.is_used = True
        if form.get("redirect_uri") != consent.redirect_uri:
            raise Refused(400, "invalid_grant", "redirect_uri is another")
        verifier = form.get("code_verifier", "")
        if not 43 <= len(verifier) <= 128 or set(verifier) - VERIFIER_CHARACTERS:
            raise Refused(400, "invalid_request", "code_verifier is malformed")
        if challenge(verifier) != consent.challenge:
            raise Refused(400, "invalid_grant", "code_verifier does not match the challenge")
        return consent.scopes

    def _rotated(self, token: str, now: datetime) -> frozenset[str]:
        until, scopes = self.refresh.pop(token, (now, frozenset[str]()))
        if now >= until:
            raise Refused(400, "invalid_grant", "refresh_token is unknown, used or expired")
        return scopes


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
