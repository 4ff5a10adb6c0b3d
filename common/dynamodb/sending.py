"""Sends the calls that read and write items, past what botocore does for every service alike.

Of a call by botocore's client two thirds are spent on describing the program that calls, on checking and
copying parameters by the service's model, on its signer and on three layers of HTTP. Here the codec's JSON is
the body as it is, and the answer's JSON is the answer. Time limits, the rules of repeating a call and the
errors stay the client's, and so do its events: who listens to a call, or answers it, does so as ever.

Where no client has been made nobody listens, and a call that succeeds at once needs none: what else comes of
its first attempt goes by the client's rules, and it is made then.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from .connections import HttpAnswer
from .exchanges import prepared
from .posting import Poster, is_whole, new_invocation, read_success, traced
from .requests_building import body_of

if TYPE_CHECKING:
    from botocore.model import OperationModel, StructureShape
    from mypy_boto3_dynamodb.client import DynamoDBClient

Parameters = dict[str, Any]
# As botocore's events hand it on: what came over the wire, and what it says.
Answered = tuple[HttpAnswer, dict[str, Any]]
# What came of an attempt over the wire.
Came = HttpAnswer | Exception


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: its operation as botocore names and models it, and what goes with all of its attempts."""

    name: str
    model: "OperationModel"
    request: dict[str, Any]
    invocation: str


class Sender:
    """Sends by a poster; `made` answers the client where there is one, `make` in any case."""

    def __init__(
        self,
        poster: Poster,
        made: Callable[[], "DynamoDBClient | None"],
        make: Callable[[], "DynamoDBClient"],
    ) -> None:
        self._poster, self._made, self._make = poster, made, make

    def send(self, operation: str, parameters: Parameters) -> dict[str, Any]:
        """The answer to one operation, named as the client's method.

        Raises botocore's ClientError for a refusal and BotoCoreError where there was no answer.
        """
        name = "".join(part.title() for part in operation.split("_"))
        invocation = new_invocation()
        client = self._made()
        if client is not None:
            return self._by_rules(client, name, parameters, invocation, None)
        came = self._first(name, parameters, invocation)
        if isinstance(came, dict):
            return came
        return self._by_rules(self._make(), name, parameters, invocation, came)

    def close(self) -> None:
        """Close the connections."""
        self._poster.close()

    def _first(self, name: str, parameters: Parameters, invocation: str) -> dict[str, Any] | Came:
        """What the answer says where the first attempt succeeds, else what came of it."""
        body = body_of(parameters)
        headers = self._poster.headers(name, body, invocation, 1) | traced()
        try:
            answer = self._poster.post(headers, body)
        except Exception as error:  # noqa: BLE001 - whether it is tried again is decided by the client's rules
            return error
        if answer.status_code != 200 or not is_whole(answer):
            return answer
        try:
            return read_success(answer)
        except ValueError:
            return answer

    def _by_rules(
        self, client: "DynamoDBClient", name: str, parameters: Parameters, invocation: str, came: Came | None
    ) -> dict[str, Any]:
        """The answer by the client's rules, in sight of who listens; `came` is what a first attempt did."""
        model, events = client.meta.service_model.operation_model(name), _Events(client, name)
        context: dict[str, Any] = {"client_config": client.meta.config, "retries": {}}
        events.tell("before-parameter-build", params=parameters, model=model, context=context)
        request = {"url": self._poster.url, "headers": {}, "body": body_of(parameters), "context": context}
        # Who answers here spares the engine the call.
        answered = events.ask("before-call", model=model, params=request, context=context)
        http, parsed = answered or self._settled(events, _Call(name, model, request, invocation), came)
        events.tell("after-call", http_response=http, parsed=parsed, model=model, context=context)
        if http.status_code >= 300:
            kinds: Any = client.exceptions
            raise kinds.from_code(parsed.get("Error", {}).get("Code"))(parsed, name)
        return cast("dict[str, Any]", parsed)

    def _settled(self, events: "_Events", call: _Call, came: Came | None) -> Answered:
        """The answer after as many attempts as the client's rules demand."""
        attempt = 1
        outcome = _read(self._attempt(events, call, attempt) if came is None else came, call.model)
        while (pause := _pause(events, call, attempt, outcome)) is not None:
            time.sleep(pause)
            attempt += 1
            outcome = _read(self._attempt(events, call, attempt), call.model)
        if isinstance(outcome, Exception):
            raise outcome
        outcome[1].setdefault("ResponseMetadata", {})["RetryAttempts"] = attempt - 1
        return outcome

    def _attempt(self, events: "_Events", call: _Call, attempt: int) -> Came:
        body: bytes = call.request["body"]
        # What others have added goes with it, as Lambda's trace does.
        headers = self._poster.headers(call.name, body, call.invocation, attempt) | call.request["headers"]
        try:
            answer = events.tell("before-send", request=prepared(self._poster.url, headers, body))
            return cast("HttpAnswer", answer) if answer is not None else self._poster.post(headers, body)
        except Exception as error:  # noqa: BLE001 - whether it is tried again is decided by the client's rules
            return error


@dataclass(frozen=True, slots=True)
class _Events:
    """The events of a client that are about one operation."""

    client: "DynamoDBClient"
    name: str

    def tell(self, event: str, **about: Any) -> Any:
        """Tell all who listen; what the first of them says that says anything."""
        events: Any = self.client.meta.events
        said = events.emit(f"{event}.dynamodb.{self.name}", **about)
        return next((it for _, it in said if it is not None), None)

    def ask(self, event: str, **about: Any) -> Any:
        """Tell one after the other until one answers; None when nobody does."""
        events: Any = self.client.meta.events
        return events.emit_until_response(f"{event}.dynamodb.{self.name}", **about)[1]


def _pause(events: _Events, call: _Call, attempt: int, outcome: Answered | Exception) -> float | None:
    """The seconds until the next attempt; None where there is none."""
    failed = outcome if isinstance(outcome, Exception) else None
    pause: float | bool | None = events.tell(
        "needs-retry",
        response=None if failed else outcome,
        endpoint=None,
        operation=call.model,
        attempts=attempt,
        caught_exception=failed,
        request_dict=call.request,
    )
    return None if pause is False else pause


def _read(came: Came, model: "OperationModel") -> Answered | Exception:
    """What an answer says; HTTPClientError, which is tried again, for one that arrived damaged."""
    if isinstance(came, Exception):
        return came
    if came.status_code >= 300:
        return came, _refusal(came, model)
    try:
        return came, read_success(came)
    except ValueError as error:
        from botocore.exceptions import HTTPClientError

        return HTTPClientError(error=error)


def _refusal(http: HttpAnswer, model: "OperationModel") -> dict[str, Any]:
    """A refusal in the form that botocore gives it, with the fields that its kind has."""
    from botocore.parsers import create_parser

    # What was asked in JSON is answered in it, whatever protocol a botocore of the runtime prefers.
    parser = create_parser("json")
    answer: dict[str, Any] = {
        "headers": http.headers,
        "status_code": http.status_code,
        "body": http.content,
        "context": {"operation_name": model.name},
    }
    parsed: dict[str, Any] = parser.parse(answer, cast("StructureShape", model.output_shape))
    kind = model.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code"))
    if kind is not None:
        parsed.update(parser.parse(answer, kind))
    return parsed
