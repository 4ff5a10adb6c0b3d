"""The catalogue that this process holds, and how it stays as fresh as a read of the table's indexes.

Each use asks the table once for the rows marked since the last question. Marks are written by the clocks of
other machines, and a commit becomes visible some time after its mark was made, so each question overlaps the
last one: by NARROW, which is enough while clocks agree, and once in WIDE_EVERY by WIDE, which is enough for
clocks five minutes off on either side (AWS refuses the requests of those that are more) and for commits that
become visible up to five minutes late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import uuid4

from catalog.index.catalogue import Catalogue
from catalog.index.documents import kept_documents
from catalog.index.holding import Holding
from catalog.index.large_snapshot import LargeSnapshot, load_fitting
from catalog.index.packed_documents import PackedDocuments
from catalog.index.snapshot import Snapshot, settles_at
from common.clock import utc_now
from common.config import table_name
from common.dynamodb import Item
from common.errors import Unavailable
from common.repositories.catalogue_changes import Changes, changes_since
from common.repositories.listings import all_row_items
from common.repositories.products import LISTS

NARROW = timedelta(seconds=30)
WIDE = timedelta(minutes=15)
WIDE_EVERY = timedelta(minutes=1)
MAX_AGE = timedelta(hours=1)

# So often a whole read begins anew because another generation began meanwhile.
_LOADS = 3


@dataclass(frozen=True, slots=True)
class Overlaps:
    """How much of what was asked before is asked again."""

    narrow: timedelta = NARROW
    wide: timedelta = WIDE
    wide_every: timedelta = WIDE_EVERY


def every_row() -> list[Item]:
    """All listing rows of all lists, as they are read (eventually consistent)."""
    return [item for listed_as in LISTS for item in all_row_items(listed_as)]


def no_snapshot() -> Snapshot | LargeSnapshot | None:
    """Where nothing is stored."""
    return None


@dataclass(slots=True)
class _Held:
    """A holding, its generation, until when it is good, and when the last questions were asked."""

    holding: Holding
    generation: str | None
    loaded_at: datetime
    good_until: datetime
    asked_at: datetime
    widely_asked_at: datetime


class Keeper:
    """Keeps one catalogue fresh; safe to use from several threads.

    `clock` is this machine's, `ask` and `read_all` read the table, `build` makes a holding of listing rows,
    of a text that is part of its versions and of dumped texts, and `snapshot` loads what is stored.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = utc_now,
        ask: Callable[[datetime], Changes] = changes_since,
        read_all: Callable[[], list[Item]] = every_row,
        build: Callable[[list[Item], str, bytes], Holding] = Catalogue,
        snapshot: Callable[[], Snapshot | LargeSnapshot | None] = no_snapshot,
        overlaps: Overlaps = Overlaps(),
    ) -> None:
        self._clock, self._ask, self._read_all, self._build = clock, ask, read_all, build
        self._snapshot = snapshot
        self._overlaps = overlaps
        self._lock = Lock()
        self._held: _Held | None = None
        # The numbers of the last question that began, and of the last that was answered and applied.
        self._began = self._answered = 0

    def current(self) -> Holding:
        """The catalogue as fresh as now, loaded if it is not held yet: one query where it is."""
        began = self._began
        with self._lock:
            held = self._refreshed(began) or self._load()
            return held.holding

    def held(self) -> Holding | None:
        """The same where the catalogue is held, without loading it; else None, and nothing is read."""
        began = self._began
        with self._lock:
            held = self._refreshed(began)
            return held.holding if held else None

    def reset(self) -> None:
        """Forgets all that is held."""
        with self._lock:
            self._held = None

    def _refreshed(self, began: int) -> _Held | None:
        """What is held with all changes; None where it has to be loaded anew.

        `began` is the last question that had begun when the caller came: one that began later, for another
        thread, has been answered since and holds for this caller too.
        """
        held, now = self._held, self._clock()
        good = held if held is not None and held.loaded_at <= now < held.good_until else None
        if good is not None and (self._answered > began or self._asked(good, now)):
            return good
        self._held = None
        return None

    def _asked(self, held: _Held, now: datetime, *, wide: bool = False) -> bool:
        """Asks what changed and applies it; whether the catalogue is still of the same generation."""
        wide = wide or not timedelta() <= now - held.widely_asked_at < self._overlaps.wide_every
        last = held.widely_asked_at - self._overlaps.wide if wide else held.asked_at - self._overlaps.narrow
        self._began += 1
        # A clock that was set back has asked in what is its future now.
        changes = self._ask(min(last, now - self._overlaps.narrow))
        if changes.generation != held.generation:
            return False
        held.holding.apply(changes.rows)
        held.asked_at = now
        held.widely_asked_at = now if wide else held.widely_asked_at
        self._answered = self._began
        return True

    def _load(self) -> _Held:
        """The whole catalogue: from its snapshot, else by reading all rows, and then what changed since."""
        held = self._of_snapshot()
        for _ in range(_LOADS):
            held = held or self._of_table()
            if self._asked(held, self._clock(), wide=True):
                self._held = held
                return held
            held = None
        raise Unavailable("The catalogue is being moved; try again", retry_after=1)

    def _of_snapshot(self) -> _Held | None:
        stored = self._snapshot()
        if stored is None:
            return None
        origin = _origin(stored.generation, stored.read_at)
        if isinstance(stored, LargeSnapshot):
            return self._new(stored.holding(origin), stored.generation, stored.read_at)
        holding = self._build(stored.rows, origin, stored.texts)
        held = self._new(holding, stored.generation, stored.read_at)
        if isinstance(stored.documents, PackedDocuments):
            kept_documents().fill(stored.documents, held.holding)
        return held

    def _of_table(self) -> _Held:
        # The generation is asked first: rows that are read when another begins may be of either.
        now = self._clock()
        generation = self._ask(now).generation
        holding = self._build(self._read_all(), _origin(generation, now), b"")
        return self._new(holding, generation, now)

    def _new(self, holding: Holding, generation: str | None, read_at: datetime) -> _Held:
        now = self._clock()
        good_until = now + MAX_AGE
        # Rows that were brought have no marks to be found by: if some may not have been visible, all are read
        # once more when they are.
        settled = settles_at(generation)
        if settled is not None and read_at < settled:
            good_until = min(good_until, max(settled, now))
        return _Held(holding, generation, now, good_until, asked_at=read_at, widely_asked_at=read_at)


def _origin(generation: str | None, read_at: datetime) -> str:
    """What versions of rows that were read at this moment begin with, alike in all that hold the same.

    While rows that were brought may not all be visible, two processes may hold different ones under the same
    marks: then the versions of each are its own.
    """
    settled = settles_at(generation)
    is_settled = settled is None or read_at >= settled
    return (generation or "") if is_settled else f"{generation}#{uuid4().hex}"


_keepers: dict[str, Keeper] = {}


def keeper() -> Keeper:
    """The one keeper of this process for the table that the settings name."""
    return _keepers.setdefault(table_name(), Keeper(snapshot=load_fitting))


def current() -> Holding:
    """The catalogue as fresh as now, loaded first if this process does not hold it."""
    return keeper().current()


def held() -> Holding | None:
    """The catalogue as fresh as now where this process holds it; else None, and nothing is read."""
    return keeper().held()


def reset() -> None:
    """Forgets the catalogues of all tables."""
    _keepers.clear()
