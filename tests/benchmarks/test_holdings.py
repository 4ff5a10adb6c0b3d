"""Both ways of holding a catalogue, made and measured as the benchmark does it."""

from pathlib import Path

import pytest

from benchmarks import holdings
from benchmarks.holdings import LISTS, MEMORY, SQLITE, asked, made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where both files of a small catalogue lie."""
    path = tmp_path_factory.mktemp("holdings")
    made(60, path)
    return path


@pytest.mark.parametrize("kind", [MEMORY, SQLITE])
def test_each_way_is_begun_and_asked_every_list(folder: Path, kind: str) -> None:
    found = asked(kind, folder / kind)
    assert {name for name in found if name.startswith("ms: ")} == {f"ms: {name}" for name in LISTS}
    assert all(value >= 0 for name, value in found.items() if "memory" not in name)


def test_the_lists_that_are_asked_find_something_in_both(folder: Path) -> None:
    for kind in (MEMORY, SQLITE):
        holding = holdings._begun(kind, (folder / kind).read_bytes())
        assert holding.unread() == []
        totals = {name: holding.select(each, 20).total for name, each in LISTS.items() if not each.search}
        assert min(totals.values()) > 0
