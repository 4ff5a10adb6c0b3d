"""Tests of expiry, soft deletion and versions."""

from typing import Any

import pytest

from common.dynamodb import (
    ConditionFailed,
    Query,
    Update,
    absent,
    expected_version,
    fetch_all,
    get_item,
    index_keys,
    is_live,
    live,
    not_deleted,
    present,
    put_item,
    update_item,
)
from tests.support.races import just_before

NOW = 1_800_000_000
KEY = ("FUMETTO#1", "METADATA")
INDEX_KEYS = index_keys("GSI1", "FUMETTO_ORDER", "0000000001#0000000001")
ITEM: dict[str, Any] = {"PK": KEY[0], "SK": KEY[1], "title": "Uno", "version": 3, **INDEX_KEYS}

EXPIRIES = [({}, True), ({"expires_at": None}, True), ({"expires_at": NOW + 1}, True)]
EXPIRIES += [({"expires_at": NOW}, False), ({"expires_at": NOW - 1}, False)]


@pytest.mark.parametrize(("fields", "lives"), EXPIRIES)
def test_the_condition_and_the_function_agree_on_what_lives(
    table: str, fields: dict[str, Any], lives: bool
) -> None:
    item = {"PK": "A", "SK": "B"} | fields
    put_item(item)
    assert is_live(item, NOW) is lives
    assert len(fetch_all(Query("A", where=live(NOW)), now=0)) == lives
    for condition, holds in ((live(NOW), lives), (present(NOW), lives), (absent(NOW), not lives)):
        if holds:
            put_item(item, condition=condition)
        else:
            with pytest.raises(ConditionFailed):
                put_item(item, condition=condition)


def test_a_missing_item_is_absent_and_not_present(table: str) -> None:
    with pytest.raises(ConditionFailed):
        put_item(ITEM, condition=present(NOW))
    put_item(ITEM, condition=absent(NOW))
    assert get_item(KEY) == ITEM


def test_a_null_deletion_time_means_not_deleted(table: str) -> None:
    put_item(ITEM | {"deleted_at": None})
    assert len(fetch_all(Query(KEY[0], where=not_deleted()))) == 1
    update_item(KEY, Update().set("deleted_at", "2027-01-15T08:00:00.000Z"), condition=not_deleted())
    assert fetch_all(Query(KEY[0], where=not_deleted())) == []


def test_a_write_with_an_old_version_is_refused(table: str) -> None:
    put_item(ITEM)
    rename = Update().set("title", "Due").add("version", 1)

    def rival() -> None:
        update_item(KEY, Update().set("title", "Tre").add("version", 1))

    with just_before("common.dynamodb.items.call", rival), pytest.raises(ConditionFailed):
        update_item(KEY, rename, condition=expected_version(3))
    assert get_item(KEY) == ITEM | {"title": "Tre", "version": 4}
