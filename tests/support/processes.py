"""Several processes of the catalogue in one: each holds the catalogue and its documents for itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from catalog.index import documents, freshness
from catalog.index.documents import Documents
from catalog.index.freshness import Keeper


class Process:
    """What one process holds; nothing to begin with."""

    def __init__(self) -> None:
        self._keepers: dict[str, Keeper] = {}
        self._documents: dict[str, Documents] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Within the block this process answers."""
        with (
            patch.object(freshness, "_keepers", self._keepers),
            patch.object(documents, "_documents", self._documents),
        ):
            yield
