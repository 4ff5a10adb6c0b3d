"""A real PostgreSQL for the tests: one server per test process, a fresh database per test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tools.engines.postgresql import Server, start

_TEMPLATE = "shop_template"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The server of this test process; it has a database `shop_template` with the shop's empty tables."""
    from migration.schema.tables import ddl  # with it comes every type that is moved

    with start() as server:
        run_script(server.create_database(_TEMPLATE), ddl())
        yield server


@pytest.fixture
def postgresql_database(postgresql: Server) -> Iterator[str]:
    """The URL of a fresh database with the shop's tables, all empty."""
    name = f"shop_{uuid4().hex}"
    yield postgresql.create_database(name, template=_TEMPLATE)
    postgresql.drop_database(name)


@pytest.fixture
def blank_database(postgresql: Server) -> Iterator[str]:
    """The URL of a fresh database without any table."""
    name = f"blank_{uuid4().hex}"
    yield postgresql.create_database(name)
    postgresql.drop_database(name)


def run_script(url: str, script: str) -> None:
    """Run statements in the database, all or none."""
    import psycopg  # every test process reads this module, few need it

    with psycopg.connect(url) as connection:
        connection.execute(script.encode())
