"""Tests of reading items past botocore's parser: the same values, whichever operation brings them."""

from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from common.dynamodb import Query, batch_get, call, fetch_all, get_item, put_item

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
