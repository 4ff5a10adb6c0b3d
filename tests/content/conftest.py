"""Fixtures for tests of the content domain: a visitor, an administrator and both kinds of content."""

from collections.abc import Iterator

import pytest

from common.http import create_app
from content.routes import routes
from tests.content.samples import FUMETTO, PERSONAGGIO, Kind
from tests.support.buckets import fresh_bucket
from tests.support.http import Client
from tests.support.tokens import admin_token


@pytest.fixture
def bucket(table: str) -> Iterator[str]:
    """An empty bucket beside an empty table."""
    with fresh_bucket() as name:
        yield name


@pytest.fixture
def visitor(bucket: str) -> Client:
    """Somebody who is not signed in."""
    return Client(create_app("content", [routes]))


@pytest.fixture
def admin(visitor: Client) -> Client:
    """An administrator."""
    return Client(visitor.app, token=admin_token())


@pytest.fixture(params=[PERSONAGGIO, FUMETTO], ids=["personaggi", "fumetti"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Personaggi and fumetti in turn."""
    chosen: Kind = request.param
    return chosen
