"""Tests of batches: chunks, duplicates, what the engine leaves over, and what it refuses."""

from typing import Any

import pytest

from common.dynamodb import (
    BatchIncomplete,
    Item,
    Key,
    Query,
    batch_get,
    batch_write,
    delete_by_ids,
    fetch_all,
    get_item,
    key_of,
    meter,
    put_item,
)
from common.errors import Unavailable
from tests.support import wire

NOW = 1_800_000_000
THROTTLED = {"Error": {"Code": "ThrottlingException", "Message": "slow down"}}


def numbered(amount: int) -> list[Item]:
    return [{"PK": "P", "SK": f"{number:03}", "number": number} for number in range(amount)]


def keys(amount: int) -> list[Key]:
    return [key_of(item) for item in numbered(amount)]


def stored(amount: int) -> list[Item]:
    items = numbered(amount)
    assert batch_write(items).failed == []
    return items


def is_key(*wanted: str) -> Any:
    def test(entry: dict[str, Any]) -> bool:
        holder = entry.get("PutRequest", {}).get("Item") or entry.get("DeleteRequest", {}).get("Key") or entry
        return holder["SK"]["S"] in wanted

    return test


def test_many_items_are_read_in_chunks_of_100(table: str) -> None:
    items = stored(230)
    with meter() as usage:
        found = batch_get([*keys(230), ("P", "missing")])
    assert found == {key_of(item): item for item in items}
    assert usage.calls == 3


def test_repeated_keys_are_read_once(table: str) -> None:
    items = stored(2)
    sent = wire.sent_parameters("BatchGetItem")
    assert batch_get(keys(2) * 3) == {key_of(item): item for item in items}
    assert [len(it["RequestItems"][table]["Keys"]) for it in sent] == [2]


def test_nothing_to_read_or_write_sends_nothing(table: str) -> None:
    with meter() as usage:
        assert batch_get([]) == {}
        report = batch_write()
    assert (report.succeeded, report.failed, usage.calls) == ([], [], 0)


def test_expired_items_are_absent(table: str) -> None:
    put_item({"PK": "P", "SK": "000", "expires_at": NOW})
    put_item({"PK": "P", "SK": "001", "expires_at": NOW + 1})
    assert set(batch_get(keys(2), now=NOW)) == {("P", "001")}


def test_the_clock_decides_what_is_expired_by_default(table: str) -> None:
    put_item({"PK": "P", "SK": "000", "expires_at": 1})
    assert batch_get(keys(1)) == {}


def test_reads_are_consistent_when_asked(table: str) -> None:
    sent = wire.sent_parameters("BatchGetItem")
    batch_get(keys(1))
    batch_get(keys(1), consistent=True)
    assert [it["RequestItems"][table]["ConsistentRead"] for it in sent] == [False, True]


def test_keys_left_over_are_read_again(table: str) -> None:
    items = stored(3)
    waits: list[float] = []
    kept = wire.hold_back("BatchGetItem", "UnprocessedKeys", is_key("001", "002"), times=2)
    assert batch_get(keys(3), sleep=waits.append) == {key_of(item): item for item in items}
    assert kept == [2, 2]
    assert len(waits) == 2


def test_what_cannot_be_read_is_named_and_the_rest_kept(table: str) -> None:
    stored(3)
    waits: list[float] = []
    wire.hold_back("BatchGetItem", "UnprocessedKeys", is_key("001"), times=99)
    with pytest.raises(BatchIncomplete) as caught:
        batch_get(keys(3), sleep=waits.append)
    assert caught.value.keys == [("P", "001")]
    assert set(caught.value.found) == {("P", "000"), ("P", "002")}
    assert isinstance(caught.value, Unavailable)
    assert len(waits) == 5


def test_a_chunk_that_fails_to_be_read_does_not_keep_others_from_being_read(table: str) -> None:
    stored(150)
    wire.hold_back("BatchGetItem", "UnprocessedKeys", is_key("000"), times=6)
    with pytest.raises(BatchIncomplete) as caught:
        batch_get(keys(150), sleep=lambda _: None)
    assert caught.value.keys == [("P", "000")]
    assert len(caught.value.found) == 149


def test_many_items_are_written_and_deleted_in_chunks_of_25(table: str) -> None:
    with meter() as usage:
        report = batch_write(numbered(60))
    assert report.succeeded == keys(60)
    assert usage.calls == 3
    assert fetch_all(Query("P")) == numbered(60)
    assert batch_write(deletes=keys(59)).succeeded == keys(59)
    assert fetch_all(Query("P")) == numbered(60)[59:]


def test_the_last_put_of_a_key_wins(table: str) -> None:
    report = batch_write([{"PK": "P", "SK": "A", "number": number} for number in range(40)])
    assert report.succeeded == [("P", "A")]
    assert get_item(("P", "A")) == {"PK": "P", "SK": "A", "number": 39}


def test_a_delete_wins_over_a_put(table: str) -> None:
    report = batch_write(numbered(2), deletes=keys(1))
    assert sorted(report.succeeded) == keys(2)
    assert fetch_all(Query("P")) == numbered(2)[1:]


def test_writes_left_over_are_sent_again(table: str) -> None:
    waits: list[float] = []
    kept = wire.hold_back("BatchWriteItem", "UnprocessedItems", is_key("000", "002"), times=2)
    report = batch_write(numbered(2), deletes=[("P", "002")], sleep=waits.append)
    assert sorted(report.succeeded) == keys(3)
    assert report.failed == []
    assert kept == [2, 2]
    assert len(waits) == 2
    assert fetch_all(Query("P")) == numbered(2)


def test_what_stays_left_over_is_reported(table: str) -> None:
    waits: list[float] = []
    wire.hold_back("BatchWriteItem", "UnprocessedItems", is_key("001"), times=99)
    report = batch_write(numbered(3), sleep=waits.append)
    assert report.succeeded == [("P", "000"), ("P", "002")]
    assert [key for key, _ in report.failed] == [("P", "001")]
    assert "not processed" in report.failed[0][1]
    assert len(waits) == 5
    assert [item["SK"] for item in fetch_all(Query("P"))] == ["000", "002"]


def test_a_refused_chunk_is_reported_and_the_others_are_written(table: str) -> None:
    wire.refuse_calls("BatchWriteItem", [THROTTLED])
    report = batch_write(numbered(60))
    assert [key for key, _ in report.failed] == keys(25)
    assert all("slow down" in reason for _, reason in report.failed)
    assert report.succeeded == keys(60)[25:]
    assert fetch_all(Query("P")) == numbered(60)[25:]


def test_an_engine_that_cannot_be_reached_is_reported(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.without_waiting(monkeypatch)
    wire.break_connection("BatchWriteItem")
    report = batch_write(numbered(2))
    assert report.succeeded == []
    assert [key for key, _ in report.failed] == keys(2)


def test_an_item_that_cannot_be_stored_is_reported_alone(table: str) -> None:
    report = batch_write([*numbered(2), {"PK": "P", "SK": "bad", "price": 1.5}])
    assert report.succeeded == keys(2)
    assert report.failed == [(("P", "bad"), "price is a float, which is not exact; use Decimal")]


def test_a_later_put_replaces_one_that_cannot_be_stored(table: str) -> None:
    bad, good = {"PK": "P", "SK": "000", "price": 1.5}, numbered(1)[0]
    assert batch_write([bad, good]).failed == []
    assert get_item(("P", "000")) == good
    report = batch_write([good | {"number": 7}, bad])
    assert [key for key, _ in report.failed] == [("P", "000")]
    assert get_item(("P", "000")) == good


def test_a_delete_replaces_a_put_that_cannot_be_stored(table: str) -> None:
    report = batch_write([{"PK": "P", "SK": "000", "price": 1.5}], deletes=keys(1))
    assert (report.succeeded, report.failed) == (keys(1), [])


def test_an_item_without_a_key_is_an_error_of_the_program(table: str) -> None:
    with pytest.raises(ValueError, match="PK and SK"):
        batch_write([*numbered(1), {"PK": "P"}])
    assert fetch_all(Query("P")) == []


def test_items_are_deleted_by_ids_with_or_without_prefix(table: str) -> None:
    for identifier in ("1", "2", "3"):
        put_item({"PK": f"USER#{identifier}", "SK": "METADATA"})
    outcome = delete_by_ids("USER", ["1", "USER#2", 3, "unknown"])
    assert outcome == {"success": ["1", "USER#2", 3, "unknown"], "failed": []}
    assert batch_get([(f"USER#{identifier}", "METADATA") for identifier in (1, 2, 3)]) == {}


def test_only_the_sort_key_asked_for_is_deleted(table: str) -> None:
    put_item({"PK": "USER#1", "SK": "METADATA"})
    put_item({"PK": "USER#1", "SK": "SETTINGS"})
    delete_by_ids("USER", ["1"], sort_key="SETTINGS")
    assert [item["SK"] for item in fetch_all(Query("USER#1"))] == ["METADATA"]


def test_failed_ids_are_matched_by_key_and_given_back_as_passed(table: str) -> None:
    ids = [f"USER#{number}" if number % 2 else number for number in range(30)]
    wire.refuse_calls("BatchWriteItem", [THROTTLED])
    outcome = delete_by_ids("USER", ids)
    assert [entry["id"] for entry in outcome["failed"]] == ids[:25]
    assert all("slow down" in entry["error"] for entry in outcome["failed"])
    assert outcome["success"] == ids[25:]


def test_an_id_given_twice_is_answered_twice(table: str) -> None:
    assert delete_by_ids("USER", ["1", "USER#1", "1"]) == {"success": ["1", "USER#1", "1"], "failed": []}


@pytest.mark.parametrize("empty", ["", "USER#"])
def test_an_empty_id_fails(table: str, empty: str) -> None:
    outcome = delete_by_ids("USER", [empty, "1"])
    assert outcome == {"success": ["1"], "failed": [{"id": empty, "error": "is empty"}]}
