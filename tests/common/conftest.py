"""Fixtures for tests of the shared basics."""

from collections.abc import Iterator

import pytest

from tests.support.buckets import fresh_bucket
from tests.support.engines import mocked_aws


@pytest.fixture
def bucket() -> Iterator[str]:
    """The name of an empty bucket."""
    with mocked_aws(), fresh_bucket() as name:
        yield name
