"""Tests of what handlers read from a request."""

from datetime import UTC, datetime
from typing import Any

import pytest

from common.clock import utc_now
from common.errors import InvalidInput, NotFound, Unauthenticated
from common.http import Request, Role
from common.http.path_ids import path_id
from tests.support.tokens import admin_token

BAD_IDS = ["0", "-1", "+1", "1.5", "abc", "", " ", "٣", "9" * 16, "1e3"]


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


def test_a_caller_without_a_token_is_nobody() -> None:
    assert request_with().identity is None
    assert request_with(headers={"authorization": "Bearer x"}).identity is None


@pytest.mark.usefixtures("table")
def test_who_acts_is_whoever_signed_in() -> None:
    token = admin_token()
    request = request_with(headers={"authorization": f"Bearer {token}"}, now=utc_now())
    assert (request.actor.username, request.may(Role.ADMIN)) == ("admin", True)
    with pytest.raises(Unauthenticated, match="Missing authorization header"):
        _ = request_with().actor
    assert not request_with().may(Role.MEMBER)


@pytest.mark.parametrize("read", ["payload", "load", "json", "multipart", "signed_body"])
def test_a_body_that_is_not_declared_is_not_read(read: str) -> None:
    with pytest.raises(RuntimeError, match="GET / declares no body"):
        getattr(request_with(body=b"{}"), read)()


@pytest.mark.parametrize("name", ["product", "category", "personaggio", "fumetto"])
@pytest.mark.parametrize("text", BAD_IDS)
def test_an_id_that_cannot_exist_is_wrong_where_both_storefronts_know_it(name: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^id must be a positive integer$"):
        path_id(request_with(params={name: text}), name, "Thing")


@pytest.mark.parametrize("text", BAD_IDS)
def test_an_id_that_cannot_exist_is_not_found(text: str) -> None:
    with pytest.raises(NotFound, match=r"^Variant not found$"):
        path_id(request_with(params={"variant": text}), "variant", "Variant")


def test_an_id_is_the_number_that_is_written() -> None:
    assert path_id(request_with(params={"variant": "007"}), "variant", "Variant") == 7
    assert path_id(request_with(params={"product": "9" * 15}), "product", "Product") == 10**15 - 1
