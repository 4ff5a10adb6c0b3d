"""Releases: their order, the one that serves, and the one before it."""

from pathlib import Path

import pytest

from tools.deploy.releases import (
    all_releases,
    current_release,
    record_release,
    release_to_go_back_to,
    set_current,
    source_of,
)
from tools.deploy.store import Store
from tools.errors import ToolError
from tools.paths import ROOT


def record(kept: Store, count: int) -> None:
    for number in range(1, count + 1):
        record_release(kept, (f"zip-{number}", f"template-{number}"), ROOT, ["GET /health"])


def test_each_release_has_the_next_number_and_serves(kept: Store) -> None:
    record(kept, 2)
    first, second = all_releases(kept)
    assert (first.number, second.number) == (1, 2)
    assert (second.zip_sha256, second.template_sha256) == ("zip-2", "template-2")
    assert second.probed == ("GET /health",)
    assert second.time.endswith("+00:00")
    assert current_release(kept) == second


def test_back_is_the_one_before_the_one_that_serves(kept: Store) -> None:
    record(kept, 3)
    assert release_to_go_back_to(kept, None).number == 2
    set_current(kept, 2)
    assert release_to_go_back_to(kept, None).number == 1
    assert release_to_go_back_to(kept, 3).number == 3
    record(kept, 1)
    assert current_release(kept) == all_releases(kept)[-1]


@pytest.mark.parametrize(("count", "number"), [(0, None), (1, None), (2, 7)])
def test_where_there_is_none_it_is_said(kept: Store, count: int, number: int | None) -> None:
    record(kept, count)
    with pytest.raises(ToolError, match="There is no release"):
        release_to_go_back_to(kept, number)


def test_the_one_that_serves_is_marked(kept: Store) -> None:
    record(kept, 1)
    (release,) = all_releases(kept)
    assert release.line(is_current=True).startswith("*     1  20")
    assert release.line(is_current=False).startswith("      1  20")


def test_outside_of_git_there_is_no_commit(tmp_path: Path) -> None:
    assert source_of(tmp_path) == ("", False)
