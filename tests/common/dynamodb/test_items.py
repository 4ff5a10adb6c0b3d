"""Tests of reading and writing one item."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from common.dynamodb import (
    ConditionFailed,
    TransactionBusy,
    UnstorableValue,
    Update,
    absent,
    attr,
    delete_item,
    expected_version,
    get_item,
    put_item,
    update_item,
)
from common.dynamodb.backoff import Sleep
from common.errors import Conflict
from tests.support import wire
from tests.support.races import just_before

KEY = ("PRODUCT#1", "METADATA")
ITEM = {"PK": "PRODUCT#1", "SK": "METADATA", "price": Decimal("12.50"), "stock": 3, "version": 1}
NOW = 1_800_000_000


def test_an_item_is_read_as_it_was_written(table: str) -> None:
    put_item(ITEM)
    assert get_item(KEY) == ITEM
    assert get_item(KEY, consistent=True) == ITEM


def test_a_missing_item_is_none(table: str) -> None:
    assert get_item(KEY) is None
    assert delete_item(KEY) is None


def test_a_read_is_consistent_when_asked(table: str) -> None:
    sent = wire.sent_parameters("GetItem")
    get_item(KEY)
    get_item(KEY, consistent=True)
    assert [parameters["ConsistentRead"] for parameters in sent] == [False, True]


def test_an_expired_item_is_absent(table: str) -> None:
    put_item(ITEM | {"expires_at": NOW})
    assert get_item(KEY, now=NOW - 1) == ITEM | {"expires_at": NOW}
    assert get_item(KEY, now=NOW) is None


def test_the_clock_decides_by_default(table: str) -> None:
    put_item(ITEM | {"expires_at": 1})
    assert get_item(KEY) is None
    put_item(ITEM | {"expires_at": 99_999_999_999})
    assert get_item(KEY) is not None


def test_an_item_without_an_expiry_never_expires(table: str) -> None:
    put_item(ITEM | {"expires_at": None})
    assert get_item(KEY, now=NOW) == ITEM | {"expires_at": None}


def test_a_put_replaces_the_whole_item(table: str) -> None:
    put_item(ITEM)
    put_item({"PK": KEY[0], "SK": KEY[1], "title": "new"})
    assert get_item(KEY) == {"PK": KEY[0], "SK": KEY[1], "title": "new"}


def test_an_update_changes_and_returns_the_item(table: str) -> None:
    put_item(ITEM)
    assert update_item(KEY, Update().increment("stock", -1)) == ITEM | {"stock": 2}
    assert get_item(KEY) == ITEM | {"stock": 2}


def test_an_update_creates_what_is_missing(table: str) -> None:
    assert update_item(KEY, Update().set("a", 1)) == {"PK": KEY[0], "SK": KEY[1], "a": 1}


def test_a_delete_returns_what_was_there(table: str) -> None:
    put_item(ITEM)
    assert delete_item(KEY) == ITEM
    assert get_item(KEY) is None


def test_a_refused_put_tells_what_it_met(table: str) -> None:
    put_item(ITEM)
    with pytest.raises(ConditionFailed) as caught:
        put_item(ITEM | {"stock": 9}, condition=attr("PK").missing())
    assert caught.value.item == ITEM
    assert isinstance(caught.value, Conflict)
    assert get_item(KEY) == ITEM


def test_a_refused_update_tells_what_it_met(table: str) -> None:
    put_item(ITEM)
    with pytest.raises(ConditionFailed) as caught:
        update_item(KEY, Update().increment("stock", -4), condition=attr("stock").ge(4))
    assert caught.value.item == ITEM


def test_a_refused_delete_tells_what_it_met(table: str) -> None:
    put_item(ITEM)
    with pytest.raises(ConditionFailed) as caught:
        delete_item(KEY, condition=attr("stock").eq(0))
    assert caught.value.item == ITEM
    assert get_item(KEY) == ITEM


def test_a_condition_on_a_missing_item_meets_nothing(table: str) -> None:
    with pytest.raises(ConditionFailed) as caught:
        update_item(KEY, Update().set("stock", 1), condition=attr("PK").exists())
    assert caught.value.item is None
    assert get_item(KEY) is None


def test_an_expired_item_counts_as_absent_in_a_condition(table: str) -> None:
    put_item(ITEM | {"expires_at": NOW})
    with pytest.raises(ConditionFailed):
        put_item(ITEM, condition=absent(NOW - 1))
    put_item(ITEM, condition=absent(NOW))
    assert get_item(KEY) == ITEM


def test_a_change_between_reading_and_writing_is_not_lost(table: str) -> None:
    put_item(ITEM)

    def rival() -> None:
        update_item(KEY, Update().set("stock", 10).add("version", 1))

    read = get_item(KEY)
    assert read is not None
    with just_before("common.dynamodb.items.call", rival), pytest.raises(ConditionFailed) as caught:
        put_item(read | {"stock": 2}, condition=expected_version(read["version"]))
    assert caught.value.item == ITEM | {"stock": 10, "version": 2}
    assert get_item(KEY) == ITEM | {"stock": 10, "version": 2}


def test_an_unstorable_value_is_refused_before_anything_is_sent(table: str) -> None:
    sent = wire.sent_parameters("PutItem")
    with pytest.raises(UnstorableValue, match=r"attributes\.size is a float"):
        put_item({"PK": "A", "SK": "B", "attributes": {"size": 1.5}})
    assert sent == []


def test_other_refusals_of_the_engine_are_passed_on(table: str) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        update_item(KEY, Update().increment("missing", 1))


BUSY = {"Error": {"Code": "TransactionConflictException", "Message": "ongoing"}}


@pytest.mark.parametrize(
    ("operation", "write"),
    [
        ("PutItem", lambda sleep: put_item({"PK": "A", "SK": "B", "n": 1}, sleep=sleep)),
        ("UpdateItem", lambda sleep: update_item(("A", "B"), Update().set("n", 1), sleep=sleep)),
    ],
)
def test_a_write_beside_a_transaction_on_its_item_waits_and_goes_on(
    table: str, operation: str, write: Callable[[Sleep], object]
) -> None:
    pauses: list[float] = []
    refused = wire.refuse_calls(operation, [BUSY] * 3)
    write(pauses.append)
    assert (len(refused), len(pauses)) == (3, 3)
    assert get_item(("A", "B")) == {"PK": "A", "SK": "B", "n": 1}


def test_a_write_that_never_gets_its_turn_says_so(table: str) -> None:
    refused = wire.refuse_calls("DeleteItem", [BUSY] * 50)
    with pytest.raises(TransactionBusy):
        delete_item(("A", "B"), sleep=lambda _: None)
    assert 1 < len(refused) < 50
