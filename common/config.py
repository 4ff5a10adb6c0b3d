"""Settings and secrets, read from the environment when they are asked for."""

import json
import os
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DEVELOPMENT = "development"
PRODUCTION = "production"

# The storefront's two development servers.
DEVELOPMENT_ORIGINS = ("http://localhost:3000", "http://localhost:5173")

DEFAULT_TABLE = "ArtManagementTable"
DEFAULT_REGION = "eu-west-1"
DEFAULT_SERVICE = "artshop"
LOG_LEVELS = ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL")
DEFAULT_BUCKET = "art-images-dev"
DEFAULT_VIES = "https://ec.europa.eu/taxation_customs/vies/rest-api"
DEFAULT_TIME_ZONE = "Europe/Rome"
DEFAULT_PRODUCT_PATH = "/it/shop/{slug}"
LARGEST_IN_MEMORY = 100_000

_fetched: dict[tuple[str, str], str] = {}


class ConfigurationError(RuntimeError):
    """A setting is missing or unusable; the text is for the operator, never for a caller."""


def setting(name: str, default: str = "") -> str:
    """The environment variable `name` without surrounding blanks; `default` where unset or empty."""
    return os.environ.get(name, "").strip() or default


def environment() -> str:
    """`ENVIRONMENT` in lower case; unset means production inside Lambda, development elsewhere."""
    inside_lambda = bool(os.environ.get("AWS_LAMBDA_FUNCTION_NAME"))
    return setting("ENVIRONMENT", PRODUCTION if inside_lambda else DEVELOPMENT).lower()


def is_development() -> bool:
    """True where weak keys and the local storefront's origins are accepted."""
    return environment() == DEVELOPMENT


def region() -> str:
    """The AWS region, such as `eu-west-1`."""
    return setting("AWS_REGION") or setting("AWS_DEFAULT_REGION", DEFAULT_REGION)


def table_name() -> str:
    """The one table of this deployment: `DYNAMODB_TABLE_NAME`, else `DYNAMODB_TABLE`."""
    return setting("DYNAMODB_TABLE_NAME") or setting("DYNAMODB_TABLE", DEFAULT_TABLE)


def dynamodb_endpoint() -> str | None:
    """Where DynamoDB answers (`DYNAMODB_ENDPOINT`); None for wherever boto3 finds it."""
    return setting("DYNAMODB_ENDPOINT") or None


def service_name() -> str:
    """Whose lines those of the log are: `SERVICE_NAME`, default artshop."""
    return setting("SERVICE_NAME", DEFAULT_SERVICE)


def log_level() -> str:
    """From which level on lines are logged: `LOG_LEVEL`, default INFO. ConfigurationError for no level."""
    level = setting("LOG_LEVEL", "INFO").upper()
    if level not in LOG_LEVELS:
        raise ConfigurationError(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {level!r}")
    return level


def refuse_other_storage() -> None:
    """ConfigurationError where a setting asks for the data to be kept elsewhere than in DynamoDB.

    What was meant for PostgreSQL, for files or for this process's memory alone is not written to a table.
    """
    mode = setting("STORAGE_MODE", "dynamodb")
    if mode.lower() != "dynamodb":
        raise ConfigurationError(f"STORAGE_MODE must be dynamodb, which is all that there is, not {mode!r}")
    in_memory = setting("USE_IN_MEMORY_DYNAMODB", "false")
    if in_memory.lower() not in {"false", "0", "no"}:
        raise ConfigurationError(
            f"USE_IN_MEMORY_DYNAMODB must be false, not {in_memory!r}: make run serves an engine of its own"
        )


def secret(name: str, default: str | None = None) -> str:
    """The secret `name`: its environment variable, else AWS Secrets Manager or SSM Parameter Store.

    `<NAME>_SECRET_ID` names the secret (plain text, or a JSON object with a field `name`) and
    `<NAME>_PARAMETER` the parameter. What AWS answers is kept for the life of the process.
    Without any of them, or when nothing is stored under that name, the answer is `default`; without that
    too, ConfigurationError.
    """
    value = setting(name) or stored_secret(name)
    if value:
        return value
    if default is None:
        raise ConfigurationError(f"{name} is not set: give {name}, {name}_SECRET_ID or {name}_PARAMETER")
    return default


def stored_secret(name: str) -> str:
    """The secret `name` as AWS stores it, whatever its environment variable holds; empty where none is."""
    secret_id, parameter = setting(f"{name}_SECRET_ID"), setting(f"{name}_PARAMETER")
    if not secret_id and not parameter:
        return ""
    place = (name, secret_id or parameter)
    if place not in _fetched:
        _fetched[place] = _read_secret(name, secret_id, parameter)
    return _fetched[place]


def forget_secrets() -> None:
    """Drop what was fetched from AWS, so that the next use fetches it again."""
    _fetched.clear()


def forget_secret(name: str) -> bool:
    """Drop what was fetched for the secret `name`; whether there was anything to drop."""
    places = [place for place in _fetched if place[0] == name]
    for place in places:
        _fetched.pop(place, None)
    return bool(places)


def cors_allowed_origins() -> frozenset[str]:
    """The origins that browsers may call from: `CORS_ALLOWED_ORIGINS`, separated by commas.

    Where that is not set, `ALLOWED_ORIGINS`. `*` and `null` are never among them. Development adds the
    storefront's local servers.
    """
    named = setting("CORS_ALLOWED_ORIGINS") or setting("ALLOWED_ORIGINS")
    listed = {origin.strip().rstrip("/") for origin in named.split(",")}
    if is_development():
        listed.update(DEVELOPMENT_ORIGINS)
    return frozenset(listed - {"", "*", "null"})


def bucket_name() -> str:
    """The S3 bucket that holds the images."""
    return setting("S3_BUCKET_NAME", DEFAULT_BUCKET)


def media_base_url() -> str:
    """Where stored objects are read, without a trailing slash: `MEDIA_BASE_URL`, `CDN_URL`, or the bucket."""
    configured = setting("MEDIA_BASE_URL") or setting("CDN_URL")
    return (configured or f"https://{bucket_name()}.s3.{region()}.amazonaws.com").rstrip("/")


def shop_url() -> str:
    """Where this API is reached by whoever follows a link in mail: `SHOP_URL`, without a trailing slash.

    ConfigurationError where it is not set.
    """
    url = setting("SHOP_URL").rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise ConfigurationError(f"SHOP_URL must be the address of this API, as https://..., not {url!r}")
    return url


def storefront_url() -> str:
    """Where people see the shop: `STOREFRONT_URL`, without a trailing slash; empty where it is not set.

    ConfigurationError for what is no address.
    """
    url = setting("STOREFRONT_URL").rstrip("/")
    if url and not url.startswith(("https://", "http://")):
        raise ConfigurationError(
            f"STOREFRONT_URL must be the storefront's address, as https://..., not {url!r}"
        )
    return url


def storefront_product_path() -> str:
    """Where below it a product is shown: `STOREFRONT_PRODUCT_PATH`, with `{slug}` in the product's place.

    ConfigurationError for a path without it.
    """
    path = setting("STOREFRONT_PRODUCT_PATH", DEFAULT_PRODUCT_PATH)
    if not path.startswith("/") or "{slug}" not in path:
        raise ConfigurationError(
            f"STOREFRONT_PRODUCT_PATH must be a path such as {DEFAULT_PRODUCT_PATH}, not {path!r}"
        )
    return path


def storefront_brand() -> str:
    """The brand of the shop's own products, for feeds: `STOREFRONT_BRAND`; empty where it has none."""
    return setting("STOREFRONT_BRAND")


def sitemaps_url() -> str:
    """Below which address the parts of a sitemap lie: `SHOP_URL`, else the storefront's."""
    return shop_url() if setting("SHOP_URL") else storefront_url()


def media_urls_are_relative() -> bool:
    """`MEDIA_URLS`: `absolute` (the default, below `media_base_url`) or `relative` (`/uploads/<key>`).

    ConfigurationError for anything else.
    """
    text = setting("MEDIA_URLS", "absolute")
    if text not in {"absolute", "relative"}:
        raise ConfigurationError(f"MEDIA_URLS must be absolute or relative, not {text!r}")
    return text == "relative"


def kept_documents_bytes() -> int:
    """How much memory a process gives to products that it keeps: `KEPT_DOCUMENTS_MB`, as bytes.

    Default an eighth of Lambda's memory, 64 MB elsewhere; 0 keeps none. ConfigurationError for no whole
    number up to 10,240, the largest memory of a function.
    """
    memory = setting("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
    text = setting("KEPT_DOCUMENTS_MB") or str(int(memory) // 8)
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= 10_240):
        raise ConfigurationError(f"KEPT_DOCUMENTS_MB must be a whole number from 0 to 10240, not {text!r}")
    return int(text) * 1024 * 1024


def tax_rate() -> Decimal:
    """`TAX_RATE` as a fraction from 0 to 1, such as 0.22; default 0. Otherwise ConfigurationError."""
    text = setting("TAX_RATE", "0")
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal(-1)
    if not (rate.is_finite() and 0 <= rate <= 1):
        raise ConfigurationError(f"TAX_RATE must be a fraction from 0 to 1, such as 0.22, not {text!r}")
    return rate


def asks_vies() -> bool:
    """Whether administrators may have VIES asked about VAT numbers: `VIES`, `on` or `off` (the default).

    ConfigurationError for another word.
    """
    text = setting("VIES", "off")
    if text not in {"on", "off"}:
        raise ConfigurationError(f"VIES must be on or off, not {text!r}")
    return text == "on"


def vies_url() -> str:
    """Where VIES answers: `VIES_URL`, without a trailing slash; default the European Commission's service."""
    return setting("VIES_URL", DEFAULT_VIES).rstrip("/")


def shop_time_zone() -> "ZoneInfo":
    """The zone that dates without one are in: `SHOP_TIME_ZONE`, an IANA name; default Europe/Rome.

    ConfigurationError for a name that is none.
    """
    # Imported by the requests that hold a date; few do.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    name = setting("SHOP_TIME_ZONE", DEFAULT_TIME_ZONE)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"SHOP_TIME_ZONE must be a time zone such as {DEFAULT_TIME_ZONE}, not {name!r}"
        ) from error


def catalogue_snapshot() -> bool:
    """Whether the catalogue's snapshot is written to the bucket and read from it: `CATALOGUE_SNAPSHOT`.

    `on` or `off`; by default on where `S3_BUCKET_NAME` names a bucket. ConfigurationError for another word.
    """
    text = setting("CATALOGUE_SNAPSHOT", "on" if setting("S3_BUCKET_NAME") else "off")
    if text not in {"on", "off"}:
        raise ConfigurationError(f"CATALOGUE_SNAPSHOT must be on or off, not {text!r}")
    return text == "on"


def catalogue_largest_in_memory() -> int:
    """Of how many products at most a process holds the index in its memory: `CATALOGUE_LARGEST_IN_MEMORY`.

    ConfigurationError for what is no whole number from 0.
    """
    text = setting("CATALOGUE_LARGEST_IN_MEMORY", str(LARGEST_IN_MEMORY))
    if not (text.isascii() and text.isdigit()):
        raise ConfigurationError(f"CATALOGUE_LARGEST_IN_MEMORY must be a whole number, not {text!r}")
    return int(text)


def _read_secret(name: str, secret_id: str, parameter: str) -> str:
    from botocore.exceptions import ClientError

    try:
        return _from_secrets_manager(name, secret_id) if secret_id else _from_ssm(parameter)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"ParameterNotFound", "ResourceNotFoundException"}:
            return ""
        raise


def _from_secrets_manager(name: str, secret_id: str) -> str:
    text = str(_aws("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])
    if not text.lstrip().startswith("{"):
        return text
    return str(json.loads(text).get(name, ""))


def _from_ssm(parameter: str) -> str:
    answer = _aws("ssm").get_parameter(Name=parameter, WithDecryption=True)
    return str(answer["Parameter"]["Value"])


def _aws(service: str) -> Any:
    import boto3
    from botocore.config import Config

    limits = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
    # Any: one function serves two services, and the stubs give each its own client type.
    return boto3.client(service, region_name=region(), config=limits)  # type: ignore[call-overload]
