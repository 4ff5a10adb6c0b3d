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

from common.dynamodb import INDEXES, Item, Key, from_wire, key_of
from migration.mapping.entity import Entity, RecordId
from migration.table.scan import scan
from migration.table.tallies import Tally
from tools.progress import Progress
from tools.scanning import ScanPage

_SCHEMA = """
CREATE TABLE items (pk TEXT, sk TEXT, entity TEXT, record, wire TEXT);
CREATE TABLE expected (pk TEXT, sk TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID;
CREATE TABLE entries (place TEXT, partition TEXT, position TEXT, pk TEXT, sk TEXT);
CREATE TABLE found (place TEXT, partition TEXT, position TEXT, pk TEXT, sk TEXT);
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
_Entry = tuple[str, str, str, str, str]


class Snapshot:
    """What the table had when it was scanned, and its tallies as counted then."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.tally = Tally()

    def items_of(self, entity: str, record: RecordId) -> list[Item]:
        """The rows that belong to a record."""
        query = "SELECT wire FROM items WHERE entity = ? AND record = ?"
        return [_item(wire) for (wire,) in self._database.execute(query, (entity, record))]

    def items(self, keys: Iterable[Key], known: Iterable[Item]) -> dict[Key, Item]:
        """The rows with these keys by key, those that are not there left out; `known` have been read."""
        found = {key_of(item): item for item in known}
        for key in keys:
            if key not in found:
                row = self._database.execute("SELECT wire FROM items WHERE pk = ? AND sk = ?", key).fetchone()
                found |= {key: _item(row[0])} if row else {}
        return found

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

    def unindexed(self) -> Iterator[tuple[str, Key]]:
        """The index and the key of each row that should be in the index, by its attributes, and is not.

        `read_indexes` has to be called before.
        """
        missing = "SELECT * FROM entries EXCEPT SELECT * FROM found ORDER BY place, pk, sk"
        for place, _, _, pk, sk in self._database.execute(missing):
            yield place, (pk, sk)

    def __len__(self) -> int:
        ((count,),) = self._database.execute("SELECT count(*) FROM items")
        return int(count)

    def add(self, rows: Sequence[_Row], entries: Iterable[_Entry]) -> None:
        """Keep rows: key, entity and record that each belongs to, and the wire format as JSON.

        `entries` are those that they should have in the indexes.
        """
        self._database.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?)", rows)
        self._database.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", entries)

    def add_found(self, entries: Iterable[_Entry]) -> None:
        """Keep what an index has."""
        self._database.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?)", entries)


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
            # A transaction for each row would take longer than all the rest; nobody needs the file later.
            database.execute("BEGIN")
            with progress("Reading the table", size) as advance:
                _fill(snapshot, entities, workers, advance)
            database.executescript(_INDEXES)
            database.execute("BEGIN")
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
            snapshot.add(rows, [entry for index in INDEXES for entry in _entries(index, items)])
            advance(len(rows))

    scan(take, workers)


def read_indexes(snapshot: Snapshot, workers: int, progress: Progress) -> None:
    """Read every index from end to end into a snapshot, keys only."""
    lock = Lock()
    with progress("Reading the indexes", len(snapshot)) as advance:
        for index in INDEXES:

            def take(page: ScanPage, index: str = index) -> None:
                entries = list(_entries(index, map(from_wire, page.items)))
                with lock:
                    snapshot.add_found(entries)
                    advance(len(entries))

            scan(take, workers, ("PK", "SK", f"{index}PK", f"{index}SK"), index=index)


def _entries(index: str, items: Iterable[Item]) -> Iterator[_Entry]:
    for item in items:
        if f"{index}PK" in item:
            yield index, item[f"{index}PK"], item[f"{index}SK"], item["PK"], item["SK"]


def _row(item: Item, wire: object, entities: Sequence[Entity]) -> _Row:
    for entity in entities:
        record = entity.owner_of(item)
        if record is not None:
            return item["PK"], item["SK"], entity.name, record, json.dumps(wire)
    return item["PK"], item["SK"], None, None, json.dumps(wire)


def _item(wire: str) -> Item:
    return from_wire(json.loads(wire))
