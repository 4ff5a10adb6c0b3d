"""Where calls go and in whose name: as Lambda's environment says it, or as botocore finds it.

botocore's client takes longer to make than all else of a cold start: it reads files, rules and a model of the
service to answer questions that Lambda's environment answers by itself.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from common import config

from .signing import Credentials

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_dynamodb.client import DynamoDBClient

AGENT = "artshop"

# Regions whose endpoints have the common form; those of China and of governments have others.
_COMMON_REGION = re.compile(r"(af|ap|ca|eu|il|me|mx|sa|us)-(?!gov|iso)[a-z]+-\d")
# Whoever sets one of these wants something that botocore knows how to do.
_SPECIAL = re.compile(
    r"AWS_(ENDPOINT_URL.*|PROFILE|DEFAULT_PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE|USE_.*|CA_BUNDLE"
    r"|ACCOUNT_ID.*|CREDENTIAL_EXPIRATION|DEFAULTS_MODE)|REQUESTS_CA_BUNDLE|.*_PROXY",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The endpoint, its region, who asks, and certificates to go by instead of the usual ones.

    `credentials` answers those of the moment, None where there are none.
    """

    endpoint: str
    region: str
    agent: str
    credentials: Callable[[], Credentials | None]
    bundle: str | None = None


class _Keys(NamedTuple):
    access_key: str
    secret_key: str
    token: str | None


def of_lambda() -> Surroundings | None:
    """What Lambda's environment says; None outside of Lambda, and where a setting asks for more."""
    get = os.environ.get
    access_key, secret_key = get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")
    if not (get("AWS_LAMBDA_FUNCTION_NAME") and access_key and secret_key):
        return None
    if any(value and _SPECIAL.fullmatch(name) for name, value in os.environ.items()):
        return None
    region, endpoint = config.region(), config.dynamodb_endpoint()
    if endpoint is None and not _COMMON_REGION.fullmatch(region):
        return None
    # They are those of the process: Lambda starts another one before they expire.
    keys = _Keys(access_key, secret_key, get("AWS_SESSION_TOKEN") or None)
    return Surroundings(
        endpoint or f"https://dynamodb.{region}.amazonaws.com", region, AGENT, credentials=lambda: keys
    )


def of_client(client: "DynamoDBClient", session: "Session") -> Surroundings:
    """What botocore has found for a client."""
    settings: Any = client.meta.config
    bundle: str | None = session.get_config_variable("ca_bundle")
    return Surroundings(
        client.meta.endpoint_url,
        client.meta.region_name,
        settings.user_agent,
        partial(_frozen, session),
        bundle or os.environ.get("REQUESTS_CA_BUNDLE"),
    )


def _frozen(session: "Session") -> Credentials | None:
    # Asked anew each time, because those of a role are renewed before they expire.
    found = session.get_credentials()
    return cast("Credentials", found.get_frozen_credentials()) if found else None
