"""Runs the tests of this folder on DynamoDB Local, whatever engine the others use."""

from collections.abc import Iterator

import pytest

from tests.etsy_sync.machine_world import World, open_world
from tests.migration.conftest import move
from tests.support.engines import DYNAMODB_LOCAL

__all__ = ["engine_name", "move"]


@pytest.fixture
def engine_name() -> str:
    """The engine of a test's table: what moto cannot judge is judged here."""
    return DYNAMODB_LOCAL


@pytest.fixture
def world(table: str) -> Iterator[World]:
    """A shop whose pieces are linked on every channel, which all know how many there are."""
    with open_world() as opened:
        opened.stock_shop()
        opened.connect_etsy()
        for job in ("products", "inventory"):
            assert opened.run(job).outcome == "completed"
        opened.queue.waiting.clear()
        opened.clock.move(1000)
        yield opened
