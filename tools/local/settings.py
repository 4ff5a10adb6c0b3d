"""What `artshop run` is told by the environment, and what it tells the app in turn."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tools.engines.ministack import KEYS
from tools.errors import ToolError
from tools.local.credentials import Credentials, password_hash

DEFAULT_PORT = 8000
DEFAULT_ORIGINS = "http://localhost:3000,http://localhost:3001,http://localhost:5173"
DEFAULT_BUCKET = "artshop-media"
MAIL_FOLDER = "mail"
# A key of AWS's must not be sent to the engines.
ENGINE_ACCESS = {
    **KEYS,
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
# They would go before the keys and the region that belong to the local engine.
FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class BadSettings(ToolError):
    """A setting cannot be used."""


@dataclass(frozen=True)
class Engines:
    """Where tables and objects are kept.

    `embedded_tables` and `embedded_objects` say what the embedded engine is for; `is_local` is True
    when everything is on this machine, so that table, bucket and demo data may be created.
    """

    embedded_tables: bool
    embedded_objects: bool
    is_local: bool

    @property
    def needs_embedded(self) -> bool:
        """True when the embedded engine has to be started."""
        return self.embedded_tables or self.embedded_objects


def read_port(environ: Mapping[str, str]) -> int:
    """`PORT`, default 8000; BadSettings unless it is a number from 1 to 65535."""
    text = environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 65535:
        raise BadSettings(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def plan_engines(environ: Mapping[str, str]) -> Engines:
    """Which engines are used: the caller's endpoints where they are set, the embedded engine otherwise.

    A DynamoDB on this machine alone (DynamoDB Local) has no S3 beside it: the embedded engine then
    keeps the objects.
    """
    tables = _first(environ, "DYNAMODB_ENDPOINT", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL")
    objects = _first(environ, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
    embedded_tables = not tables and (not objects or _is_loopback(objects))
    embedded_objects = not objects and (not tables or _is_loopback(tables))
    is_local = (embedded_tables or _is_loopback(tables)) and (embedded_objects or _is_loopback(objects))
    return Engines(embedded_tables, embedded_objects, is_local)


def leave_account(environ: MutableMapping[str, str]) -> None:
    """Take away what would lead past the engines of this machine, to the caller's account at AWS."""
    for name in FOREIGN:
        environ.pop(name, None)
    # Here or in the caller's file of settings, true would have botocore pass over every engine's address.
    environ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false"


def check_media_urls(environ: Mapping[str, str]) -> None:
    """BadSettings unless `MEDIA_URLS`, which says how pictures are addressed, is a value that it can have."""
    if (text := environ.get("MEDIA_URLS", "").strip()) not in {"", "absolute", "relative"}:
        raise BadSettings(f"MEDIA_URLS must be absolute or relative, not {text!r}.")


def app_environment(
    environ: Mapping[str, str], engines: Engines, port: int, credentials: Credentials, data: Path
) -> dict[str, str]:
    """The variables that the app needs and `environ` lacks; the engine's endpoint is not among them.

    Mail is written into a folder of `data`, for `/mail` to show.
    """
    added = {
        "ENVIRONMENT": "development",
        "CORS_ALLOWED_ORIGINS": environ.get("ALLOWED_ORIGINS", "").strip() or DEFAULT_ORIGINS,
        "MEDIA_BASE_URL": environ.get("CDN_URL", "") or f"http://localhost:{port}/media",
        "SHOP_URL": f"http://localhost:{port}",
        "STOREFRONT_URL": "http://localhost:3000",
    }
    if engines.is_local:
        added |= {"S3_BUCKET_NAME": DEFAULT_BUCKET, **_mail(data)}
    if engines.is_local and not engines.needs_embedded:
        added |= ENGINE_ACCESS
    missing = {name: value for name, value in added.items() if not environ.get(name)}
    if engines.needs_embedded:
        # Not the caller's: the engine keeps the data apart by key and region.
        missing |= ENGINE_ACCESS
    return missing | sign_in(environ, credentials)


def _mail(data: Path) -> dict[str, str]:
    """Who writes to whom on this machine, where no mail leaves it."""
    return {
        "MAIL_FROM": "The art shop <shop@example.com>",
        "MAIL_ARTIST": "artist@example.com",
        "MAIL_TRANSPORT": "folder",
        "MAIL_FOLDER": str(data / MAIL_FOLDER),
    }


def sign_in(environ: Mapping[str, str], credentials: Credentials) -> dict[str, str]:
    """The variables by which the artist signs in; a hash that `environ` gives without a password stays."""
    variables = {"ADMIN_USERNAME": credentials.username, "JWT_SECRET": credentials.jwt_secret}
    if environ.get("ADMIN_PASSWORD") or not environ.get("ADMIN_PASSWORD_HASH"):
        variables["ADMIN_PASSWORD_HASH"] = password_hash(credentials.password)
    return variables


def _first(environ: Mapping[str, str], *names: str) -> str:
    return next((environ[name] for name in names if environ.get(name)), "")


def _is_loopback(endpoint: str) -> bool:
    return (urlsplit(endpoint).hostname or "") in LOOPBACK
