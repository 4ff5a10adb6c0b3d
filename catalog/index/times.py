"""The products that have times of their own, and which of them the public does not see at a moment."""

from bisect import bisect_right, insort

from common.repositories.listings import ListingRow

_NOBODY: frozenset[int] = frozenset()


class Times:
    """The times of the products that a catalogue holds; few have any. Not to be used by several threads."""

    __slots__ = ("_hidden", "_moment", "_moments", "_rows")

    def __init__(self) -> None:
        self._rows: dict[int, ListingRow] = {}
        # All times, sorted; what is hidden since the last of those that had come when it was asked for.
        self._moments: list[str] = []
        self._moment: str | None = None
        self._hidden = _NOBODY

    def add(self, row: ListingRow) -> None:
        """Takes in what a row says."""
        if row.is_timed:
            self._rows[row.id] = row
            for moment in _moments(row):
                insort(self._moments, moment)
            self._moment = None

    def remove(self, row: ListingRow) -> None:
        """Forgets what a row said that was taken in."""
        if self._rows.pop(row.id, None) is not None:
            for moment in _moments(row):
                self._moments.remove(moment)
            self._moment = None

    def moment(self, at: str) -> str:
        """The last of the times that had come at `at`, empty where none had: all is shown as it was then."""
        index = bisect_right(self._moments, at)
        return self._moments[index - 1] if index else ""

    def hidden(self, at: str) -> frozenset[int]:
        """Which products are not on show at a moment; the same object until the next of the times comes."""
        if not self._rows:
            return _NOBODY
        moment = self.moment(at)
        if moment != self._moment:
            hidden = (row.id for row in self._rows.values() if not row.is_on_show(moment))
            self._moment, self._hidden = moment, frozenset(hidden)
        return self._hidden


def _moments(row: ListingRow) -> list[str]:
    return [moment for moment in (row.publish_at, row.unpublish_at) if moment is not None]
