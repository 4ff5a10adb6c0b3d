"""Runs the tests of this folder on DynamoDB Local, whatever engine the others use."""

from collections.abc import Iterator

import pytest

from common.dynamodb import delete_table, reset_client
from tests.catalog.builders import catalog_app
from tests.engine.catalog_shops import shop_of, visit
from tests.etsy_sync.machine_world import World, open_world
from tests.migration.conftest import move
from tests.support.engines import DYNAMODB_LOCAL
from tests.support.http import Client

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


@pytest.fixture(scope="session")
def filled(dynamodb_local: str) -> Iterator[dict[int, str]]:
    """The tables of a shop of 50 and of one of 1,000 products, which no test changes."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        tables = {products: shop_of(monkeypatch, dynamodb_local, products) for products in (50, 1000)}
        yield tables
        visit(monkeypatch, dynamodb_local, tables[50])
        for name in tables.values():
            delete_table(name)
        reset_client()


@pytest.fixture
def small(filled: dict[int, str], dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A visitor of the shop of 50 products."""
    visit(monkeypatch, dynamodb_local, filled[50])
    return Client(catalog_app())


@pytest.fixture
def large(filled: dict[int, str], dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A visitor of the shop of 1,000 products."""
    visit(monkeypatch, dynamodb_local, filled[1000])
    return Client(catalog_app())
