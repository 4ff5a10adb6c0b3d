"""`run`, `rollback` and `--empty-table`, killed at random moments and resumed: nothing is missing or left.

ARTSHOP_KILLS says how often each is killed, ARTSHOP_KILLS_SEED by which numbers.
"""

import os
from collections.abc import Callable
from random import Random
from uuid import uuid4

from common.clock import iso, utc_now
from common.dynamodb import get_item, put_item
from migration.table import state as states
from migration.table.emptying import empty_table
from tests.migration.moves import MEDIA_BASE, Move, add_orders, table_items
from tests.support.kills import Begun, dies_at, killed_within, seconds_of
from tests.support.programs import Program
from tools.engines.postgresql import Server
from tools.progress import silent

KILLS = int(os.environ.get("ARTSHOP_KILLS", "2"))
SEED = int(os.environ.get("ARTSHOP_KILLS_SEED", "1"))
ORDERS = 800
FIRST = 1001

TRADED = 120

EMPTY = ("rollback", "--empty-table", "--yes", "--workers", "2")
# Before and after what is written, at which an even kill strikes; an odd one strikes by the clock.
EVENTS = ("PutItem", "BatchWriteItem", "UpdateItem", "BatchGetItem", "Scan")

Note = Callable[[str, object], None]


def _kill(random: Random, number: int, seconds: float, begun: Begun, *words: str) -> str:
    """Kill the command, and say where; empty when it was done before."""
    if number % 2:
        return "by the clock" if killed_within(seconds, begun, random, *words) else ""
    event = f"{random.choice(('before', 'after'))}-call.dynamodb.{random.choice(EVENTS)}"
    count = random.randint(1, 40)
    return f"{event} {count}" if dies_at(event, count, *words) else ""


def _has_forgotten(command: Program) -> None:
    """Emptying begins with the state of the migration, and says nothing before a tenth is gone."""
    while command.process.poll() is None and states.load() is not None:
        pass


def _keys() -> set[tuple[str, str]]:
    return {(item["PK"], item["SK"]) for item in table_items()}


def test_a_run_killed_at_random_moments_arrives_without_a_difference(
    move: Move, record_property: Note
) -> None:
    add_orders(move, FIRST, ORDERS)
    words = ("run", "--source", move.url, "--media-base", MEDIA_BASE, "--workers", "2")
    seconds = seconds_of("Checking", *words)
    expected, random, killed = _keys(), Random(SEED), 0  # noqa: S311 - the moments of kills
    while killed < KILLS:
        empty_table(4, silent)
        where = _kill(random, killed, seconds, "Checking", *words)
        if where:
            killed += 1
            record_property(f"run {killed}", f"{where}, {len(_keys())} of {len(expected)} rows")
        assert move.run(workers=4).passed
        verdict = move.verify(workers=4)
        assert (verdict.differences, verdict.new) == ([], {}), where
        assert _keys() == expected, where
    again = move.run(workers=4).outcome
    assert (again.written, again.overwritten) == (0, 0)


def test_a_table_whose_emptying_is_killed_at_random_moments_is_empty_in_the_end(
    move: Move, record_property: Note
) -> None:
    add_orders(move, FIRST, ORDERS)
    move.run(workers=4)
    rows = len(_keys())
    seconds = seconds_of(_has_forgotten, *EMPTY)
    random, killed = Random(SEED), 0  # noqa: S311 - the moments of kills
    while killed < KILLS:
        move.run(workers=4)
        where = _kill(random, killed, seconds, _has_forgotten, *EMPTY)
        if where:
            killed += 1
            record_property(f"empty {killed}", f"{where}, {len(_keys())} of {rows} rows left")
        empty_table(4, silent)
        assert table_items(is_own=bool) == []
        assert get_item(states.STATE_KEY) is None
    assert move.run(workers=4).passed
    assert move.verify(workers=4).passed
    assert len(_keys()) == rows


def _trade(first: int) -> None:
    """New orders, whose lines need ids, and changes of old ones, which PostgreSQL writes row by row."""
    moment = iso(utc_now())
    for number in range(first, first + TRADED):
        moved = get_item((f"ORDER#{number}", "METADATA")) or {}
        details = get_item((f"ORDER#{number}", "DETAILS")) or {}
        put_item({**moved, "customer_name": "Renamed", "updated_at": moment})
        copy = {"id": number + ORDERS, "PK": f"ORDER#{number + ORDERS}"}
        lines = [{**line, "id": place} for place, line in enumerate(details["lines"], start=1)]
        put_item({**moved, **copy, "order_number": f"ORD-{number + ORDERS:08d}"})
        put_item({**details, **copy, "lines": lines})


def _rows(move: Move) -> list[object]:
    """The orders and their lines; which numbers new lines get is open, for a kill may use some up."""
    lines = move.sql("SELECT (to_jsonb(t) - 'id')::text FROM order_items t ORDER BY order_id, id")
    return [*move.sql("SELECT t::text FROM orders t ORDER BY id"), *lines]


def test_a_way_back_killed_at_random_moments_is_all_or_nothing_and_ends_right(
    move: Move, postgresql: Server, record_property: Note
) -> None:
    add_orders(move, FIRST, ORDERS)
    move.run(workers=4)
    _trade(FIRST)
    before = _rows(move)
    template = move.url.rpartition("/")[2]
    expected: list[object] = []
    random, killed, seconds = Random(SEED), 0, 0.0  # noqa: S311 - the moments of kills
    while killed < KILLS or not expected:
        name = f"killed_{uuid4().hex}"
        copy = Move(postgresql.create_database(name, template=template))
        words = ("rollback", "--source", copy.url, "--yes", "--workers", "2")
        if not expected:
            seconds = seconds_of("Reading the table", *words)
            expected = _rows(copy)
            assert len(expected) == len(before) + TRADED * 3
        elif where := _kill(random, killed, seconds, "Reading the table", *words):
            killed += 1
            state = "nothing" if _rows(copy) == before else "all"
            record_property(f"rollback {killed}", f"{where}, {state} was written")
            assert _rows(copy) in (before, expected), where
        copy.roll_back()
        assert _rows(copy) == expected
        assert copy.way_back(workers=4).changes == []
        postgresql.drop_database(name)
