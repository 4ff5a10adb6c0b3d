"""What a batch write sends is what the codec made, byte for byte."""

import json
from typing import Any
from uuid import UUID

from common.dynamodb import Item, batch_get, batch_put_json, batch_write, get_item, key_of, to_wire
from common.dynamodb.requests_building import wire_json
from tests.support import wire

AWKWARD: Item = {"PK": 'A"\\é\n', "SK": "METADATA", "data": b"\x00\xff", "ids": {1, 2}, "map": {"": None}}


def test_awkward_items_arrive_as_they_are(table: str) -> None:
    item = {**AWKWARD, "map": {"a": [True, None, "\u2028"]}}
    assert not batch_write([item]).failed
    assert get_item(key_of(item)) == item


def test_items_that_are_json_already_are_written_in_chunks(table: str) -> None:
    items = [{"PK": "P", "SK": f"{number:03}", "data": bytes([number])} for number in range(60)]
    sent = wire.sent_requests("BatchWriteItem")
    report = batch_put_json({key_of(item): wire_json(to_wire(item)) for item in items})
    assert (len(report.succeeded), report.failed, len(sent)) == (60, [], 3)
    assert batch_get(map(key_of, items)) == {key_of(item): item for item in items}


def test_what_was_left_over_of_json_is_sent_again(table: str) -> None:
    kept = wire.hold_back("BatchWriteItem", "UnprocessedItems", lambda _request: False, times=0)
    refused = wire.refuse_sent("BatchWriteItem", {"Error": {"Code": "ThrottlingException", "Message": "no"}})
    assert not batch_put_json({("P", "1"): wire_json(to_wire({"PK": "P", "SK": "1"}))}).failed
    assert (kept, len(refused)) == ([], 1)


def test_each_call_has_an_id_of_its_own_that_its_attempts_share(table: str) -> None:
    sent = wire.sent_requests("BatchWriteItem")
    wire.refuse_sent("BatchWriteItem", {"Error": {"Code": "ThrottlingException", "Message": "no"}})
    for _ in range(2):
        assert not batch_write([{"PK": "P", "SK": "1"}]).failed
    ids = [_text(it.headers["amz-sdk-invocation-id"]) for it in sent]
    assert len({UUID(it) for it in ids}) == 2
    assert len(ids) in {2, 3}
    assert json.loads(_text(sent[0].body))["RequestItems"] == {
        table: [{"PutRequest": {"Item": {"PK": {"S": "P"}, "SK": {"S": "1"}}}}]
    }


def _text(sent: Any) -> str:
    return sent if isinstance(sent, str) else bytes(sent).decode()
