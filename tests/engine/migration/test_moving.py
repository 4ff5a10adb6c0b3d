"""A migration that is killed at any point, as `kill -9` does it, goes on when it is repeated."""

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from common.dynamodb import Update, get_item, update_item
from common.repositories.order_counter import sales_tally
from migration.table import state as states
from migration.table.emptying import empty_table
from tests.migration.moves import MEDIA_BASE, Move, add_orders, table_items
from tests.support.kills import die_at, kill_after
from tools.errors import ToolError
from tools.progress import silent

ORDERS = 2000
CHANGED = 250
FIRST = 1001


def _run(move: Move, *words: str) -> Sequence[str]:
    return "run", "--source", move.url, "--media-base", MEDIA_BASE, *words


def _state() -> states.State:
    return states.load() or pytest.fail("no state")


def _assert_that_all_is_there(move: Move) -> None:
    verdict = move.verify(workers=4)
    assert verdict.differences == []
    assert verdict.new == {}
    again = move.run(workers=4)
    assert again.passed
    assert (again.outcome.written, again.outcome.overwritten) == (0, 0)


def test_a_run_that_is_killed_again_and_again_is_taken_up_behind_its_checkpoints(move: Move) -> None:
    add_orders(move, FIRST, ORDERS)
    reached = [0]
    for windows in (1, 2):
        kill_after("Moving orders:", windows, *_run(move))
        reached.append(_state().after("orders") or 0)
        assert not _state().finished_at
    result = move.run(workers=4)
    assert reached == sorted(set(reached))
    assert reached[-1] >= FIRST + 2 * 500
    assert result.passed
    assert result.records["orders"] <= ORDERS - 2 * 500
    assert sales_tally().orders == move.sql("SELECT count(*) FROM orders WHERE deleted_at IS NULL")[0][0]
    _assert_that_all_is_there(move)


_POINTS = [
    ("before-call.dynamodb.PutItem", 1),  # nothing is written
    ("after-call.dynamodb.PutItem", 1),  # the state is, and no row
    ("before-call.dynamodb.BatchWriteItem", 1),
    ("after-call.dynamodb.BatchWriteItem", 3),  # rows of a window, and no checkpoint
    ("after-call.dynamodb.UpdateItem", 4),
    ("before-call.dynamodb.UpdateItem", 9),  # a window, and not its checkpoint
    ("before-call.dynamodb.Scan", 1),  # every row, and no tally
]


def test_a_run_may_die_before_and_after_each_kind_of_write(move: Move) -> None:
    for event, number in _POINTS:
        die_at(event, number, *_run(move, "--workers", "2"))
    assert not _state().finished_at
    result = move.run()
    assert (result.passed, sum(result.records.values())) == (True, 0)
    _assert_that_all_is_there(move)


@pytest.mark.parametrize(
    ("event", "number"),
    [("before-call.dynamodb.BatchWriteItem", 1), ("after-call.dynamodb.BatchWriteItem", 1)],
)
def test_what_an_earlier_run_left_out_is_moved_although_the_next_one_died(
    move: Move, event: str, number: int
) -> None:
    move.sql("UPDATE order_items SET created_at = 'infinity' WHERE id = 20")
    assert [bad.id for bad in move.run(skip_bad=True).bad] == [40]
    move.sql("UPDATE order_items SET created_at = '2024-06-01' WHERE id = 20")
    # The first batch that this run writes forgets the findings of the one before.
    die_at(event, number, *_run(move))
    assert move.run().passed
    _assert_that_all_is_there(move)


def test_what_a_killed_run_left_out_is_still_listed_by_the_one_that_goes_on(move: Move) -> None:
    move.sql("UPDATE order_items SET created_at = 'infinity' WHERE id = 20")
    die_at("before-call.dynamodb.Scan", 1, *_run(move, "--skip-bad"))
    result = move.run(skip_bad=True)
    assert [(bad.entity, bad.id) for bad in result.bad] == [("orders", 40)]
    assert not result.passed


def test_going_back_that_is_killed_in_the_middle_has_changed_nothing_and_can_be_repeated(move: Move) -> None:
    add_orders(move, FIRST, CHANGED)
    move.run(workers=4)
    changed = range(FIRST, FIRST + CHANGED)
    for order in changed:
        update_item((f"ORDER#{order}", "METADATA"), Update().set("customer_name", "Somebody else"))
    before = _named(move)
    # Without this lock the command might be done before it is killed.
    with psycopg.connect(move.url) as connection:
        connection.execute("SELECT FROM orders WHERE id = %s FOR UPDATE", [changed[-1]])
        kill_after("Writing back:", 1, "rollback", "--source", move.url, "--yes")
    assert before == _named(move) == 0
    assert len(move.go_back().changes) == _named(move) == CHANGED
    assert move.way_back(workers=4).changes == []
    assert move.verify(workers=4).passed


def _named(move: Move) -> Any:
    return move.sql("SELECT count(*) FROM orders WHERE customer_name = 'Somebody else'")[0][0]


def test_a_table_that_is_half_empty_is_no_shop_to_go_back_to(move: Move) -> None:
    move.run()
    rows = len(table_items(is_own=bool))
    die_at("after-call.dynamodb.BatchWriteItem", 2, "rollback", "--empty-table", "--yes", "--workers", "1")
    assert 0 < len(table_items(is_own=bool)) < rows
    with pytest.raises(ToolError, match="there is no way back"):
        move.way_back()
    assert empty_table(2, silent) > 0
    assert table_items(is_own=bool) == []
    assert get_item(states.STATE_KEY) is None
    assert move.run().passed
    _assert_that_all_is_there(move)
