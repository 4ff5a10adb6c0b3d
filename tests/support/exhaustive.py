"""Leaves tests marked `exhaustive` to `make test-all` and CI, and says how many they are."""

from typing import Any

import pytest

MARK = "exhaustive"
_COUNT = "left_out"
_left_out = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help=f"leave out the tests that are marked {MARK}")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{MARK}: tries one mechanism in many ways, at length; left out by --quick"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--quick"):
        return
    left = [item for item in items if item.get_closest_marker(MARK)]
    items[:] = [item for item in items if not item.get_closest_marker(MARK)]
    config.hook.pytest_deselected(items=left)
    config.stash[_left_out] = len(left)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Processes of xdist collect all the same, and the one that reports collects nothing.
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_COUNT] = session.config.stash.get(_left_out, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_left_out] = getattr(node, "workeroutput", {}).get(_COUNT, 0)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if count := config.stash.get(_left_out, 0):
        terminalreporter.write_line(f"Left for `make test-all`, which CI runs: {count} exhaustive tests.")
