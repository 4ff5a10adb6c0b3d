"""Posts the body of a call to the engine, signed, and reads what an answer says."""

import json
import os
import random
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID
from zlib import crc32

from .connections import HttpAnswer
from .exchanges import Exchange
from .signing import signed_headers
from .surroundings import Surroundings

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Poster:
    """Posts in the name of its surroundings; `attempts` is how many a call has in all."""

    def __init__(self, surroundings: Surroundings, exchange: Exchange, attempts: int) -> None:
        self.url = whole_url(surroundings.endpoint)
        self._surroundings, self._exchange, self._attempts = surroundings, exchange, attempts
        parts = urlsplit(self.url)
        self._path = quote(parts.path, safe="/~%")
        self._signed = {
            "content-type": "application/x-amz-json-1.0",
            "host": host_named(parts.scheme, parts.hostname or "", parts.port),
        }
        self._unsigned = {"user-agent": surroundings.agent, "accept-encoding": "identity"}

    def headers(self, operation: str, body: bytes, invocation: str, attempt: int) -> dict[str, str]:
        """The headers of one attempt of a call. Raises NoCredentialsError."""
        credentials = self._surroundings.credentials()
        if credentials is None:
            from botocore.exceptions import NoCredentialsError

            raise NoCredentialsError
        signed = signed_headers(
            {**self._signed, "x-amz-target": f"DynamoDB_20120810.{operation}"},
            body,
            credentials=credentials,
            region=self._surroundings.region,
            path=self._path,
        )
        return {
            **signed,
            **self._unsigned,
            "amz-sdk-invocation-id": invocation,
            "amz-sdk-request": f"attempt={attempt}; max={self._attempts}",
        }

    def post(self, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """The answer; raises botocore's errors of HTTP."""
        return self._exchange.exchange(headers, body)

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()


def new_invocation() -> str:
    """What the attempts of one call have in common; botocore draws it at more cost."""
    return str(UUID(int=random.getrandbits(128), version=4))


def traced() -> dict[str, str]:
    """The header by which AWS sees that one function calls another in circles; botocore adds it as well."""
    trace = os.environ.get("_X_AMZN_TRACE_ID")
    return {"X-Amzn-Trace-Id": quote(trace, safe="-=;:+&[]{}\"',")} if trace else {}


def is_whole(answer: HttpAnswer) -> bool:
    """Whether an answer arrived as the engine says that it sent it."""
    told = answer.headers.get("x-amz-crc32")
    return told is None or told == str(crc32(answer.content))


def read_success(answer: Any) -> dict[str, Any]:
    """What a success says. Raises ValueError when it is no JSON."""
    parsed: dict[str, Any] = json.loads(answer.content)
    parsed["ResponseMetadata"] = {
        "RequestId": answer.headers.get("x-amzn-requestid", ""),
        "HTTPStatusCode": answer.status_code,
        "RetryAttempts": 0,
    }
    return parsed


def whole_url(endpoint: str) -> str:
    """An endpoint with the path that requests to it have."""
    return endpoint if urlsplit(endpoint).path else f"{endpoint}/"


def host_named(scheme: str, host: str, port: int | None) -> str:
    """A host as it is named in a request: with its port where that is not the scheme's own."""
    named = f"[{host}]" if ":" in host else host
    return named if port is None or port == _DEFAULT_PORTS.get(scheme) else f"{named}:{port}"
