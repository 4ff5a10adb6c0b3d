"""Statuses of older clients: what is missing or in the way becomes a 400, everything else stays."""

import pytest

from common.errors import Conflict, NotFound, PayloadTooLarge, ShopError, TooManyRequests
from common.http import PUBLIC, Request, Routes, create_app
from common.http.statuses import as_bad_request
from tests.support.http import Client


@pytest.mark.parametrize("kind", [NotFound, Conflict])
def test_a_translated_error_keeps_its_text_details_and_headers(kind: type[ShopError]) -> None:
    error = as_bad_request(kind("Gone", details={"left": 1}, headers={"X-Left": "1"}))
    assert (error.status, error.message, error.details, error.headers) == (
        400,
        "Gone",
        {"left": 1},
        {"X-Left": "1"},
    )


@pytest.mark.parametrize("error", [PayloadTooLarge("Too large"), TooManyRequests("Wait", 3)])
def test_other_errors_are_not_touched(error: ShopError) -> None:
    assert as_bad_request(error) is error


def test_a_route_refuses_with_400_and_says_why() -> None:
    routes = Routes("statuses")

    @routes.get("/things/{thing}", role=PUBLIC, refuses_with_400=True)
    def get_thing(request: Request) -> dict[str, str]:
        if request.params["thing"] == "none":
            raise NotFound("Thing not found", details={"thing": "none"})
        if request.params["thing"] == "large":
            raise PayloadTooLarge("Too large")
        return {"name": request.params["thing"]}

    client = Client(create_app("statuses", [routes]))
    assert client.get("/things/one").json == {"name": "one"}
    answer = client.get("/things/none")
    assert (answer.status, answer.json) == (400, {"error": "Thing not found", "thing": "none"})
    assert client.get("/things/large").status == 413
