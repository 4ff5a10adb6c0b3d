"""A filled PostgreSQL and an empty table to move it into."""

import pytest

from tests.migration.dump.dumping import dump, opened, script
from tests.migration.moves import TOKEN_KEY, Move
from tests.support.awkward_data import fill

__all__ = ["dump", "move", "opened", "script"]


@pytest.fixture
def move(postgresql_database: str, table: str, monkeypatch: pytest.MonkeyPatch) -> Move:
    """The awkward data in PostgreSQL, and an empty table."""
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", TOKEN_KEY)
    fill(postgresql_database)
    return Move(postgresql_database)


@pytest.fixture
def moved(move: Move) -> Move:
    """Everything is in the table, and PostgreSQL has rested since."""
    assert move.run().passed
    return move
