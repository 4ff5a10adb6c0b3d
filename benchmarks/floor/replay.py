"""Records what one request sends to DynamoDB, and sends it again: by a bare client, and by bare HTTP."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore import xform_name

from common.dynamodb import get_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_CALL = "before-parameter-build.dynamodb"
_SENT = "before-send.dynamodb"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as its bytes were: headers, signature among them, and body."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Recording:
    """What one request sent: its calls as (method of the client, parameters), and as they went out."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def of(self, known: str, other: str) -> "Recording":
        """The same of another row, whose name is as long: `other` wherever `known` stands."""
        calls = [(name, json.loads(json.dumps(it).replace(known, other))) for name, it in self.calls]
        body = [Sent(it.headers, it.body.replace(known.encode(), other.encode())) for it in self.sent]
        return Recording(calls, body)


@contextmanager
def recorded() -> Iterator[Recording]:
    """What is sent within the block, as it is added to the answered recording."""
    recording = Recording()

    def keep_call(params: Mapping[str, Any], model: Any, **_: object) -> None:
        recording.calls.append((xform_name(model.name), deepcopy(dict(params))))

    def keep_request(request: Any, **_: object) -> None:
        recording.sent.append(Sent({name: _text(it) for name, it in request.headers.items()}, request.body))

    events = get_client().meta.events
    events.register_first(_CALL, keep_call)
    events.register_first(_SENT, keep_request)
    try:
        yield recording
    finally:
        events.unregister(_CALL, keep_call)
        events.unregister(_SENT, keep_request)


def bare_client() -> "DynamoDBClient":
    """boto3's own client for the same engine, with nothing set."""
    import boto3

    return boto3.client("dynamodb", endpoint_url=os.environ["DYNAMODB_ENDPOINT"])


def by_client(client: "DynamoDBClient", recording: Recording) -> Callable[[], object]:
    """Makes the calls one after the other, and writes each answer as JSON."""

    def ask() -> None:
        for name, parameters in recording.calls:
            json.dumps(getattr(client, name)(**parameters))

    return ask


class Wire:
    """A connection to the engine that stays open."""

    def __init__(self) -> None:
        endpoint = urlsplit(os.environ["DYNAMODB_ENDPOINT"])
        self._connection = HTTPConnection(endpoint.hostname or "", endpoint.port)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def asker(self, sent: Sequence[Sent]) -> Callable[[], object]:
        """Sends the same bytes one after the other, and reads each answer to its end.

        RuntimeError for an answer other than 200.
        """

        def ask() -> None:
            for it in sent:
                self._connection.request("POST", "/", it.body, it.headers)
                answer = self._connection.getresponse()
                text = answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"the engine answered {answer.status}: {text.decode()}")

        return ask


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
