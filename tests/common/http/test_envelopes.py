"""Errors in the envelopes that different clients know."""

import pytest

from common.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from common.http import Body, Envelope, Request, Role, Routes, create_app
from tests.support.http import Client


class _Taken(Conflict):
    code = "USER_EXISTS"


_FAILURES: dict[str, Exception] = {
    "absent": NotFound("There is no such thing"),
    "invalid": InvalidInput("name is required", fields={"name": ["is required"]}),
    "unusable": InvalidInput("Request body is required"),
    "taken": _Taken("Somebody has it"),
    "busy": TooManyRequests("Too many", 7),
    "broken": RuntimeError("the secret of the house"),
    "short": Conflict("Not enough", details={"left": 2}),
}


def _client(envelope: Envelope) -> Client:
    routes = Routes("things")

    @routes.get("/fail/{how}", role=None, envelope=envelope)
    def fail(request: Request) -> None:
        raise _FAILURES[request.params["how"]]

    @routes.post("/guarded", role=Role.ADMIN, body=Body(), envelope=envelope)
    def guarded(request: Request) -> None:
        request.payload()

    return Client(create_app("things", [routes]))


@pytest.mark.parametrize(
    ("how", "status", "code", "message"),
    [
        ("absent", 404, "NOT_FOUND", "There is no such thing"),
        ("invalid", 400, "VALIDATION_ERROR", "name is required"),
        ("unusable", 400, "INVALID_REQUEST", "Request body is required"),
        ("taken", 409, "USER_EXISTS", "Somebody has it"),
        ("busy", 429, "RATE_LIMIT_EXCEEDED", "Too many"),
        ("broken", 500, "INTERNAL_ERROR", "Internal server error"),
    ],
)
def test_the_marketplace_is_told_code_message_time_and_request(
    how: str, status: int, code: str, message: str
) -> None:
    answer = _client(Envelope.MARKETPLACE).get(f"/fail/{how}")
    error = answer.json["error"]
    assert (answer.status, error["code"], error["message"]) == (status, code, message)
    assert error["timestamp"].endswith("Z")
    assert error["requestId"] == answer.headers["X-Request-Id"]
    assert "secret" not in answer.text


def test_what_is_wrong_with_each_field_and_other_details_are_told_apart() -> None:
    client = _client(Envelope.MARKETPLACE)
    assert client.get("/fail/invalid").json["error"]["details"] == {"errors": ["name: is required"]}
    assert client.get("/fail/short").json["error"]["details"] == {"left": 2}
    assert "details" not in client.get("/fail/absent").json["error"]


def test_the_users_api_says_that_it_was_no_success_and_calls_all_bad_input_by_one_code() -> None:
    client = _client(Envelope.USERS)
    assert client.get("/fail/unusable").json == {
        "success": False,
        "error": {"code": "VALIDATION_ERROR", "message": "Request body is required"},
    }
    assert client.get("/fail/absent").json["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("envelope", [Envelope.MARKETPLACE, Envelope.USERS])
def test_who_is_not_let_in_is_told_so_in_the_envelope_too(envelope: Envelope) -> None:
    answer = _client(envelope).post("/guarded", json={})
    assert (answer.status, answer.json["error"]["code"]) == (401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_headers_of_an_error_stay() -> None:
    assert _client(Envelope.USERS).get("/fail/busy").headers["Retry-After"] == "7"


def test_the_storefronts_read_a_plain_text() -> None:
    assert _client(Envelope.PLAIN).get("/fail/absent").json == {"error": "There is no such thing"}
