"""Fixtures for tests of the shop domain: its app, an account, a visitor and an administrator."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache

import pytest
from argon2 import PasswordHasher

from common.clock import utc_now
from common.http import create_app
from shop.routes import routes
from tests.support.buckets import fresh_bucket
from tests.support.http import Client
from tests.support.tokens import admin_token

USERNAME = "artadmin"
PASSWORD = "correct horse battery staple"


@cache
def password_hash() -> str:
    """The hash of PASSWORD, as cheap as argon2 allows, and the same in every run."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD, salt=b"salt of the tests")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """USERNAME may sign in with PASSWORD."""
    monkeypatch.setenv("ADMIN_USERNAME", USERNAME)
    monkeypatch.setenv("ADMIN_PASSWORD_HASH", password_hash())


@pytest.fixture
def middle_of_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment that stands still, so that no window of attempts ends while a test runs."""
    moment = utc_now().replace(minute=5) + timedelta(hours=1)
    monkeypatch.setattr("common.clock.utc_now", lambda: moment)


@pytest.fixture
def bucket(table: str) -> Iterator[str]:
    """An empty bucket beside an empty table."""
    with fresh_bucket() as name:
        yield name


@pytest.fixture
def visitor(table: str) -> Client:
    """Somebody who is not signed in."""
    return Client(create_app("shop", [routes]))


@pytest.fixture
def admin(visitor: Client) -> Client:
    """An administrator."""
    return Client(visitor.app, token=admin_token())
