"""What a job counts becomes one stretch of progress for each channel."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tools.job_progress import Watched
from tools.progress import Advance


@contextmanager
def recording(label: str, total: int) -> Iterator[Advance]:
    """Writes down what is shown."""
    seen.append(f"{label} 0/{total}")
    yield lambda count: seen.append(f"+{count}")
    seen.append("end")


seen: list[str] = []


@pytest.fixture(autouse=True)
def _forget() -> None:
    seen.clear()


def test_counts_become_steps() -> None:
    with Watched("inventory", is_shown=True, kind=recording) as progress:
        for done in (0, 2, 5):
            progress(done, 5)
    assert seen == ["inventory 0/5", "+2", "+3", "end"]


def test_the_next_channel_is_a_stretch_of_its_own() -> None:
    with Watched("inventory", is_shown=True, kind=recording) as progress:
        progress(5, 5)
        progress(1, 5)
        progress(1, 3)
    assert seen == ["inventory 0/5", "+5", "end", "inventory 0/5", "+1", "end", "inventory 0/3", "+1", "end"]


def test_a_job_that_knows_no_end_is_told_in_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with Watched("queue", is_shown=True, kind=recording) as progress:
        progress(3, None)
    assert seen == []
    assert capsys.readouterr().out.startswith("queue: 3 (")


def test_nothing_is_shown_when_it_is_not_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    with Watched("queue", is_shown=False, kind=recording) as progress:
        progress(3, 5)
    assert (seen, capsys.readouterr().out) == ([], "")
