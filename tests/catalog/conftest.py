"""Fixtures for tests of the catalogue: clients of everybody, an admin and a creator; a bucket, a category."""

from collections.abc import Iterator

import pytest

from tests.catalog.builders import catalog_app
from tests.catalog.marketplace import Artist, new_artist, shelved
from tests.support.buckets import fresh_bucket
from tests.support.http import Client
from tests.support.tokens import admin_token


@pytest.fixture
def visitor(table: str) -> Client:
    """Somebody who is not signed in, before an empty shop."""
    return Client(catalog_app())


@pytest.fixture
def admin(table: str) -> Client:
    """An admin of the same shop."""
    return Client(catalog_app(), token=admin_token())


@pytest.fixture
def bucket(table: str) -> Iterator[str]:
    """The name of the shop's bucket, empty."""
    with fresh_bucket() as name:
        yield name


@pytest.fixture
def shelf(admin: Client) -> str:
    """The slug of a category."""
    return shelved(admin)


@pytest.fixture
def artist(table: str) -> Artist:
    """A creator who is signed in."""
    return new_artist()
