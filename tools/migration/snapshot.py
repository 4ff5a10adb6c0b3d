"""A copy of the whole table on disk, sorted into the records that its rows belong to.

One consistent scan in parallel segments reads the table once; comparing millions of rows with it then
takes neither memory nor further reads.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from common.dynamodb import Item, Key, from_wire
from tools.migration.entity import Entity, RecordId
from tools.migration.progress import Progress
from tools.migration.table_scan import scan
from tools.migration.tallies import Tally
from tools.scanning import ScanPage

_SCHEMA = """
CREATE TABLE items (pk TEXT, sk TEXT, entity TEXT, record, wire TEXT);
CREATE TABLE expected (pk TEXT, sk TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID;
CREATE TABLE seen (entity TEXT, record, PRIMARY KEY (entity, record)) WITHOUT ROWID;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
"""
# Made after the scan: sorting once is faster than keeping in order what arrives by hash.
_INDEXES = """
CREATE INDEX by_key ON items (pk, sk);
CREATE INDEX by_record ON items (entity, record);
"""

_Row = tuple[str, str, str | None, RecordId | None, str]


class Snapshot:
    """What the table had when it was scanned, and its tallies as counted then."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.tally = Tally()

    def items_of(self, entity: str, record: RecordId) -> list[Item]:
        """The rows that belong to a record."""
        query = "SELECT wire FROM items WHERE entity = ? AND record = ?"
        return [_item(wire) for (wire,) in self._database.execute(query, (entity, record))]

    def item(self, key: Key) -> Item | None:
        """The row with this key."""
        found = self._database.execute("SELECT wire FROM items WHERE pk = ? AND sk = ?", key).fetchone()
        return _item(found[0]) if found else None

    def see(self, entity: str, record: RecordId) -> None:
        """Note a record that the source has."""
        self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (entity, record))

    def unseen(self, entity: str) -> list[RecordId]:
        """The ids of the records that have rows and were not noted, in order, numbers first."""
        query = (
            "SELECT record FROM items WHERE entity = ?1 "
            "EXCEPT SELECT record FROM seen WHERE entity = ?1 ORDER BY record"
        )
        return [record for (record,) in self._database.execute(query, (entity,))]

    def without_record(self) -> list[tuple[str, int]]:
        """How many rows belong to no record, by the word that their partition keys begin with."""
        query = (
            "SELECT substr(pk, 1, instr(pk || '#', '#') - 1) AS kind, count(*) FROM items "
            "WHERE entity IS NULL GROUP BY kind ORDER BY kind"
        )
        return list(self._database.execute(query))

    def expect(self, keys: Iterable[Key]) -> None:
        """Note keys that the source explains."""
        self._database.executemany("INSERT OR IGNORE INTO expected VALUES (?, ?)", keys)

    def unexplained(self) -> Iterator[Key]:
        """The keys that are in the table and not in the source, in order."""
        yield from self._database.execute(
            "SELECT pk, sk FROM items EXCEPT SELECT pk, sk FROM expected ORDER BY pk, sk"
        )

    def __len__(self) -> int:
        ((count,),) = self._database.execute("SELECT count(*) FROM items")
        return int(count)

    def add(self, rows: Sequence[_Row]) -> None:
        """Keep rows: key, entity and record that each belongs to, and the wire format as JSON."""
        self._database.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?)", rows)


@contextmanager
def table_snapshot(
    entities: Sequence[Entity], workers: int, progress: Progress, size: int
) -> Iterator[Snapshot]:
    """The table as it is now, for the block; `size` is how many rows are to be expected."""
    with TemporaryDirectory(prefix="artshop-table-") as folder:
        path = Path(folder) / "table.sqlite"
        with closing(sqlite3.connect(path, check_same_thread=False, isolation_level=None)) as database:
            database.executescript(_SCHEMA)
            snapshot = Snapshot(database)
            with progress("Reading the table", size) as advance:
                _fill(snapshot, entities, workers, advance)
            database.executescript(_INDEXES)
            yield snapshot


def _fill(
    snapshot: Snapshot, entities: Sequence[Entity], workers: int, advance: Callable[[int], None]
) -> None:
    lock = Lock()

    def take(page: ScanPage) -> None:
        items = [from_wire(wire) for wire in page.items]
        rows = [_row(item, wire, entities) for item, wire in zip(items, page.items, strict=True)]
        with lock:
            snapshot.tally.see(items)
            snapshot.add(rows)
            advance(len(rows))

    scan(take, workers)


def _row(item: Item, wire: object, entities: Sequence[Entity]) -> _Row:
    for entity in entities:
        record = entity.record_of(item)
        if record is not None:
            return item["PK"], item["SK"], entity.name, record, json.dumps(wire)
    return item["PK"], item["SK"], None, None, json.dumps(wire)


def _item(wire: str) -> Item:
    return from_wire(json.loads(wire))
