"""A process that holds the catalogue of a table of delays."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from catalog.index.freshness import Keeper, Overlaps
from catalog.index.snapshot_file import Snapshot
from common.clock import iso
from common.dynamodb import Item
from common.repositories.catalogue_changes import Changes
from tests.catalog.index.table_of_delays import START, Table


@dataclass(slots=True)
class Reader:
    """A process that holds the catalogue, by a clock that is so many seconds off."""

    table: Table
    clock: float = 0.0
    overlaps: Overlaps = field(default_factory=Overlaps)
    keeper: Keeper = field(init=False)
    questions: list[datetime] = field(default_factory=list)
    loads: int = 0
    stored: Snapshot | None = None

    def __post_init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Begins as another process, which holds nothing and finds what is stored."""
        self.keeper = Keeper(
            self.time, self._ask, self._read_all, snapshot=lambda: self.stored, overlaps=self.overlaps
        )

    def snapshot(self) -> Snapshot:
        """What this process would store of the table, without anything that it asks afterwards."""
        return Snapshot(None, self.time(), self.table.read_all(), {})

    def time(self) -> datetime:
        return START + timedelta(seconds=self.table.now + self.clock)

    def titles(self) -> dict[int, str]:
        """What the reader's lists show, by product."""
        return {held.id: held.title for held in self.keeper.current().rows()}

    def _ask(self, since: datetime) -> Changes:
        self.questions.append(since)
        return self.table.ask(iso(since))

    def _read_all(self) -> list[Item]:
        self.loads += 1
        return self.table.read_all()
