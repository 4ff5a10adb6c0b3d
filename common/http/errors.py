"""Every exception becomes a JSON answer; what was not expected is logged and kept inside."""

import sys
from functools import cache

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ServiceConnectionError

from common.dynamodb import UnstorableValue
from common.errors import InvalidInput, NotSetUp, ShopError, Unavailable
from common.http.responses import Response
from common.logging import describe_exception, logger

# Codes by which DynamoDB, S3 and API Gateway's other services ask to come again later.
BUSY_CODES = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)

_UNAVAILABLE = "The shop cannot be reached right now; try again"


def to_response(error: Exception, request_id: str) -> Response:
    """The answer to any exception: its own text where it was meant for the caller, else a plain 500.

    The 500 carries `request_id`, under which the log holds the stack.
    """
    expected = _expected(error)
    if expected is None:
        logger().error("unexpected error", extra={"request_id": request_id, **describe_exception(error)})
        return Response({"error": "Internal server error", "request_id": request_id}, 500)
    if isinstance(expected, NotSetUp):
        _tell_once(expected.message, expected.reason)
    elif expected.status >= 500:
        logger().warning("unavailable", extra={"request_id": request_id, **describe_exception(error)})
    return Response({"error": expected.message, **expected.details}, expected.status, expected.headers)


@cache
def _tell_once(message: str, reason: str) -> None:
    # Once in each process: strangers who ask for what is not there must not fill the log.
    logger().warning("not set up", extra={"what": message, "reason": reason})


def _expected(error: Exception) -> ShopError | None:
    if isinstance(error, ShopError):
        return error
    if isinstance(error, UnstorableValue):
        return InvalidInput.of_field(error.path, error.reason) if error.path else InvalidInput(str(error))
    if isinstance(error, BotoCoreError | ClientError):
        return Unavailable(_UNAVAILABLE) if _is_passing(error) else None
    return _validation_error(error)


def _is_passing(error: BotoCoreError | ClientError) -> bool:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) in BUSY_CODES
    return isinstance(error, HTTPClientError | ServiceConnectionError)


def _validation_error(error: Exception) -> InvalidInput | None:
    # Only where marshmallow is loaded already can the error be one of its own.
    marshmallow = sys.modules.get("marshmallow")
    if marshmallow is None or not isinstance(error, marshmallow.ValidationError):
        return None
    from common.http.validation import to_invalid_input

    return to_invalid_input(error)
