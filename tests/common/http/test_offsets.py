"""Tests of lists that are asked for by `limit` and `offset`."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http import PUBLIC, Request, Response, Routes, create_app
from common.http.answer_size import BODY_BYTES
from common.http.offsets import OFFSET_QUERY, places_of, places_response
from tests.support.http import Client


def shop_of(entries: list[Any]) -> Client:
    """An app with a list of these entries."""
    routes = Routes("lists")

    @routes.get("/entries", role=PUBLIC, query=OFFSET_QUERY)
    def get_entries(request: Request) -> Response:
        places = places_of(request)
        return places_response(places.of(entries), places, len(entries), lambda shown: {"entries": shown})

    return Client(create_app("lists", [routes]))


@given(st.integers(0, 130), st.integers(0, 140), st.integers(0, 140))
def test_the_places_asked_for_are_shown_and_whether_more_follow(there: int, limit: int, offset: int) -> None:
    answer = shop_of(list(range(there))).get("/entries", params={"limit": limit, "offset": offset}).json
    end = offset + min(max(limit, 1), 100)
    assert answer["entries"] == list(range(there))[offset:end]
    assert answer["total"] == there
    assert answer["hasMore"] is (end < there)


def test_twenty_from_the_first_on_are_shown_unless_asked_otherwise() -> None:
    assert shop_of(list(range(30))).get("/entries").json["entries"] == list(range(20))


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "1e3", "٣", "9" * 10])
@pytest.mark.parametrize("name", OFFSET_QUERY)
def test_what_is_no_whole_number_is_refused_by_its_name(name: str, text: str) -> None:
    answer = shop_of([1]).get("/entries", params={name: text})
    assert answer.status == 400
    assert answer.error == f"{name} must be a whole number"


def test_what_does_not_fit_into_an_answer_is_said_to_follow() -> None:
    entries = ["x" * (BODY_BYTES // 3)] * 5
    client, seen = shop_of(entries), 0
    while True:
        answer = client.get("/entries", params={"offset": seen}).json
        assert answer["entries"]
        seen += len(answer["entries"])
        if not answer["hasMore"]:
            break
    assert seen == len(entries)
