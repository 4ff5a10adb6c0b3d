"""Sends the calls that read and write items, past what botocore does for every service alike.

Of a call by botocore's client two thirds are spent on describing the program that calls, on checking and
copying parameters by the service's model, on its signer and on three layers of HTTP. Here the codec's JSON is
the body as it is, and the answer's JSON is the answer. Endpoint, credentials, time limits, the rules of
repeating a call and the errors stay the client's, and so do its events: who listens to a call, or answers it,
does so as ever.
"""

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit
from uuid import UUID

from .connections import HttpAnswer
from .exchanges import exchange_of, prepared
from .requests_building import body_of
from .signing import Credentials, signed_headers

if TYPE_CHECKING:
    from botocore.model import OperationModel, StructureShape
    from botocore.session import Session
    from mypy_boto3_dynamodb.client import DynamoDBClient

Parameters = dict[str, Any]
# As botocore's events hand it on: what came over the wire, and what it says.
Answered = tuple[HttpAnswer, dict[str, Any]]

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: its operation as botocore names and models it, and what goes with all of its attempts."""

    name: str
    model: "OperationModel"
    request: dict[str, Any]


class Sender:
    """Sends through the events of a client, with the credentials of its session."""

    def __init__(self, client: "DynamoDBClient", session: "Session") -> None:
        self._client, self._session = client, session
        self._exchange = exchange_of(client, session)
        meta = client.meta
        self._events: Any = meta.events
        self._region, self._url = meta.region_name, whole_url(meta.endpoint_url)
        self._attempts = meta.config.retries["total_max_attempts"]  # type: ignore[attr-defined]
        parts = urlsplit(self._url)
        self._path = quote(parts.path, safe="/~%")
        self._signed = {
            "content-type": "application/x-amz-json-1.0",
            "host": _host(parts.scheme, parts.hostname or "", parts.port),
        }
        self._unsigned = {
            "user-agent": meta.config.user_agent,  # type: ignore[attr-defined]
            "accept-encoding": "identity",
        }

    def send(self, operation: str, parameters: Parameters) -> dict[str, Any]:
        """The answer to one operation, named as the client's method.

        Raises botocore's ClientError for a refusal and BotoCoreError where there was no answer.
        """
        meta = self._client.meta
        name = meta.method_to_api_mapping[operation]
        model = meta.service_model.operation_model(name)
        context: dict[str, Any] = {"client_config": meta.config, "retries": {}}
        self._emit("before-parameter-build", name, params=parameters, model=model, context=context)
        request = {"url": self._url, "headers": {}, "body": body_of(parameters), "context": context}
        # Who answers here spares the engine the call.
        _, answered = self._events.emit_until_response(
            f"before-call.dynamodb.{name}", model=model, params=request, context=context
        )
        http, parsed = answered or self._settled(_Call(name, model, request))
        self._emit("after-call", name, http_response=http, parsed=parsed, model=model, context=context)
        if http.status_code >= 300:
            kinds: Any = self._client.exceptions
            raise kinds.from_code(parsed.get("Error", {}).get("Code"))(parsed, name)
        return cast("dict[str, Any]", parsed)

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    def _emit(self, event: str, name: str, /, **about: Any) -> Any:
        """What the first of the event's handlers says that says anything."""
        said = self._events.emit(f"{event}.dynamodb.{name}", **about)
        return next((it for _, it in said if it is not None), None)

    def _settled(self, call: _Call) -> Answered:
        """The answer after as many attempts as the client's rules demand."""
        invocation = str(UUID(int=random.getrandbits(128), version=4))
        attempt = 1
        outcome = self._attempt(call, invocation, attempt)
        while (pause := self._pause(call, attempt, outcome)) is not None:
            time.sleep(pause)
            attempt += 1
            outcome = self._attempt(call, invocation, attempt)
        if isinstance(outcome, Exception):
            raise outcome
        outcome[1].setdefault("ResponseMetadata", {})["RetryAttempts"] = attempt - 1
        return outcome

    def _attempt(self, call: _Call, invocation: str, attempt: int) -> Answered | Exception:
        headers = self._headers(call, invocation, attempt)
        body: bytes = call.request["body"]
        try:
            request = prepared(self._url, headers, body)
            http = self._emit("before-send", call.name, request=request)
            if http is None:
                http = self._exchange.exchange(headers, body)
            return http, _parsed(http, call.model)
        except Exception as error:  # noqa: BLE001 - whether it is tried again is decided by the client's rules
            return error

    def _pause(self, call: _Call, attempt: int, outcome: Answered | Exception) -> float | None:
        """The seconds until the next attempt; None where there is none."""
        failed = outcome if isinstance(outcome, Exception) else None
        pause: float | bool | None = self._emit(
            "needs-retry",
            call.name,
            response=None if failed else outcome,
            endpoint=None,
            operation=call.model,
            attempts=attempt,
            caught_exception=failed,
            request_dict=call.request,
        )
        return None if pause is False else pause

    def _credentials(self) -> Credentials:
        from botocore.exceptions import NoCredentialsError

        found = self._session.get_credentials()
        if found is None:
            raise NoCredentialsError
        return cast("Credentials", found.get_frozen_credentials())

    def _headers(self, call: _Call, invocation: str, attempt: int) -> dict[str, str]:
        signed = signed_headers(
            {**self._signed, "x-amz-target": f"DynamoDB_20120810.{call.name}"},
            call.request["body"],
            credentials=self._credentials(),
            region=self._region,
            path=self._path,
        )
        return {
            **signed,
            **self._unsigned,
            "amz-sdk-invocation-id": invocation,
            "amz-sdk-request": f"attempt={attempt}; max={self._attempts}",
            # What others have added, as botocore does with the id of Lambda's trace.
            **call.request["headers"],
        }


def whole_url(endpoint: str) -> str:
    """An endpoint with the path that requests to it have."""
    return endpoint if urlsplit(endpoint).path else f"{endpoint}/"


def _host(scheme: str, host: str, port: int | None) -> str:
    named = f"[{host}]" if ":" in host else host
    return named if port is None or port == _DEFAULT_PORTS.get(scheme) else f"{named}:{port}"


def _parsed(http: Any, model: "OperationModel") -> dict[str, Any]:
    """What an answer says; HTTPClientError, which is tried again, for one that arrived damaged."""
    if http.status_code >= 300:
        return _refusal(http, model)
    try:
        parsed: dict[str, Any] = json.loads(http.content)
    except ValueError as error:
        from botocore.exceptions import HTTPClientError

        raise HTTPClientError(error=error) from error
    parsed["ResponseMetadata"] = {
        "RequestId": http.headers.get("x-amzn-requestid", ""),
        "HTTPStatusCode": http.status_code,
    }
    return parsed


def _refusal(http: Any, model: "OperationModel") -> dict[str, Any]:
    """A refusal in the form that botocore gives it, with the fields that its kind has."""
    from botocore.parsers import create_parser

    parser = create_parser(model.service_model.resolved_protocol)
    answer: Mapping[str, Any] = {
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
