"""Requests as API Gateway's events."""

import base64
from email.message import Message

import pytest

from tools.local.events import Match, RouteTable, build_event

TABLE = RouteTable(
    ["/", "/api/products", "/api/products/{product}", "/api/products/featured", "/api/{kind}/x/{item}"]
)


@pytest.mark.parametrize(
    ("path", "pattern", "variables"),
    [
        ("/", "/", {}),
        ("/api/products", "/api/products", {}),
        ("/api/products/", "/api/products", {}),
        ("/api/products/7", "/api/products/{product}", {"product": "7"}),
        ("/api/products/a%20b", "/api/products/{product}", {"product": "a%20b"}),
        ("/api/products/featured", "/api/products/featured", {}),
        ("/api/products/x/9", "/api/{kind}/x/{item}", {"kind": "products", "item": "9"}),
    ],
)
def test_a_path_finds_its_route(path: str, pattern: str, variables: dict[str, str]) -> None:
    assert TABLE.match(path) == Match(pattern, variables)


@pytest.mark.parametrize("path", ["/api", "/api/products/7/8", "/api//products", "/API/products", ""])
def test_a_path_without_route_finds_none(path: str) -> None:
    assert TABLE.match(path) is None


def event(
    body: bytes = b"", content_type: str = "application/json", target: str = "/a?x=1&x=2&y="
) -> dict[str, object]:
    headers = Message()
    headers["Content-Type"] = content_type
    headers["X-Several"] = "one"
    headers["X-Several"] = "two"
    match = Match("/{name}", {"name": "a"})
    return build_event("POST", target, headers, body, match, "127.0.0.1", ["multipart/form-data"])


def test_repeated_headers_and_arguments_are_kept() -> None:
    made = event()
    assert made["multiValueHeaders"] == {"Content-Type": ["application/json"], "X-Several": ["one", "two"]}
    assert made["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""]}
    assert made["pathParameters"] == {"name": "a"}


def test_what_is_absent_is_none_as_on_api_gateway() -> None:
    made = event(target="/a")
    assert made["multiValueQueryStringParameters"] is None
    assert (made["body"], made["isBase64Encoded"]) == (None, False)


def test_text_goes_as_text() -> None:
    assert event('{"a": "è"}'.encode())["body"] == '{"a": "è"}'


def test_binary_types_go_as_base64_whatever_their_parameters() -> None:
    made = event(b"--b", "multipart/form-data; boundary=b")
    assert (made["body"], made["isBase64Encoded"]) == (base64.b64encode(b"--b").decode(), True)


def test_bytes_that_are_no_text_reach_the_app_unchanged() -> None:
    made = event(b'"\xff"')
    assert base64.b64decode(str(made["body"])) == b'"\xff"'
