"""Every exception becomes a JSON answer; what was not expected is logged and kept inside."""

import sys
from functools import cache

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as ServiceConnectionError

from common import config
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

# Codes and errors by which credentials are missing, wrong or expired.
NO_ACCESS_CODES = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_NO_ACCESS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, ProfileNotFound)

# What an engine says that was started a moment ago, and what no engine would say.
_NOT_READY_CODES = frozenset({"ResourceNotFoundException", "NoSuchBucket"})

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
        hint = {"hint": _hint()} if _hint() else {}
        logger().warning("unavailable", extra={"request_id": request_id, **hint, **describe_exception(error)})
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
    if isinstance(error, BotoCoreError | ClientError) or _is_no_answer(error):
        is_away = _is_passing(error) or _has_no_access(error) or (bool(_hint()) and _is_no_engine(error))
        return Unavailable(_hint() or _UNAVAILABLE) if is_away else None
    return _validation_error(error)


def _hint() -> str:
    """What a developer's machine says instead (`STORAGE_HINT`): which command starts what does not answer."""
    return config.setting("STORAGE_HINT")


def _is_passing(error: Exception) -> bool:
    return _code(error) in BUSY_CODES or isinstance(error, HTTPClientError | ServiceConnectionError)


def _has_no_access(error: Exception) -> bool:
    return _code(error) in NO_ACCESS_CODES or isinstance(error, _NO_ACCESS)


def _is_no_engine(error: Exception) -> bool:
    """Whether another program answers at the engine's address, or an engine that is not prepared yet."""
    # Where an answer holds no code of AWS's, botocore takes the status for it.
    code = _code(error)
    return code in _NOT_READY_CODES or code.isdigit() or _is_no_answer(error)


def _is_no_answer(error: Exception) -> bool:
    """Whether what came back is no answer of AWS's."""
    # Only where the module is loaded, as with the first call, can the error be of it; it is a heavy one.
    parsers = sys.modules.get("botocore.parsers")
    return parsers is not None and isinstance(error, parsers.ResponseParserError)


def _code(error: Exception) -> str:
    if not isinstance(error, ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", ""))


def _validation_error(error: Exception) -> InvalidInput | None:
    # Only where marshmallow is loaded already can the error be one of its own.
    marshmallow = sys.modules.get("marshmallow")
    if marshmallow is None or not isinstance(error, marshmallow.ValidationError):
        return None
    from common.http.validation import to_invalid_input

    return to_invalid_input(error)
