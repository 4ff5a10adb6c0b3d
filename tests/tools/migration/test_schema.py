"""The tables as data, created for real."""

from tests.support.awkward_data import AWKWARD, execute, fill
from tools.migration.schema import TABLES


def test_awkward_data_fills_every_table(postgresql_database: str) -> None:
    fill(postgresql_database)

    for table in TABLES:
        assert execute(postgresql_database, f'SELECT count(*) FROM "{table}"') == [(len(AWKWARD[table]),)]
