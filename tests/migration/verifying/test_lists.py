"""What was moved stands in the shop's lists as the shop of before showed it."""

from typing import Any

import pytest

from common.repositories.notifications import all_notifications
from common.repositories.personaggi import PERSONAGGI
from content.repositories.fumetti import FUMETTI
from etsy_sync.links.etsy_receipts import page_of_receipts
from etsy_sync.links.etsy_status import page_of_listings
from etsy_sync.repositories.sync_log import FAILED, PUSH, SKIPPED, SUCCESS, entries_between
from tests.migration.moves import TOKEN_KEY, Move, columns_of
from tests.support.awkward_data import insert

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


def test_a_nul_in_json_is_written_back_as_it_was(empty: Move) -> None:
    pictures = '["a\\u0000b"]'
    _figures(empty, (1, 0, OLD), images=pictures)
    assert empty.run().passed
    empty.sql("UPDATE personaggi SET images = '[]'")
    empty.go_back()
    assert empty.sql("SELECT images::text FROM personaggi") == [(pictures,)]


def test_lists_are_compared_where_a_state_is_an_enumeration(empty: Move) -> None:
    empty.sql("CREATE TYPE state AS ENUM ('draft', 'PUBLISHED')")
    empty.sql("ALTER TABLE products ALTER status DROP DEFAULT, ALTER status TYPE state USING status::state")
    insert(empty.url, "products", {"id": 1, "slug": "a", "title": "A", "status": "PUBLISHED"})
    assert empty.run().passed
    assert empty.verify().differences == []


def test_rows_of_free_states_stand_in_the_lists_of_the_pages(empty: Move) -> None:
    """Of each kind of row three with states that nobody has a word for, and one is not hidden by another."""
    states = ("on hold", "DONE", "")
    for number, state in enumerate(states, 1):
        listing = {"etsy_listing_id": number, "title": "T", "state": state, "sync_status": state}
        insert(empty.url, "etsy_products", listing)
        entry = dict.fromkeys(("etsy_quantity", "local_quantity", "quantity_diff"), 0)
        words = {"sync_action": state, "sync_result": state, "etsy_listing_id": number}
        insert(empty.url, "etsy_inventory_sync_log", entry | words)
        told = {"type": state, "title": "T"}
        insert(empty.url, "notifications", told)
        placed = {"etsy_created_at": OLD, "etsy_updated_at": OLD, "shop_id": "1"}
        receipt = {"etsy_receipt_id": number, "status": state, "sync_status": state}
        insert(empty.url, "etsy_receipts", placed | receipt)
    assert empty.run().passed
    assert page_of_listings(0, 10)[1] == 3
    assert entries_between(0, 10, now=0)[1] == 3
    assert page_of_receipts(0, 10)[1] == 3
    assert len(all_notifications(0)) == 3
    assert empty.verify().differences == []


@pytest.mark.parametrize(("word", "status"), [("Error", FAILED), ("SUCCESS", SUCCESS), ("skipped ", SKIPPED)])
def test_the_log_is_found_by_what_became_of_it(empty: Move, word: str, status: str) -> None:
    entry = dict.fromkeys(("etsy_quantity", "local_quantity", "quantity_diff"), 0)
    words = {"sync_action": "PUSH_TO_ETSY", "sync_result": word, "etsy_listing_id": 1}
    insert(empty.url, "etsy_inventory_sync_log", entry | words)
    assert empty.run().passed
    ((found,), _) = entries_between(0, 10, now=0, status=status)
    assert found.direction == PUSH
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
