"""One shop for the whole run, and the figures of the run."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.demo_shop import DemoShop, demo_shop

# How often each status was answered to whom, by the caller's name.
ANSWERS: dict[str, Counter[int]] = {}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoShop]:
    """A shop with demo data and stand-ins of all channels."""
    with demo_shop(tmp_path_factory.mktemp("shop")) as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes things away comes last, for the others need them."""
    items.sort(key=lambda item: "DELETE" in item.name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was tried."""
    for caller, statuses in sorted(ANSWERS.items()):
        told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        terminalreporter.write_line(f"{caller}: {sum(statuses.values())} requests ({told})")
