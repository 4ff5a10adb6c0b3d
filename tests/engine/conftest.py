"""Runs the tests of this folder on DynamoDB Local, whatever engine the others use."""

import pytest

from tests.migration.conftest import move
from tests.support.engines import DYNAMODB_LOCAL

__all__ = ["engine_name", "move"]


@pytest.fixture
def engine_name() -> str:
    """The engine of a test's table: what moto cannot judge is judged here."""
    return DYNAMODB_LOCAL
