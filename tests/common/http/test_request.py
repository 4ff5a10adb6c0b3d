"""Tests of what handlers read from a request."""

from datetime import UTC, datetime
from typing import Any

import pytest

from common.http import Request


def request_with(**changes: Any) -> Request:
    """A request of nothing but `changes`."""
    parts: dict[str, Any] = {
        "method": "GET",
        "path": "/",
        "route": "/",
        "params": {},
        "query": {},
        "headers": {},
        "cookies": {},
        "body": b"",
        "source_ip": "",
        "request_id": "id",
        "now": datetime(2026, 1, 31, tzinfo=UTC),
    }
    return Request(**(parts | changes))


@pytest.mark.parametrize(
    ("query", "expected"),
    [({}, "default"), ({"q": []}, "default"), ({"q": [" "]}, "default"), ({"q": [" a ", "b"]}, "a")],
)
def test_an_argument_is_the_first_value_or_the_default(query: dict[str, list[str]], expected: str) -> None:
    assert request_with(query=query).arg("q", "default") == expected


@pytest.mark.parametrize("empty", [[], [""], [" "], ["[object Object]"], [" [object Object] ", "b"]])
def test_the_empty_choice_of_a_drop_down_chooses_nothing(empty: list[str]) -> None:
    assert request_with(query={"q": empty}).choice("q") == ""
    assert request_with(query={"q": empty}).choice("q", "default") == "default"


def test_any_other_choice_and_every_other_argument_are_as_they_came() -> None:
    request = request_with(query={"q": ["[object Object]"], "c": [" published "], "o": ["[object"]})
    assert (request.arg("q"), request.choice("c"), request.choice("o")) == (
        "[object Object]",
        "published",
        "[object",
    )


@pytest.mark.parametrize(
    ("page", "per_page", "expected"),
    [
        ("", "", (1, 20)),
        ("3", "50", (3, 50)),
        ("0", "0", (1, 20)),
        ("-1", "-5", (1, 20)),
        ("x", "1e3", (1, 20)),
        ("1.5", "٣", (1, 20)),
        ("2", "1000", (2, 100)),
        ("9" * 5000, "9" * 5000, (1, 20)),
    ],
)
def test_page_arguments_are_read_leniently(page: str, per_page: str, expected: tuple[int, int]) -> None:
    assert request_with(query={"page": [page], "per_page": [per_page]}).page_args() == expected


def test_page_arguments_have_a_routes_own_limits() -> None:
    assert request_with(query={"per_page": ["60"]}).page_args(default_per_page=10, maximum=50) == (1, 50)
    assert request_with().page_args(default_per_page=10) == (1, 10)


def test_a_caller_without_a_token_is_nobody() -> None:
    assert request_with().identity is None
    assert request_with(headers={"authorization": "Bearer x"}).identity is None
