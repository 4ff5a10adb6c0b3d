"""Rows are what they were, byte for byte: whoever changes how they are made changes no row.

`ARTSHOP_WRITE_GOLDEN_ROWS=1` writes the files anew, which is right only when a row is meant to change.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher

from common import clock as common_clock
from migration.creators.backfill import backfill_creators
from migration.enterprises.rows import move_enterprises
from orders.jobs import JOBS
from tests.etsy_sync.machine_world import Clock, open_world
from tests.golden.channels import trade
from tests.golden.recording import compare, fix_random_numbers
from tests.golden.trade import CHAPTERS, Shop
from tests.migration.conftest import move, moved
from tests.migration.moves import NOW, Move
from tests.shop.conftest import PASSWORD, USERNAME
from tests.support.buckets import fresh_bucket
from tests.support.postgresql import run_script
from tools.fakes.stripe_server import Fake

__all__ = ["move", "moved"]

ENTERPRISES = """
    CREATE SCHEMA systiva;
    CREATE TABLE systiva.fnd_enterprise (enterprise_id integer, enterprise_name varchar);
    INSERT INTO systiva.fnd_enterprise VALUES (1, 'Premium Plan'), (2, 'più ☂'), (3, ''), (4, NULL);
"""


@pytest.fixture(autouse=True)
def _fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    fix_random_numbers(monkeypatch)


@pytest.fixture
def shop(stripe: Fake, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop before its first day, whose time moves when it is told to."""
    clock = Clock()
    times = SimpleNamespace(now=lambda _zone: clock.now, fromisoformat=datetime.fromisoformat)
    monkeypatch.setattr(common_clock, "datetime", times)
    monkeypatch.setenv("ADMIN_USERNAME", USERNAME)
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", _password_hash())
    with fresh_bucket():
        yield Shop(clock, stripe)


def _password_hash() -> str:
    """The hash of PASSWORD with a salt that stays, because a row tells one hash from another."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return hasher.hash(PASSWORD, salt=b"salt of the rows")


def test_rows_of_a_shop_that_is_used_over_http(shop: Shop) -> None:
    for chapter in CHAPTERS:
        chapter(shop)
        shop.clock.now += timedelta(minutes=10)
    JOBS["unpaid"].run(shop.clock.now, None)
    compare("trade")


def test_rows_of_a_shop_that_sells_on_every_channel(table: str) -> None:
    with open_world() as world:
        trade(world)
        compare("channels")


def test_rows_that_are_moved_from_postgresql(moved: Move) -> None:
    run_script(moved.url, ENTERPRISES)
    move_enterprises(moved.url, "systiva", dry_run=False, clock=lambda: NOW)
    backfill_creators("studio", "Studio", "user-1", clock=lambda: NOW)
    compare("moved")
