"""Whatever was traded after a move, there is a way back, and a rehearsal says what the way back does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from app import DOMAINS, load_routes
from common.clock import utc_now
from common.dynamodb import create_table, delete_table
from common.http import ShopApp, create_app
from migration.reports import Report
from tests.migration.moves import TOKEN_KEY, Move
from tests.migration.way_back.shop_facts import facts_of_database, facts_of_shop
from tests.migration.way_back.trading import ACTS, USERNAME, Act, Trader
from tests.shop.conftest import password_hash
from tests.support.awkward_data import fill, insert
from tests.support.buckets import fresh_bucket
from tests.support.http import Client
from tests.support.tokens import admin_token
from tools.engines.postgresql import Server

# More with ARTSHOP_HISTORIES=200, which takes some minutes.
EXAMPLES = int(os.environ.get("ARTSHOP_HISTORIES", "3"))
# What a database of the shop can lack.
SHAPES = (
    "",
    "DROP TABLE audit_logs",
    "ALTER TABLE products DROP COLUMN etsy_link; ALTER TABLE orders DROP COLUMN notes",
    "ALTER TABLE orders ALTER customer_name TYPE varchar(100); ALTER TABLE categories DROP description",
)
_LAST = {
    "id": 40,
    "name": "The last",
    "order": 2**31 - 1,
    "created_at": "2024-01-01",
    "updated_at": "2024-01-01",
}

ACT = st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 11), st.integers(0, 11))


@pytest.fixture(scope="module")
def filled(postgresql: Server) -> str:
    """A database to copy: the awkward data, and an entry that nothing can come after."""
    url = postgresql.create_database("history", template="shop_template")
    fill(url)
    insert(url, "personaggi", _LAST)
    return "history"


@pytest.fixture(scope="module")
def shop() -> ShopApp:
    """All domains in one app."""
    return create_app("shop", [load_routes(name) for name in DOMAINS])


@pytest.fixture
def account(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the shop needs around its table."""
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", f"test-{uuid4()}")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", TOKEN_KEY)
    monkeypatch.setenv("ADMIN_USERNAME", USERNAME)
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", password_hash())
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    monkeypatch.setenv("CHECKOUTS_PER_HOUR", "1000")
    with fresh_bucket():
        yield


@contextmanager
def _moved(server: Server, template: str, shape: str) -> Iterator[Move]:
    """A copy of the database in this shape, moved into a fresh table."""
    name = f"history_{uuid4().hex}"
    move = Move(server.create_database(name, template=template), utc_now)
    create_table()
    try:
        if shape:
            with psycopg.connect(move.url) as connection:
                connection.execute(shape.encode())
        assert move.run(skip_bad=bool(shape)).bad == []
        yield move
    finally:
        delete_table()
        server.drop_database(name)


def _rows(move: Move) -> dict[str, list[Any]]:
    """Every row of the database, as text."""
    with psycopg.connect(move.url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        statements = {name: f"SELECT t::text FROM {name} t" for (name,) in names}  # noqa: S608 - names of tables
        return {name: sorted(connection.execute(text.encode())) for name, text in statements.items()}


def _sections(report: Report) -> Any:
    return report.data()["sections"]


@settings(max_examples=EXAMPLES)
@given(
    acts=st.lists(ACT, min_size=1, max_size=15), more=st.lists(ACT, max_size=4), shape=st.sampled_from(SHAPES)
)
@example([("check out", 1, 1), ("step of an order", 0, 1), ("cart", 2, 1), ("order", 1, 1)], [], "")
@example([("order", 0, 1), ("order", 2, 5), ("check out", 0, 0)], [], "")
@example([("reuse a slug", 1, 0), ("reuse a slug", 1, 0), ("swap slugs", 2, 3)], [("swap slugs", 2, 3)], "")
@example([("sign in", 1, 0), ("change a product", 2, 0)], [("sign in", 0, 0)], SHAPES[1])
@example([("personaggio", 0, 0), ("personaggio", 5, 3), ("picture of a product", 3, 0)], [], SHAPES[3])
@example([("code", 0, 1), ("code", 0, 0), ("variant", 2, 1), ("variant", 2, 4)], [("code", 1, 1)], "")
@pytest.mark.usefixtures("account")
def test_after_any_history_there_is_a_way_back(
    postgresql: Server, filled: str, shop: ShopApp, acts: list[Act], more: list[Act], shape: str
) -> None:
    with _moved(postgresql, filled, shape) as move:
        trader = Trader(Client(shop, token=admin_token()), Client(shop))
        for history in (acts, more) if more else (acts,):
            for act in history:
                trader.do(act)
            note("\n".join(trader.said))
            before = _rows(move)
            rehearsed = move.roll_back(is_dry=True)
            assert _rows(move) == before
            done = move.roll_back()
            assert (rehearsed.passed, done.passed) == (True, True), done.summary
            assert _sections(rehearsed) == _sections(done)
            assert facts_of_database(move, done) == facts_of_shop(move, done)
            after = _rows(move)
            again = move.roll_back()
            assert _sections(again)[0]["rows"] == []
            assert _rows(move) == after
