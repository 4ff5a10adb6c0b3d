"""Fixtures for tests of the sync: somebody who is not signed in, and an administrator."""

from collections.abc import Iterator

import pytest

from common import sqs
from common.http import create_app
from etsy_sync.routes import routes
from tests.support.http import Client
from tests.support.tokens import admin_token
from tools import queues


@pytest.fixture
def visitor(table: str) -> Client:
    """Somebody who is not signed in."""
    return Client(create_app("etsy_sync", [routes]))


@pytest.fixture
def admin(visitor: Client) -> Client:
    """An administrator of the same shop."""
    return Client(visitor.app, token=admin_token())


@pytest.fixture
def queue(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty queue with its dead-letter queue, which `STOCK_QUEUE_URL` names too."""
    queues.reset_client()
    sqs.reset_client()
    url = queues.prepare("artshop-stock")
    monkeypatch.setenv("STOCK_QUEUE_URL", url)
    yield url
    queues.reset_client()
    sqs.reset_client()
