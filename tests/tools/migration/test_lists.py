"""What was moved stands in the shop's lists as the shop of before showed it."""

from typing import Any

import pytest

from common.repositories.fumetti import FUMETTI
from common.repositories.personaggi import PERSONAGGI
from tests.support.awkward_data import insert
from tests.tools.migration.moving import TOKEN_KEY, Move, columns_of

OLD, NEW = "2024-01-01 10:00:00", "2025-01-01 10:00:00"


@pytest.fixture
def empty(postgresql_database: str, table: str, monkeypatch: pytest.MonkeyPatch) -> Move:
    """A database without rows, and an empty table."""
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", TOKEN_KEY)
    return Move(postgresql_database)


def _figures(move: Move, *rows: tuple[int, int, str], **values: Any) -> None:
    for number, order, created_at in rows:
        insert(
            move.url,
            "personaggi",
            {"id": number, "name": f"N{number}", "order": order, "created_at": created_at, **values},
        )


def test_characters_of_one_order_stand_newest_first(empty: Move) -> None:
    _figures(empty, (1, 0, OLD), (2, 0, NEW), (3, 0, OLD), (4, -1, OLD), (5, 1, NEW))
    assert empty.run().passed
    assert [entry.id for entry in PERSONAGGI.live()] == [4, 2, 3, 1, 5]
    assert empty.verify().differences == []


def test_comics_of_one_order_stand_newest_first(empty: Move) -> None:
    for number, created_at in ((1, OLD), (2, NEW)):
        insert(empty.url, "fumetti", {"id": number, "title": "T", "created_at": created_at})
    assert empty.run().passed
    assert [entry.id for entry in FUMETTI.live()] == [2, 1]
    assert empty.verify().differences == []


def test_orders_below_zero_stand_in_their_order(empty: Move) -> None:
    _figures(empty, (1, -2, OLD), (2, -10, OLD), (3, -2147483648, OLD), (4, 2147483647, OLD), (5, 0, OLD))
    assert empty.run().passed
    assert [entry.id for entry in PERSONAGGI.live()] == [3, 2, 1, 5, 4]
    assert empty.verify().differences == []


def test_an_order_that_no_list_has_room_for_is_named(empty: Move) -> None:
    empty.sql('ALTER TABLE personaggi ALTER "order" TYPE bigint')
    _figures(empty, (1, 10**10, OLD))
    (bad,) = empty.run().bad
    assert bad.id == 1
    assert "order 10000000000" in str(bad.details)


def test_a_nul_in_json_is_moved_and_verified_and_comes_back(empty: Move) -> None:
    _figures(empty, (1, 0, OLD), images='["a\\u0000b", "https://cdn.example.com/1.png"]')
    _figures(empty, (2, 0, OLD), images='{"\\u0000": "\\u0000"}')
    assert empty.run().passed
    assert empty.verify().differences == []
    assert columns_of(empty.way_back()) == []


def test_lists_are_compared_where_the_database_lacks_columns(empty: Move) -> None:
    for table in ("personaggi", "fumetti", "products", "orders"):
        empty.sql(f"ALTER TABLE {table} DROP COLUMN deleted_at")
    empty.sql('ALTER TABLE fumetti DROP COLUMN "order", DROP COLUMN created_at')
    insert(empty.url, "fumetti", {"id": 1, "title": "T"}, {"id": 2, "title": "T"})
    _figures(empty, (1, 0, OLD))
    assert empty.run().passed
    assert empty.verify().differences == []
    assert [entry.id for entry in FUMETTI.live()] == [2, 1]
