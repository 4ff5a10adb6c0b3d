"""Whose address counts behind the distribution."""

import pytest

from common.http.edge import viewer_address
from common.http.events import Headers, read_call, read_request

SECRET = "only-the-distribution-knows"
CONNECTED = "192.0.2.1"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SECRET", SECRET)


def address(secret: str, said: str, **more: str) -> str:
    return viewer_address(
        Headers([("X-Edge-Secret", secret), ("X-Viewer-Address", said), *more.items()]), CONNECTED
    )


@pytest.mark.parametrize("said", ["198.51.100.7", "2001:db8::1"])
def test_the_distribution_says_who_calls(said: str) -> None:
    assert address(SECRET, said) == said


@pytest.mark.parametrize("sent", ["", "guessed", SECRET[:-1], "ü"])
def test_nobody_else_does(sent: str) -> None:
    assert address(sent, "198.51.100.7") == CONNECTED


@pytest.mark.parametrize("said", ["", "nonsense", "198.51.100.7, 1.1.1.1", "198.51.100.7:443"])
def test_what_is_no_address_does_not_count(said: str) -> None:
    assert address(SECRET, said) == CONNECTED


def test_without_a_secret_no_header_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDGE_SECRET")
    assert address(SECRET, "198.51.100.7") == CONNECTED
    assert address("", "198.51.100.7") == CONNECTED


def test_a_forwarded_for_of_the_caller_is_never_read() -> None:
    headers = {"X-Edge-Secret": SECRET, "X-Viewer-Address": "198.51.100.7", "X-Forwarded-For": "1.1.1.1"}
    event = {
        "requestContext": {"httpMethod": "GET", "resourcePath": "/", "identity": {"sourceIp": CONNECTED}},
        "headers": headers,
    }
    assert read_request(event, read_call(event, None)).source_ip == "198.51.100.7"
    event["headers"] = {"X-Forwarded-For": "1.1.1.1", "X-Viewer-Address": "1.1.1.1"}
    assert read_request(event, read_call(event, None)).source_ip == CONNECTED
