"""Who asks the orders' routes."""

import pytest

from tests.orders.cart_builders import cart_app
from tests.support.http import Client
from tests.support.tokens import admin_token


@pytest.fixture
def artist() -> Client:
    """The shop's admin."""
    return Client(cart_app(), token=admin_token())
