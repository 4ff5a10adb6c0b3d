"""The administrator's name and password and the signing key of a local shop, made once and kept."""

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from common.encryption import new_local_key

DEFAULT_USERNAME = "artist"
FILE_NAME = "credentials.json"
KEY_FILE = "token.key"


@dataclass(frozen=True)
class Credentials:
    """Who may sign in, and the key that signs tokens."""

    username: str
    password: str
    jwt_secret: str


def load(data: Path, environ: Mapping[str, str]) -> Credentials:
    """The environment's `ADMIN_USERNAME`, `ADMIN_PASSWORD` and `JWT_SECRET`, each else what is kept.

    What is missing in both is drawn at random and kept in `data`, readable by its owner only; what the
    environment gives is never written.
    """
    kept = _kept(data)
    return Credentials(
        username=environ.get("ADMIN_USERNAME", "").strip() or kept.username,
        password=environ.get("ADMIN_PASSWORD", "") or kept.password,
        jwt_secret=environ.get("JWT_SECRET", "").strip() or kept.jwt_secret,
    )


def load_token_key(data: Path) -> str:
    """The key that seals the channels' tokens, drawn once and kept in `data` for its owner only."""
    return kept_text(data / KEY_FILE, lambda: f"{new_local_key()}\n").strip()


def password_hash(password: str) -> str:
    """The argon2id hash of `password`, as `ADMIN_PASSWORD_HASH` takes it."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def _kept(data: Path) -> Credentials:
    path = data / FILE_NAME
    try:
        return Credentials(**json.loads(kept_text(path, _drawn)))
    except (ValueError, TypeError):
        path.unlink(missing_ok=True)
        return Credentials(**json.loads(kept_text(path, _drawn)))


def _drawn() -> str:
    fresh = Credentials(DEFAULT_USERNAME, secrets.token_urlsafe(12), secrets.token_urlsafe(48))
    return json.dumps(asdict(fresh), indent=2) + "\n"


def kept_text(path: Path, draw: Callable[[], str]) -> str:
    """What the file holds; where there is none it gets what `draw` gives, for its owner only.

    Two processes that begin at once read the same.
    """
    if not path.exists():
        drawn = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        write_private(drawn, draw())
        # A link is refused where the name is taken, so that whoever comes second takes what is there.
        with contextlib.suppress(FileExistsError):
            os.link(drawn, path)
        drawn.unlink()
    return path.read_text(encoding="utf-8")


def write_private(path: Path, text: str) -> None:
    """Write a file anew that its owner alone may read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    # Created with its final mode: between open and chmod another user could read it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
