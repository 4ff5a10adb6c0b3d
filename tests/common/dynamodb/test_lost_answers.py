"""Tests of single writes whose answer is lost: each counts once, and no writer takes itself for a rival."""

from collections.abc import Callable

import pytest
from botocore.exceptions import BotoCoreError, ConnectTimeoutError, EndpointConnectionError

from common.dynamodb import (
    ConditionFailed,
    Item,
    OutcomeUnknown,
    TransactionBusy,
    UnitOfWork,
    Update,
    attr,
    delete_item,
    get_client,
    get_item,
    meter,
    next_ids,
    put_item,
    raise_counter,
    table_name,
    update_item,
)
from common.dynamodb.codec import WRITE_ID
from tests.support import wire

KEY = ("ROW#1", "METADATA")
ROW = {"PK": "ROW#1", "SK": "METADATA", "left": 3, "version": 1}
CHANGED = ROW | {"left": 2, "version": 2}
THROTTLED = {"Error": {"Code": "ThrottlingException", "Message": "slow down"}}
BUSY = {"Error": {"Code": "TransactionConflictException", "Message": "ongoing"}}


@pytest.fixture(autouse=True)
def at_once(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with a row, and a client that repeats without waiting."""
    put_item(ROW)
    wire.without_waiting(monkeypatch)


def put_changed() -> None:
    put_item(CHANGED, condition=attr("version").eq(1))


def update_changed() -> Item:
    return update_item(KEY, Update().increment("left", -1).add("version", 1), condition=attr("version").eq(1))


def rival() -> None:
    """Somebody who writes the row under a version of their own."""
    found = get_item(KEY, consistent=True)
    assert found is not None
    put_item(found | {"version": found["version"] + 1}, condition=attr("version").eq(found["version"]))


def test_a_put_under_a_version_knows_its_repetition() -> None:
    lost = wire.lose_answer("PutItem")
    put_changed()
    assert lost[0].status_code == 200
    assert get_item(KEY) == CHANGED


def test_a_creation_knows_its_repetition() -> None:
    lost = wire.lose_answer("PutItem")
    put_item(ROW | {"PK": "NEW"}, condition=attr("PK").missing())
    assert lost[0].status_code == 200
    assert get_item(("NEW", "METADATA")) == ROW | {"PK": "NEW"}


def test_an_update_under_a_version_knows_its_repetition_and_answers_what_it_made() -> None:
    lost = wire.lose_answer("UpdateItem")
    assert update_changed() == CHANGED
    assert lost[0].status_code == 200
    assert get_item(KEY) == CHANGED


@pytest.mark.parametrize("condition", [None, attr("PK").exists(), attr("left").lt(5)])
def test_what_is_counted_counts_once(condition: None) -> None:
    lost = wire.lose_answer("UpdateItem")
    assert update_item(KEY, Update().add("left", 1), condition=condition)["left"] == 4
    assert lost[0].status_code == 200
    assert get_item(KEY) == ROW | {"left": 4}


def test_a_counter_skips_no_id() -> None:
    wire.lose_answer("UpdateItem")
    assert [*next_ids("ROW_ID", 2), *next_ids("ROW_ID")] == [1, 2, 3]


def test_a_counter_that_is_raised_stays_there() -> None:
    wire.lose_answer("UpdateItem")
    raise_counter("ROW_ORDER", 7)
    assert next_ids("ROW_ORDER")[0] == 8


@pytest.mark.parametrize("condition", [None, attr("PK").exists(), attr("version").eq(1)])
def test_a_deletion_knows_its_repetition(condition: None) -> None:
    lost = wire.lose_answer("DeleteItem")
    assert delete_item(KEY, condition=condition) == {"PK": KEY[0], "SK": KEY[1]}
    assert lost[0].status_code == 200
    assert get_item(KEY) is None


def test_a_deletion_of_what_was_never_there_is_still_refused() -> None:
    with pytest.raises(ConditionFailed):
        delete_item(("NONE", "METADATA"), condition=attr("PK").exists())
    assert delete_item(("NONE", "METADATA")) is None


def test_a_deletion_that_meets_another_row_in_its_place_is_refused() -> None:
    wire.lose_answer("DeleteItem", then=lambda: put_item(ROW | {"version": 9}))
    with pytest.raises(ConditionFailed):
        delete_item(KEY, condition=attr("version").eq(1))
    assert get_item(KEY) == ROW | {"version": 9}


@pytest.mark.parametrize("write", [put_changed, update_changed])
def test_a_rival_after_the_lost_answer_leaves_the_outcome_open(write: Callable[[], object]) -> None:
    wire.lose_answer("PutItem" if write is put_changed else "UpdateItem", then=rival)
    with pytest.raises(OutcomeUnknown) as caught:
        write()
    assert caught.value.status == 409
    assert caught.value.item == get_item(KEY) == CHANGED | {"version": 3}


def test_a_transaction_after_the_lost_answer_hides_nothing() -> None:
    def go_on() -> None:
        with UnitOfWork() as work:
            work.update(KEY, Update().add("version", 1))

    wire.lose_answer("UpdateItem", then=go_on)
    assert update_changed() == CHANGED | {"version": 3}


@pytest.mark.parametrize("write", [put_changed, update_changed])
def test_a_rival_is_a_rival_where_no_answer_was_lost(write: Callable[[], object]) -> None:
    rival()
    with pytest.raises(ConditionFailed):
        write()


def test_a_throttled_attempt_makes_nothing_uncertain() -> None:
    rival()
    throttled = wire.refuse_sent("UpdateItem", THROTTLED)
    with pytest.raises(ConditionFailed):
        update_changed()
    assert throttled == [None]


@pytest.mark.parametrize("error", [ConnectTimeoutError, EndpointConnectionError])
def test_a_connection_that_never_stood_makes_nothing_uncertain(error: type[BotoCoreError]) -> None:
    failed: list[None] = []

    def fail(request: object, **_: object) -> None:
        if not failed:
            failed.append(None)
            rival()
            raise error(endpoint_url="http://localhost", error="refused")

    get_client().meta.events.register_first("before-send.dynamodb.UpdateItem", fail)
    with pytest.raises(ConditionFailed):
        update_changed()
    assert failed == [None]


def test_a_lost_answer_followed_by_a_transaction_on_the_row_is_remembered() -> None:
    # The client's repetition meets a transaction, then the layer's own one meets the mark.
    wire.lose_answer("UpdateItem", then=lambda: wire.refuse_sent("UpdateItem", BUSY))
    assert update_item(KEY, Update().add("left", 1), sleep=lambda _: None)["left"] == 4


def test_a_row_that_stays_busy_after_a_lost_answer_leaves_the_outcome_open() -> None:
    wire.lose_answer("UpdateItem", then=lambda: wire.refuse_sent("UpdateItem", BUSY, times=99))
    with pytest.raises(OutcomeUnknown):
        update_item(KEY, Update().add("left", 1), sleep=lambda _: None)


def test_a_row_that_stays_busy_was_not_written() -> None:
    wire.refuse_sent("UpdateItem", BUSY, times=99)
    with pytest.raises(TransactionBusy):
        update_item(KEY, Update().add("left", 1), sleep=lambda _: None)


def test_the_mark_is_nobody_elses_business() -> None:
    update_changed()
    stored = get_client().get_item(
        TableName=table_name(), Key={"PK": {"S": KEY[0]}, "SK": {"S": KEY[1]}}, ConsistentRead=True
    )
    assert WRITE_ID in stored["Item"]
    assert WRITE_ID not in (get_item(KEY) or {})
    with pytest.raises(ConditionFailed) as caught:
        update_changed()
    assert caught.value.item == CHANGED


def test_an_update_is_not_changed_by_being_written() -> None:
    update = Update().add("left", 1)
    for left in (4, 5):
        assert update_item(KEY, update)["left"] == left


def test_a_marked_write_takes_one_trip_and_one_unit() -> None:
    with meter() as usage:
        put_changed()
    assert (usage.calls, int(usage.write_units)) == (1, 1)
