"""A database that goes away in the middle ends a command with a sentence, and the same command goes on."""

from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from common.dynamodb import Update, get_client, update_item
from migration.table.emptying import empty_table
from tests.migration.moves import MEDIA_BASE, Move, add_orders, table_items
from tests.support.gate import gate
from tests.support.kills import artshop
from tools.progress import silent

ORDERS = 400
TRADED = 250
FIRST = 1001

_END = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'artshop migrate'
"""


def _words(command: str, url: str) -> list[str]:
    own = {"plan": [], "run": ["--media-base", MEDIA_BASE], "verify": [], "rollback": ["--dry-run"]}
    return [command, "--source", url, *own[command]]


def _done(*words: str, endpoint: str | None = None) -> tuple[int, str]:
    with artshop(*words, endpoint=endpoint) as command:
        code = command.wait()
        return code, command.read_until("\0")


def _assert_stopped(code: int, said: str, who: str) -> None:
    assert code == 1, said
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    error = said[said.index("Error: ") :]
    assert who in error
    assert "the same command" in error


def _assert_that_all_is_there(move: Move) -> None:
    assert move.run(workers=4).passed
    verdict = move.verify(workers=4)
    assert (verdict.differences, verdict.new) == ([], {})


def _port(move: Move) -> int:
    return int(str(conninfo_to_dict(move.url)["port"]))


def _endpoint() -> int:
    return urlsplit(get_client().meta.endpoint_url).port or 0


@pytest.mark.parametrize("command", ["plan", "run", "verify", "rollback"])
def test_postgresql_may_go_away_while_it_is_read(move: Move, command: str) -> None:
    if command != "run":
        move.run(workers=4)
    with gate(_port(move)) as way:
        code, said = _done(*_words(command, make_conninfo(move.url, port=way.port)))
        assert code == 0, said
        size = way.passed
    for part in (0.2, 0.95):
        if command == "run":
            empty_table(4, silent)
        with gate(_port(move), ends_after=int(size * part)) as way:
            code, said = _done(*_words(command, make_conninfo(move.url, port=way.port)))
        _assert_stopped(code, said, "PostgreSQL")
    assert _done(*_words(command, move.url))[0] == 0
    _assert_that_all_is_there(move)


def test_a_run_that_has_looked_at_every_row_needs_the_connection_no_more(move: Move) -> None:
    add_orders(move, FIRST, 2000)
    with artshop(*_words("run", move.url)) as command:
        command.read_until("Moving orders:")
        with psycopg.connect(move.url) as connection:
            connection.execute(_END)
        assert command.wait() == 0
    _assert_that_all_is_there(move)


def test_a_connection_may_be_ended_while_rows_are_written_back(move: Move) -> None:
    add_orders(move, FIRST, TRADED)
    move.run(workers=4)
    for order in range(FIRST, FIRST + TRADED):
        update_item((f"ORDER#{order}", "METADATA"), Update().set("customer_name", "Somebody else"))
    words = ("rollback", "--source", move.url, "--yes")
    with psycopg.connect(move.url) as other, artshop(*words) as command:
        # Without this lock the command might be done before its connection ends.
        other.execute("SELECT FROM orders WHERE id = %s FOR UPDATE", [FIRST + TRADED - 1])
        assert "Writing back:" in command.read_until("Writing back:")
        other.execute(_END)
        code = command.wait()
        said = command.read_until("\0")
    _assert_stopped(code, said, "PostgreSQL")
    named = "SELECT count(*) FROM orders WHERE customer_name = 'Somebody else'"
    assert move.sql(named) == [(0,)]
    assert _done(*words)[0] == 0
    assert move.sql(named) == [(TRADED,)]


@pytest.mark.parametrize("command", ["run", "verify", "rollback"])
def test_the_engine_may_go_away_while_it_is_asked(move: Move, command: str) -> None:
    if command != "run":
        move.run(workers=4)
    with gate(_endpoint()) as way:
        code, said = _done(*_words(command, move.url), endpoint=f"http://127.0.0.1:{way.port}")
        assert code == 0, said
        size = way.passed
    for part in (0.3, 0.9):
        if command == "run":
            empty_table(4, silent)
        with gate(_endpoint(), ends_after=int(size * part)) as way:
            code, said = _done(*_words(command, move.url), endpoint=f"http://127.0.0.1:{way.port}")
        _assert_stopped(code, said, "endpoint")
    assert _done(*_words(command, move.url))[0] == 0
    _assert_that_all_is_there(move)


def _emptied(port: int) -> tuple[int, str]:
    words = ("rollback", "--empty-table", "--yes", "--workers", "2")
    return _done(*words, endpoint=f"http://127.0.0.1:{port}")


def test_the_engine_may_go_away_while_it_is_emptied(move: Move) -> None:
    add_orders(move, FIRST, ORDERS)
    move.run(workers=4)
    with gate(_endpoint()) as way:
        assert _emptied(way.port)[0] == 0
        size = way.passed
    move.run(workers=4)
    with gate(_endpoint(), ends_after=size * 3 // 4) as way:
        code, said = _emptied(way.port)
    _assert_stopped(code, said, "endpoint")
    assert table_items() != []
    assert _emptied(_endpoint())[0] == 0
    assert table_items(is_own=bool) == []
    _assert_that_all_is_there(move)
