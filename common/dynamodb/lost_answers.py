"""Knows of each call whether an earlier attempt of it may have been carried out without anybody hearing.

botocore sends again by itself when an answer is lost. Only a refusal (4xx) and a connection that never
stood prove that nothing was done: after a timeout, a broken connection, an answer of 5xx or one that
arrived damaged, the write may be in the table.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# Where botocore's own notes on an answer stand, and the note that is added to them.
_METADATA, _NOTE = "ResponseMetadata", "AnswerLost"


def note_lost_answers(client: "DynamoDBClient") -> None:
    """Make the client note with each answer whether it is the repetition of a lost one."""
    client.meta.events.register("needs-retry.dynamodb", _note)


def repeats_lost_answer(response: Mapping[str, Any]) -> bool:
    """Whether an answer, or a ClientError's `response`, came after an attempt whose answer was lost."""
    return bool((response.get(_METADATA) or {}).get(_NOTE))


def _note(
    request_dict: dict[str, Any],
    response: tuple[Any, dict[str, Any]] | None,
    caught_exception: Exception | None,
    **_: object,
) -> None:
    # What stands in the context goes with the request from one attempt to the next.
    context = request_dict["context"]
    if response is not None and context.get(_NOTE):
        response[1].setdefault(_METADATA, {})[_NOTE] = True
    if not _did_nothing(response, caught_exception):
        context[_NOTE] = True


def _did_nothing(response: tuple[Any, dict[str, Any]] | None, error: Exception | None) -> bool:
    from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError

    if response is None:
        return isinstance(error, ConnectTimeoutError | EndpointConnectionError | ProxyConnectionError)
    status: int = response[0].status_code
    return 400 <= status < 500
