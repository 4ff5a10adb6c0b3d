"""The one DynamoDB client of the process, and the one function that sends through it."""

import re
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from common import config
from common.errors import PayloadTooLarge

from .lost_answers import note_lost_answers
from .meter import READS, WRITES, record
from .patience import wait_with_patience

if TYPE_CHECKING:
    from botocore.session import Session
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from .sending import Sender
    from .surroundings import Surroundings

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 5
# The first attempt included: 3 x (2 s + 5 s) and the waits between stay below API Gateway's 29 s.
TOTAL_ATTEMPTS = 3
# As many as threads of one tool send at once; only what is used is opened.
MOST_CONNECTIONS = 32

_METERED = READS | WRITES

# The engines agree on these words only, not on a code: a put, an update and a transaction differ.
_OVERSIZED = re.compile(r"item size .*exceeded", re.IGNORECASE)
_lock = Lock()
_client: "DynamoDBClient | None" = None
_sender: "Sender | None" = None


class ItemTooLarge(PayloadTooLarge):
    """An item would be larger than the 400 KB that DynamoDB holds; nothing was written."""

    def __init__(self) -> None:
        super().__init__("There is too much in one entry: texts and lists together may take 400 KB")


def get_client() -> "DynamoDBClient":
    """The client, built at the first use: for tables, and for who listens to the calls or answers them.

    The engine is `DYNAMODB_ENDPOINT`, else what botocore finds (`AWS_ENDPOINT_URL`, or AWS itself).
    """
    global _client  # noqa: PLW0603 - one client per process keeps its connections between requests
    if _client is None:
        with _lock:
            if _client is None:
                _client = _build()
    return _client


def reset_client() -> None:
    """Forget the client, so that the next call reads the environment again."""
    global _client, _sender  # noqa: PLW0603 - the counterpart of get_client and _get_sender
    with _lock:
        for it in (_client, _sender):
            if it is not None:
                it.close()
        _client = _sender = None


def call(operation: str, **parameters: Any) -> dict[str, Any]:
    """Send one operation, named as the client's method (`get_item`), and return its answer.

    Raises ItemTooLarge, botocore's ClientError when the service refuses for another reason, and
    BotoCoreError when it cannot be reached.
    """
    if operation in _METERED:
        parameters["ReturnConsumedCapacity"] = "TOTAL"
    response: dict[str, Any] = {}
    try:
        if operation in _METERED:
            response = _get_sender().send(operation, parameters)
        else:
            response = getattr(get_client(), operation)(**parameters)
    except Exception as error:
        if _OVERSIZED.search(_explanation(error)):
            raise ItemTooLarge from error
        raise
    finally:
        record(operation, response)
    return response


def _explanation(error: Exception) -> str:
    # botocore's connection errors have a response as well, which is None.
    response: dict[str, Any] = getattr(error, "response", None) or {}
    reasons = response.get("CancellationReasons", ())
    return "\n".join([str(error), *(reason.get("Message", "") for reason in reasons)])


def _get_sender() -> "Sender":
    global _sender  # noqa: PLW0603 - its connections stay open between requests, as the client's do
    if _sender is None:
        from .surroundings import of_client, of_lambda

        # Before the lock, which making a client takes as well.
        found = of_lambda() or of_client(get_client(), _session())
        with _lock:
            if _sender is None:
                _sender = _build_sender(found)
    return _sender


def _made() -> "DynamoDBClient | None":
    return _client


@cache
def _session() -> "Session":
    # One for the process, as boto3 has one: it keeps what it has read of the service, and the credentials.
    from botocore.session import Session

    return Session()


def _build() -> "DynamoDBClient":
    from botocore.config import Config

    client: DynamoDBClient = _session().create_client(  # type: ignore[assignment]
        "dynamodb",
        region_name=config.region(),
        endpoint_url=config.dynamodb_endpoint(),
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            max_pool_connections=MOST_CONNECTIONS,
            retries={"mode": "standard", "total_max_attempts": TOTAL_ATTEMPTS},
        ),
    )
    note_lost_answers(client)
    wait_with_patience(client)
    return client


def _build_sender(surroundings: "Surroundings") -> "Sender":
    from .exchanges import exchange_of
    from .posting import Poster
    from .sending import Sender

    exchange = exchange_of(
        surroundings.endpoint,
        bundle=surroundings.bundle,
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        most=MOST_CONNECTIONS,
    )
    return Sender(Poster(surroundings, exchange, TOTAL_ATTEMPTS), made=_made, make=get_client)
