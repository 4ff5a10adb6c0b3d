"""Fixtures for tests of the sync: somebody who is not signed in, and an administrator."""

import pytest

from common.http import create_app
from etsy_sync.routes import routes
from tests.support.http import Client
from tests.support.tokens import admin_token


@pytest.fixture
def visitor(table: str) -> Client:
    """Somebody who is not signed in."""
    return Client(create_app("etsy_sync", [routes]))


@pytest.fixture
def admin(visitor: Client) -> Client:
    """An administrator of the same shop."""
    return Client(visitor.app, token=admin_token())
