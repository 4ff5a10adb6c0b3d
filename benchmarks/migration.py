"""Measures the move from PostgreSQL: many orders by the commands themselves, each in a process of its own.

Beside it the same items are written by a naive writer, which says what the machine and the engine allow.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.naive_writer import keep_items, warm_up, write_naively
from common.dynamodb import create_table, delete_table, table_name
from migration.schema.tables import ddl
from tools.costs.prices import prices_of
from tools.engines import postgresql

# Whose prices say what a move costs.
REGION = "us-east-1"
ORDERS = 100_000
ITEMS = 3
RUN_BUDGET, VERIFY_BUDGET = 150_000_000, 250_000_000

_FILL = """
    INSERT INTO orders (id, order_number, customer_email, customer_name, subtotal, tax, total,
        shipping_address, created_at, updated_at)
    SELECT id, 'ORD-' || lpad(id::text, 8, '0'), 'customer' || id || '@example.com', 'Customer ' || id,
        30, 6.60, 36.60,
        '{"street": "Via Roma 1", "city": "Torino", "state": "TO", "zip_code": "10100", "country": "IT"}',
        timestamp '2020-01-01' + id * interval '7 minutes', timestamp '2020-01-01' + id * interval '9 minutes'
    FROM generate_series(1, %(orders)s) AS id;
    INSERT INTO order_items (order_id, product_id, variant_id, product_name, variant_name, sku, quantity,
        unit_price, total_price, created_at)
    SELECT id, line, line, 'Print ' || line, 'A3', 'PRINT-' || line, 1, 10, 10,
        timestamp '2020-01-01' + id * interval '7 minutes'
    FROM generate_series(1, %(orders)s) AS id, generate_series(1, %(items)s) AS line;
"""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One command: nanoseconds from start to end, its memory and its budget in bytes, what it reported."""

    spent: int
    peak: int
    found: dict[str, Any]
    budget: int

    @property
    def holds(self) -> bool:
        """Whether it stayed within the budget for memory."""
        return self.peak < self.budget


@dataclass(frozen=True, slots=True)
class MigrationSample:
    """So many orders, moved and verified; `rows` counts those of PostgreSQL.

    `naive` is how many nanoseconds the naive writer took for the items that `run` has written.
    """

    orders: int
    rows: int
    run: Step
    verify: Step
    naive: int

    @property
    def ratio(self) -> Decimal:
        """How many times the naive writer's rate `run` reaches, with all that it does beside writing."""
        return Decimal(self.naive) / self.run.spent

    @property
    def written(self) -> int:
        """The rows that were written."""
        return int(self.run.found["written"])

    @property
    def write_units(self) -> Decimal:
        """What writing them consumed."""
        return Decimal(self.run.found["write_units"])

    @property
    def read_units(self) -> Decimal:
        """What was read beside: orders that nobody can have written before are not looked for."""
        return Decimal(self.run.found["read_units"])

    @property
    def dollars_for_a_million(self) -> Decimal:
        """What it costs on AWS to move a million rows of PostgreSQL, in US dollars."""
        prices = prices_of(REGION)
        write, read = prices["write_requests"].usd, prices["read_requests"].usd
        return (self.write_units * write + self.read_units * read) / self.rows


def measure_migration(orders: int, progress: Progress) -> MigrationSample:
    """Move and verify so many orders with three items each. Raises RuntimeError when either fails."""
    progress(f"migration: filling PostgreSQL with {orders} orders")
    with postgresql.start() as server:
        source = server.create_database("shop")
        _fill(source, orders)
        progress("migration: warming the engine up")
        warm_up()
        with tempfile.TemporaryDirectory() as folder, _table():
            progress("migration: moving them")
            moved = _measured("run", source, RUN_BUDGET)
            progress("migration: verifying them")
            verified = _measured("verify", source, VERIFY_BUDGET)
            items = Path(folder) / "items.jsonl"
            keep_items(items)
            delete_table(table_name())
            create_table()
            progress("migration: writing the same items naively")
            naive = write_naively(items)
    return MigrationSample(orders, orders * (1 + ITEMS), moved, verified, naive)


@contextmanager
def _table() -> Iterator[None]:
    create_table()
    try:
        yield
    finally:
        delete_table(table_name())


def _fill(source: str, orders: int) -> None:
    import psycopg

    with psycopg.connect(source) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(ddl().encode())
        cursor.execute(_FILL, {"orders": orders, "items": ITEMS})


def _measured(command: str, source: str, budget: int) -> Step:
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "benchmarks.peak", "migrate", command, "--report", folder]
        started = time.perf_counter_ns()
        done = subprocess.run(
            words,
            env={**os.environ, "DATABASE_URL": source},
            cwd=Path(__file__).parents[1],
            capture_output=True,
            text=True,
            check=False,
        )
        spent = time.perf_counter_ns() - started
        if done.returncode:
            raise RuntimeError(f"migrate {command} failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        found = json.loads((Path(folder) / f"{command}.json").read_text(encoding="utf-8"))
    return Step(spent, int(done.stdout.split()[-1]), found, budget)
