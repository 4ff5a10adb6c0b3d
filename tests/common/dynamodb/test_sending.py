"""Calls past botocore's own sending: the same values, headers, repetitions and errors."""

import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, HTTPClientError, NoCredentialsError
from moto.core.botocore_stubber import MockRawResponse

from common.dynamodb import (
    ConditionFailed,
    Query,
    UnitOfWork,
    Update,
    attr,
    batch_get,
    call,
    fetch_all,
    get_client,
    get_item,
    put_item,
    reset_client,
    update_item,
)
from common.dynamodb.client import _session
from common.dynamodb.posting import host_named, whole_url
from tests.support import wire

ITEM = {
    "PK": "A",
    "SK": "B",
    "text": "più ☂",
    "number": Decimal("12345678901234567890.0123456789"),
    "whole": 7,
    "bytes": b"\x00\xff",
    "yes": True,
    "nothing": None,
    "map": {"list": [1, {"deep": b"x"}], "empty": {}},
    "texts": {"a", "b"},
    "numbers": {1, Decimal("2.5")},
    "several_bytes": {b"\x01", b"\x02"},
}


def test_every_kind_of_value_comes_back_by_every_read(table: str) -> None:
    put_item(ITEM)
    assert get_item(("A", "B")) == ITEM
    assert fetch_all(Query("A")) == [ITEM]
    assert batch_get([("A", "B")]) == {("A", "B"): ITEM}


def test_the_rest_of_an_answer_is_parsed_as_ever(table: str) -> None:
    put_item(ITEM)
    put_item({"PK": "A", "SK": "C"})
    answer = call(
        "query",
        TableName=table,
        KeyConditionExpression="PK = :p",
        ExpressionAttributeValues={":p": {"S": "A"}},
        Limit=1,
    )
    assert answer["Count"] == 1
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["LastEvaluatedKey"] == {"PK": {"S": "A"}, "SK": {"S": "B"}}
    assert answer["ConsumedCapacity"]["TableName"] == table


def test_an_absent_item_is_absent(table: str) -> None:
    assert get_item(("A", "B")) is None


def test_a_refusal_is_still_an_error(table: str) -> None:
    with pytest.raises(ClientError, match="ResourceNotFound"):
        call("get_item", TableName="no-such-table", Key={"PK": {"S": "A"}, "SK": {"S": "B"}})


KEY = ("A", "B")
WIRE_KEY: Any = {"PK": {"S": "A"}, "SK": {"S": "B"}}


def test_it_sends_the_body_and_the_headers_that_botocore_sends(table: str) -> None:
    sent = wire.sent_requests("PutItem")
    item = {**WIRE_KEY, "data": {"B": b"\x00\xff"}, "text": {"S": "più ☂"}, "numbers": {"NS": ["1", "2.5"]}}
    parameters: Any = {"TableName": table, "Item": item, "ReturnConsumedCapacity": "TOTAL"}
    call("put_item", **parameters)
    get_client().put_item(**parameters)
    ours, botocores = (_shown(it) for it in sent)
    assert ours == botocores
    assert ours[1]["x-amz-target"] == "DynamoDB_20120810.PutItem"


def _shown(request: Any) -> tuple[Any, dict[str, str]]:
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    # Those that differ from call to call, and those that botocore leaves to its HTTP or adds for telemetry.
    for name in ("authorization", "x-amz-date", "amz-sdk-invocation-id", "amz-sdk-request", "user-agent"):
        assert headers.pop(name)
    for name in ("host", "accept-encoding", "content-length"):
        headers.pop(name, None)
    return json.loads(request.body), headers


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def test_a_refused_condition_tells_what_was_found(table: str) -> None:
    put_item(ITEM)
    with pytest.raises(ConditionFailed) as caught:
        update_item(KEY, Update().set("whole", 8), condition=attr("whole").eq(1))
    assert caught.value.item == ITEM


def test_a_cancelled_transaction_tells_why(table: str) -> None:
    put_item(ITEM)
    work = UnitOfWork()
    work.put(ITEM, condition=attr("PK").missing(), failed=LookupError)
    with pytest.raises(LookupError) as caught:
        work.commit()
    assert caught.value.args == (ITEM,)


def test_the_error_of_a_refusal_is_the_clients_own(table: str) -> None:
    condition = {"ConditionExpression": "attribute_exists(PK)"}
    with pytest.raises(get_client().exceptions.ConditionalCheckFailedException) as caught:
        call("delete_item", TableName=table, Key=WIRE_KEY, **condition)
    assert caught.value.operation_name == "DeleteItem"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize("body", [b"", b'{"Item": {"PK"', b"<html>"])
def test_an_answer_that_arrives_damaged_is_asked_for_again(
    body: bytes, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_item(ITEM)
    waits = wire.without_waiting(monkeypatch)
    damaged = _answer_with(body, times=2)
    assert get_item(KEY) == ITEM
    assert (len(damaged), len(waits)) == (2, 2)
    damaged = _answer_with(body, times=3)
    with pytest.raises(HTTPClientError):
        get_item(KEY)
    assert len(damaged) == 3


def test_an_answer_whose_checksum_is_another_is_asked_for_again(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_item(ITEM)
    waits = wire.without_waiting(monkeypatch)
    damaged = _answer_with(b"{}", times=1, **{"x-amz-crc32": "1"})
    assert get_item(KEY) == ITEM
    assert (len(damaged), len(waits)) == (1, 1)


def _answer_with(body: bytes, *, times: int, **headers: str) -> list[None]:
    """Answer the next so many reads with this body; the list counts them."""
    answered: list[None] = []

    def answer(request: Any, **_: object) -> AWSResponse | None:
        if len(answered) == times:
            return None
        answered.append(None)
        named = HTTPHeaders()
        for name, value in headers.items():
            named[name] = value
        return AWSResponse(request.url, 200, named, MockRawResponse(body))

    # Any: the stubs know no handler that answers.
    events: Any = get_client().meta.events
    events.register_first("before-send.dynamodb.GetItem", answer)
    return answered


def test_every_attempt_is_signed_anew_and_says_which_it_is(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.without_waiting(monkeypatch)
    sent = wire.sent_requests("GetItem")
    wire.refuse_sent("GetItem", {"Error": {"Code": "ThrottlingException", "Message": "no"}}, times=2)
    answer = call("get_item", TableName=table, Key=WIRE_KEY)
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert [it.headers["amz-sdk-request"] for it in sent] == [f"attempt={n}; max=3" for n in (1, 2, 3)]
    assert len({it.headers["amz-sdk-invocation-id"] for it in sent}) == 1


def test_lambdas_trace_goes_with_a_call(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = wire.sent_requests("GetItem")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "catalog")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-2-3")
    get_item(KEY)
    assert sent[0].headers["x-amzn-trace-id"] == "Root=1-2-3"


def test_without_credentials_nothing_is_sent(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = wire.sent_requests("GetItem")
    monkeypatch.setattr(_session(), "get_credentials", lambda: None)
    with pytest.raises(NoCredentialsError):
        get_item(KEY)
    assert sent == []


def test_reading_and_writing_items_needs_no_boto3() -> None:
    program = (
        "import sys; from common.dynamodb import get_client, reset_client; get_client(); reset_client();"
        "print('boto3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("scheme", "host", "port", "named"),
    [
        ("https", "dynamodb.eu-west-1.amazonaws.com", None, "dynamodb.eu-west-1.amazonaws.com"),
        ("https", "engine", 443, "engine"),
        ("http", "engine", 443, "engine:443"),
        ("http", "::1", 8000, "[::1]:8000"),
    ],
)
def test_a_host_is_named_with_its_port_where_that_is_no_usual_one(
    scheme: str, host: str, port: int | None, named: str
) -> None:
    assert host_named(scheme, host, port) == named


def test_an_endpoint_may_have_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    assert whole_url("http://engine:8000") == "http://engine:8000/"
    assert whole_url("http://engine/below") == "http://engine/below"
    monkeypatch.setenv("DYNAMODB_ENDPOINT", "http://127.0.0.1:9/below")
    reset_client()
    sent = wire.sent_requests("GetItem")
    wire.refuse_sent("GetItem", {"Error": {"Code": "AccessDeniedException", "Message": "no"}})
    with pytest.raises(ClientError, match="AccessDenied"):
        get_item(KEY)
    assert sent[0].url == "http://127.0.0.1:9/below"
