"""HTTP requests to the events that API Gateway REST hands to Lambda (payload 1.0)."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4


@dataclass(frozen=True)
class Match:
    """A route's pattern and what its variable parts were, as written in the URL."""

    pattern: str
    variables: dict[str, str]


class RouteTable:
    """Finds the pattern of a path; a written part goes before a variable one."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = sorted((pattern.split("/") for pattern in patterns), key=_variables_last)

    def match(self, path: str) -> Match | None:
        """The match of `path`; as on API Gateway one slash at the end does not count."""
        parts = path.removesuffix("/").split("/") if path != "/" else ["", ""]
        for pattern in self._patterns:
            variables = _variables(pattern, parts)
            if variables is not None:
                return Match("/".join(pattern), variables)
        return None


def build_event(
    method: str,
    target: str,
    headers: Message,
    body: bytes,
    match: Match,
    source_ip: str,
    binary_types: Sequence[str],
) -> dict[str, Any]:
    """The event of a request for `target` (path and query as sent) whose route is `match`."""
    url = urlsplit(target)
    query = parse_qs(url.query, keep_blank_values=True)
    text, is_base64 = _encode_body(body, headers.get_content_type(), binary_types)
    several: dict[str, list[str]] = {}
    for name, value in headers.items():
        several.setdefault(name, []).append(value)
    return {
        "resource": match.pattern,
        "path": url.path,
        "httpMethod": method,
        "headers": {name: values[-1] for name, values in several.items()},
        "multiValueHeaders": several,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": match.variables or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": match.pattern,
            "httpMethod": method,
            "path": url.path,
            "requestId": str(uuid4()),
            "identity": {"sourceIp": source_ip},
        },
        "body": text,
        "isBase64Encoded": is_base64,
    }


def _variables_last(pattern: Sequence[str]) -> list[bool]:
    return [part.startswith("{") for part in pattern]


def _variables(pattern: Sequence[str], parts: Sequence[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    variables = {}
    for wanted, given in zip(pattern, parts, strict=True):
        if wanted.startswith("{") and given:
            variables[wanted[1:-1]] = given
        elif wanted != given:
            return None
    return variables


def _encode_body(body: bytes, content_type: str, binary_types: Sequence[str]) -> tuple[str | None, bool]:
    if not body:
        return None, False
    if content_type not in binary_types:
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass  # handed on as it came, so that the app refuses it rather than this server changing it
    return base64.b64encode(body).decode("ascii"), True
