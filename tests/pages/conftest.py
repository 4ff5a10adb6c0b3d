"""One shop and one browser for all tests of the pages."""

from collections.abc import Iterator

import pytest

from tests.support.browser import Browser, Page, browser
from tests.support.demo_shop import DemoShop, demo_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoShop]:
    """A shop with demo data."""
    with demo_shop(tmp_path_factory.mktemp("shop")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser."""
    with browser(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that no sign-in is known to."""
    with chromium.page() as opened:
        yield opened
