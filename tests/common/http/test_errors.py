"""Tests of mapping exceptions to answers."""

import json

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError
from marshmallow import ValidationError

from common import errors
from common.dynamodb import InvalidCursor, UnstorableValue, to_wire
from common.http.errors import to_response

STATUSES = [
    (errors.InvalidInput("a text"), 400),
    (errors.Unauthenticated("a text"), 401),
    (errors.Forbidden("a text"), 403),
    (errors.NotFound("a text"), 404),
    (errors.MethodNotAllowed("a text"), 405),
    (errors.Conflict("a text"), 409),
    (errors.PayloadTooLarge("a text"), 413),
    (errors.UnsupportedMediaType("a text"), 415),
    (errors.TooManyRequests("a text", 30), 429),
    (errors.Unavailable("a text"), 503),
]


def aws_error(code: str) -> ClientError:
    """What boto3 raises for an error code of AWS."""
    return ClientError({"Error": {"Code": code, "Message": "secret-word"}}, "GetItem")


@pytest.mark.parametrize(("error", "status"), STATUSES)
def test_each_error_of_ours_has_its_status_and_text(error: errors.ShopError, status: int) -> None:
    response = to_response(error, "id")
    assert (response.status, response.body) == (status, {"error": "a text"})


def test_fields_and_details_stand_beside_the_text() -> None:
    field = to_response(errors.InvalidInput.of_field("title", "is required"), "id")
    assert field.body == {"error": "title is required", "fields": {"title": ["is required"]}}
    stock = to_response(errors.Conflict("Sold out", details={"available": 0}), "id")
    assert stock.body == {"error": "Sold out", "available": 0}


@pytest.mark.parametrize("error", [errors.TooManyRequests("Wait", 30), errors.Unavailable("Wait", 30)])
def test_retry_after_is_sent_in_seconds(error: errors.ShopError) -> None:
    assert to_response(error, "id").headers == {"Retry-After": "30"}


def test_a_tampered_cursor_is_the_callers_fault() -> None:
    response = to_response(InvalidCursor(), "id")
    assert response.status == 400
    assert list(response.body["fields"]) == ["cursor"]


def test_a_value_that_cannot_be_stored_is_named() -> None:
    with pytest.raises(UnstorableValue) as refused:
        to_wire({"PK": "a", "SK": "b", "attributes": {"size": float("nan")}})
    response = to_response(refused.value, "id")
    assert response.status == 400
    assert list(response.body["fields"]) == ["attributes.size"]
    assert response.body["error"].startswith("attributes.size ")


def test_a_validation_error_raised_by_a_domain_is_the_callers_fault() -> None:
    response = to_response(ValidationError({"name": ["Missing data for required field."]}), "id")
    assert response.status == 400
    assert response.body == {"error": "name is required", "fields": {"name": ["is required"]}}


@pytest.mark.parametrize(
    "error",
    [
        aws_error("ThrottlingException"),
        aws_error("ProvisionedThroughputExceededException"),
        aws_error("InternalServerError"),
        aws_error("SlowDown"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
        ConnectTimeoutError(endpoint_url="http://127.0.0.1:1"),
    ],
)
def test_a_busy_or_silent_service_is_a_503(error: Exception) -> None:
    response = to_response(error, "id")
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "127.0.0.1" not in str(response.body)


@pytest.mark.parametrize(
    "error",
    [
        NoCredentialsError(),
        PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        ProfileNotFound(profile="nobody"),
        aws_error("UnrecognizedClientException"),
        aws_error("ExpiredTokenException"),
    ],
)
def test_missing_and_wrong_credentials_are_a_503(error: Exception) -> None:
    assert to_response(error, "id").status == 503


ELSEWHERE = "No engine answers at http://127.0.0.1:4566; start it with `make engine`"


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
        NoCredentialsError(),
        aws_error("ResourceNotFoundException"),
        aws_error("501"),
        ResponseParserError("no XML"),
    ],
)
def test_a_developers_machine_says_which_command_starts_the_storage(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STORAGE_HINT", ELSEWHERE)
    response = to_response(error, "id")
    assert (response.status, response.body) == (503, {"error": ELSEWHERE})
    assert json.loads(capsys.readouterr().out)["hint"] == ELSEWHERE


def test_a_missing_table_is_a_500_where_nobody_develops() -> None:
    assert to_response(aws_error("ResourceNotFoundException"), "id").status == 500


@pytest.mark.parametrize("error", [aws_error("AccessDeniedException"), aws_error("ValidationException")])
def test_a_wrongly_set_up_service_is_a_500(error: Exception) -> None:
    response = to_response(error, "id")
    assert response.body == {"error": "Internal server error", "request_id": "id"}


def test_the_log_says_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError) as missing:
        dict[str, str]()["mario.rossi@example.com"]
    response = to_response(missing.value, "id-7")
    line = json.loads(capsys.readouterr().out)
    assert response.status == 500
    assert (line["level"], line["request_id"], line["exception"]) == ("ERROR", "id-7", "KeyError")
    assert line["stack"][-1].endswith("test_the_log_says_where_and_not_what")
    assert "mario" not in json.dumps(line)


def test_the_log_names_the_code_of_an_aws_error(capsys: pytest.CaptureFixture[str]) -> None:
    to_response(aws_error("AccessDeniedException"), "id")
    line = json.loads(capsys.readouterr().out)
    assert line["reason"] == "AccessDeniedException"
    assert "secret-word" not in json.dumps(line)
