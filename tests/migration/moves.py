"""Runs the parts of a migration between a real PostgreSQL and the table of a test, without a terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from common.dynamodb import Item, Key, from_wire, get_item, put_item
from migration.mapping.entities import ENTITIES
from migration.mapping.records import PARTITION
from migration.options import Options
from migration.postgres.source import connect
from migration.reports import Report
from migration.verifying import verification as verifying
from migration.verifying.verdict import Verdict
from migration.way_back.changes import WayBack
from migration.way_back.plan import plan_way_back
from migration.way_back.rolling_back import roll_back
from migration.writing import runner
from migration.writing.result import Result
from tests.support.awkward_data import execute
from tools.progress import silent
from tools.scanning import CONTENTS, scan_pages

TOKEN_KEY = "YSBrZXkgb2YgdGhlIHRlc3RzIHdpdGggMzIgYnl0ZXM="
MEDIA_BASE = "https://shop.example.com"
_MANY_ORDERS = """
    INSERT INTO orders
        (id, order_number, customer_email, customer_name, subtotal, total, created_at, updated_at)
    SELECT id, 'ORD-' || lpad(id::text, 8, '0'), 'buyer' || id || '@example.com', 'Buyer', 20, 20,
        timestamp '2024-01-01' + id * interval '7 minutes', timestamp '2024-01-01'
    FROM generate_series(%(first)s, %(last)s) AS id;
    INSERT INTO order_items (order_id, product_name, quantity, unit_price, total_price)
    SELECT id, 'Print ' || line, 1, 10, 10
    FROM generate_series(%(first)s, %(last)s) AS id, generate_series(1, 2) AS line;
"""
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Move:
    """A database and the table of the test."""

    url: str
    now: Callable[[], datetime] = lambda: NOW

    def options(self, **changes: Any) -> Options:
        """How to move: silently, with one thread, at a fixed time unless it is said otherwise."""
        basis = Options(ENTITIES, silent, workers=1, media_bases=(MEDIA_BASE,), now=self.now)
        return replace(basis, **changes)

    def run(self, **changes: Any) -> Result:
        """Move everything."""
        with connect(self.url) as source:
            return runner.run(source, self.options(**changes))

    def verify(self, **changes: Any) -> Verdict:
        """Compare everything."""
        with connect(self.url) as source:
            return verifying.verify(source, self.options(**changes))

    def way_back(self, **changes: Any) -> WayBack:
        """What going back would change."""
        with connect(self.url) as source:
            return plan_way_back(source, self.options(**changes))

    def go_back(self) -> WayBack:
        """Go back, whatever PostgreSQL has changed."""
        way = self.way_back()
        self.roll_back(is_forced=True)
        return way

    def roll_back(self, *, is_dry: bool = False, is_forced: bool = False) -> Report:
        """Go back as the command does."""
        with connect(self.url, for_writing=True) as source:
            return roll_back(source, self.options(), is_sure=True, is_dry=is_dry, is_forced=is_forced)

    def sql(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement in PostgreSQL."""
        return execute(self.url, statement, *parameters)


def add_orders(move: Move, first: int, count: int) -> None:
    """So many more orders of two lines, with ids from `first` on."""
    with psycopg.connect(move.url) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(_MANY_ORDERS, {"first": first, "last": first + count - 1})


def table_items(*, is_own: Callable[[Item], bool] = lambda item: item["PK"] != PARTITION) -> list[Item]:
    """The rows of the table by key, without those that the migration keeps about itself."""
    found = [from_wire(wire) for page in scan_pages(where=CONTENTS) for wire in page.items]
    return sorted(filter(is_own, found), key=lambda item: (item["PK"], item["SK"]))


def change(key: Key, **values: Any) -> None:
    """Change a row as something beside the shop would; None takes an attribute away."""
    item = get_item(key, consistent=True, now=0) or pytest.fail(f"no row {key}")
    put_item({name: value for name, value in {**item, **values}.items() if value is not None})


def columns_of(way: WayBack) -> Sequence[tuple[str, str, tuple[str, ...]]]:
    """The changes of a way back: kind, table and columns."""
    return [(change.kind, change.table, change.columns) for change in way.changes]


def lost_of(way: WayBack) -> list[tuple[str, int | str, str, str]]:
    """What PostgreSQL has no column for: entity, record, attribute and value."""
    return [(it.entity, it.id, it.what, it.here) for it in way.lost]
