"""What nobody can have written is not looked for, and what somebody has written is never overwritten."""

from collections.abc import Callable
from typing import Any

import pytest

from common.dynamodb import Update, delete_item, get_item, next_id, put_item, update_item
from migration.table import state as states
from migration.table.state import DIFFERENT
from migration.writing import runner
from migration.writing.claim import CLAIM_KEY
from migration.writing.writer import Writer
from tests.migration.moves import Move, table_items
from tests.support import wire
from tools.errors import ToolError

ORDER = ("ORDER#1", "METADATA")
LAST_ORDER = ("ORDER#6", "METADATA")


class _Killed(Exception):
    """Stands for the end of the process."""


def _looked_for(sent: list[dict[str, Any]]) -> set[str]:
    """The partitions of the keys that were read in batches."""
    return {
        key["PK"]["S"]
        for call in sent
        for request in call["RequestItems"].values()
        for key in request["Keys"]
    }


def _before_window(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], object]) -> None:
    """Write windows of one record, and let something happen before the `number`-th that has orders."""
    monkeypatch.setattr(runner, "WINDOW_RECORDS", 1)
    monkeypatch.setattr(runner, "WINDOWS_AHEAD", 1)
    start, seen = Writer.start, iter(range(1, 1000))

    def starting(self: Writer, window: Any) -> Any:
        if window[0].entity.name == "orders" and next(seen) == number:
            act()
        return start(self, window)

    monkeypatch.setattr(Writer, "start", starting)


def _die() -> None:
    raise _Killed


def _rename(key: tuple[str, str]) -> None:
    update_item(key, Update().set("customer_name", "Somebody else"))


def _name(key: tuple[str, str]) -> Any:
    return (get_item(key) or {}).get("customer_name")


def test_a_first_run_into_an_empty_table_looks_for_no_order(move: Move) -> None:
    sent = wire.sent_parameters("BatchGetItem")
    assert move.run().passed
    found = _looked_for(sent)
    assert not [partition for partition in found if partition.startswith("ORDER#")]
    # Names and tokens are chosen by people, who may have chosen them here already.
    assert [partition for partition in found if partition.startswith("UNIQUE#")]
    assert [partition for partition in found if partition.startswith("CART#")]


def test_a_second_run_looks_for_all_of_them(move: Move) -> None:
    move.run()
    sent = wire.sent_parameters("BatchGetItem")
    assert move.run().passed
    assert {f"ORDER#{number}" for number in range(1, 7)} <= _looked_for(sent)


def test_an_order_that_the_table_has_before_the_first_run_is_not_overwritten(move: Move) -> None:
    put_item({"PK": "ORDER#1", "SK": "METADATA", "customer_name": "Somebody else"})
    result = move.run()
    assert [(it.id, it.kind) for it in result.conflicts if it.entity == "orders"] == [(1, DIFFERENT)]
    assert _name(ORDER) == "Somebody else"


def test_orders_are_looked_for_where_the_shop_has_given_out_numbers_before(move: Move) -> None:
    next_id("ORDER_ID")
    sent = wire.sent_parameters("BatchGetItem")
    move.run()
    assert {f"ORDER#{number}" for number in range(1, 7)} <= _looked_for(sent)


def test_the_shop_gives_out_no_number_of_a_row_that_is_still_to_come(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    _before_window(monkeypatch, 1, lambda: given.append(next_id("ORDER_ID")))
    assert move.run().passed
    ((highest,),) = move.sql("SELECT max(id) FROM orders")
    assert given[0] > highest


@pytest.mark.parametrize("window", [3, 7])
def test_what_a_killed_run_has_written_and_the_shop_has_changed_is_kept(
    move: Move, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(states, "checkpoint", lambda *_: None)
        _before_window(patch, window, _die)
        with pytest.raises(_Killed):
            move.run()
    _rename(ORDER)
    result = move.run()
    assert [(it.id, it.kind) for it in result.conflicts] == [(1, DIFFERENT)]
    assert _name(ORDER) == "Somebody else"
    assert get_item(LAST_ORDER) is not None


def test_an_order_that_postgresql_and_the_shop_have_both_numbered_since_is_not_overwritten(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _before_window(patch, 3, _die)
        with pytest.raises(_Killed):
            move.run()
    number = next_id("ORDER_ID")
    put_item({"PK": f"ORDER#{number}", "SK": "METADATA", "customer_name": "Somebody else"})
    ((highest,),) = move.sql("SELECT max(id) FROM orders")
    assert number == highest + 1
    move.sql("UPDATE orders SET id = %s WHERE id = 6", number)
    assert [(it.id, it.kind) for it in move.run().conflicts] == [(number, DIFFERENT)]
    assert _name((f"ORDER#{number}", "METADATA")) == "Somebody else"


def test_a_run_that_another_one_goes_on_with_ends_before_it_writes_more(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Writer, "start", start)
            assert move.run().passed
        _rename(LAST_ORDER)

    start = Writer.start
    _before_window(monkeypatch, 3, other)
    with pytest.raises(ToolError, match="Another run goes on"):
        move.run()
    assert _name(LAST_ORDER) == "Somebody else"


def test_the_claim_of_a_table_that_was_emptied_halfway_is_not_believed(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    move.run()
    delete_item(states.STATE_KEY)
    for item in table_items():
        if item["PK"] == "COUNTER":
            delete_item((item["PK"], item["SK"]))
    _rename(ORDER)
    claim = get_item(CLAIM_KEY)
    assert [(it.id, it.kind) for it in move.run().conflicts] == [(1, DIFFERENT)]
    assert get_item(CLAIM_KEY) != claim
