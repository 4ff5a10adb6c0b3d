"""The one DynamoDB client of the process, and the one function that sends through it."""

import os
from threading import Lock
from typing import TYPE_CHECKING, Any

from .meter import READS, WRITES, record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

DEFAULT_TABLE = "ArtManagementTable"
DEFAULT_REGION = "eu-west-1"
CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 5
# The first attempt included: 3 x (2 s + 5 s) and the waits between stay below API Gateway's 29 s.
TOTAL_ATTEMPTS = 3

_METERED = READS | WRITES
_lock = Lock()
_client: "DynamoDBClient | None" = None


def table_name() -> str:
    """The table of this deployment (`DYNAMODB_TABLE_NAME`)."""
    return os.environ.get("DYNAMODB_TABLE_NAME") or DEFAULT_TABLE


def get_client() -> "DynamoDBClient":
    """The client, built at the first use.

    The engine is `DYNAMODB_ENDPOINT`, else what boto3 finds (`AWS_ENDPOINT_URL`, or AWS itself).
    """
    global _client  # noqa: PLW0603 - one client per process keeps its connections between requests
    if _client is None:
        with _lock:
            if _client is None:
                _client = _build()
    return _client


def reset_client() -> None:
    """Forget the client, so that the next call reads the environment again."""
    global _client  # noqa: PLW0603 - the counterpart of get_client
    with _lock:
        if _client is not None:
            _client.close()
        _client = None


def call(operation: str, **parameters: Any) -> dict[str, Any]:
    """Send one operation, named as the client's method (`get_item`), and return its answer.

    Raises botocore's ClientError when the service refuses, BotoCoreError when it cannot be reached.
    """
    if operation in _METERED:
        parameters["ReturnConsumedCapacity"] = "TOTAL"
    response: dict[str, Any] = {}
    try:
        response = getattr(get_client(), operation)(**parameters)
    finally:
        record(operation, response)
    return response


def _build() -> "DynamoDBClient":
    import boto3
    from botocore.config import Config

    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
    return boto3.client(
        "dynamodb",
        region_name=region,
        endpoint_url=os.environ.get("DYNAMODB_ENDPOINT") or None,
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"mode": "standard", "total_max_attempts": TOTAL_ATTEMPTS},
        ),
    )
