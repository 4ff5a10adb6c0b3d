"""What a channel lists, none of it unreadable."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from etsy_sync.adapters.interface import Unreadable

T = TypeVar("T")


def readable(reports: Iterable[T | Unreadable]) -> Iterator[T]:
    """The same, as long as all of it can be read."""
    for report in reports:
        assert not isinstance(report, Unreadable), report
        yield report
