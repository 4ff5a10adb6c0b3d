"""Fills a PostgreSQL database with awkward data: every table, and what a careless move would damage.

Emoji, newlines, doubled quotes, microseconds, `+00`, numeric-looking slugs and codes, duplicate image
positions, SKUs used by a product and a variant, soft-deleted rows, JSON of any kind and key order, empty
strings beside nulls, ids with gaps, orders with numbers of their own, cart lines twice and without variant.
"""

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Placeholder

from migration.schema.tables import TABLES
from tests.support.awkward_catalogue import CATALOGUE, EARLY, Rows
from tests.support.awkward_channels import CHANNELS, CONTENT
from tests.support.awkward_sales import AROUND, CARTS, ORDERS

# Every row of it can be moved, and no two of its live rows claim the same unique value.
AWKWARD: Rows = {**CATALOGUE, **CARTS, **ORDERS, **AROUND, **CHANNELS, **CONTENT}
# What `fill` with `conflicts` adds: codes that differ only in case, which PostgreSQL takes for two.
CONFLICTS: Rows = {
    "discount_codes": [
        {"id": 90, "code": "welcome10", "type": "fixed", "value": "1.00", "created_at": EARLY},
    ],
}


def fill(url: str, *, conflicts: bool = False) -> None:
    """Insert all of it into the empty tables, and set the sequences above the highest ids."""
    with psycopg.connect(url) as connection:
        for table in TABLES:
            _insert(connection, table, AWKWARD[table])
        if conflicts:
            for table, rows in CONFLICTS.items():
                _insert(connection, table, rows)
        for table in TABLES:
            if table != "product_categories":
                _move_sequence(connection, table)


def insert(url: str, table: str, *rows: dict[str, Any]) -> None:
    """Insert rows into one table; JSON and timestamps are given as text."""
    with psycopg.connect(url) as connection:
        _insert(connection, table, rows)


def execute(url: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Run one statement and give its rows, if it has any."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode(), parameters or None)
        return cursor.fetchall() if cursor.description else []


def _insert(
    connection: psycopg.Connection[Any], table: str, rows: list[dict[str, Any]] | tuple[dict[str, Any], ...]
) -> None:
    for row in rows:
        statement = SQL("INSERT INTO {} ({}) VALUES ({})").format(
            Identifier(table),
            SQL(", ").join(map(Identifier, row)),
            SQL(", ").join(Placeholder() * len(row)),
        )
        connection.execute(statement, list(row.values()))


def _move_sequence(connection: psycopg.Connection[Any], table: str) -> None:
    statement = SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))")
    connection.execute(statement.format(table, Identifier(table)))
