"""`artshop backup export`: the whole table into files, read by several workers at once.

A scan is no picture of one moment: what is written while it runs may be in it or not. Every write that
was answered before it began is in it.
"""

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from threading import Event, Lock
from typing import Any

from common.clock import iso, utc_now
from common.dynamodb import call, table_name
from tools.backup.data_files import PRIVATE_FOLDER, DataFileWriter
from tools.backup.manifest import DATA, NAME, DataFile, Manifest
from tools.backup.unfinished import unfinished_restore
from tools.errors import ToolError, engine_errors
from tools.progress import Advance, Progress, silent
from tools.scanning import CONTENTS, ScanPage, scan_pages

SEGMENTS = 4
FILE_ITEMS = 50_000


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished export, and the read capacity units that it took."""

    manifest: Manifest
    read_units: Decimal


def export_table(
    folder: Path,
    *,
    segments: int = SEGMENTS,
    progress: Progress = silent,
    file_items: int = FILE_ITEMS,
) -> Exported:
    """Copy the table to a new or empty folder, `segments` parts of it at once.

    A data file is closed at the first page that makes it hold `file_items`. Raises ToolError when the
    folder is not empty, or the table cannot be read or is half restored.
    """
    started_at = iso(utc_now())
    try:
        with engine_errors():
            table = describe()
            _refuse_half_restored()
            _prepare(folder)
            with progress("Exporting", table["ItemCount"]) as advance:
                export = _Export(folder, segments, file_items, advance)
                files = export.run()
            manifest = _manifest(table, started_at, files)
        manifest.write(folder)
    except OSError as error:
        raise ToolError(f"{folder} cannot be written: {error}") from error
    return Exported(manifest, export.read_units)


def _manifest(table: dict[str, Any], started_at: str, files: tuple[DataFile, ...]) -> Manifest:
    return Manifest(
        table=table["TableName"],
        started_at=started_at,
        finished_at=iso(utc_now()),
        key_schema=table["KeySchema"],
        indexes=index_schemas(table),
        time_to_live=_time_to_live(),
        items=sum(file.items for file in files),
        files=files,
    )


def describe() -> dict[str, Any]:
    """The table as DynamoDB describes it."""
    table: dict[str, Any] = call("describe_table", TableName=table_name())["Table"]
    return table


def index_schemas(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Name, keys and projection of each index, by name."""
    wanted = ("IndexName", "KeySchema", "Projection")
    indexes = ({name: index[name] for name in wanted} for index in table.get("GlobalSecondaryIndexes", []))
    return sorted(indexes, key=lambda index: str(index["IndexName"]))


class _Export:
    """One export at work."""

    def __init__(self, folder: Path, segments: int, file_items: int, advance: Advance) -> None:
        self.read_units = Decimal(0)
        self._folder = folder
        self._segments = segments
        self._file_items = file_items
        self._advance = advance
        self._numbers = count(1)
        self._files: list[DataFile] = []
        self._lock = Lock()
        self._stopped = Event()

    def run(self) -> tuple[DataFile, ...]:
        """Copy every segment and return the files by name; the first failure ends them all."""
        with ThreadPoolExecutor(self._segments) as pool:
            try:
                jobs = [pool.submit(self._copy, segment) for segment in range(self._segments)]
                wait(jobs, return_when=FIRST_EXCEPTION)
            finally:
                self._stopped.set()
        for job in jobs:
            job.result()
        return tuple(sorted(self._files, key=lambda file: file.name))

    def _copy(self, segment: int) -> None:
        file: DataFileWriter | None = None
        try:
            for page in scan_pages(segment, self._segments, where=CONTENTS):
                if self._stopped.is_set():
                    return
                if page.items:
                    file = file or self._open_file()
                    file.write(page.items)
                self._count(page)
                if file and file.items >= self._file_items:
                    self._keep(file)
                    file = None
            if file:
                self._keep(file)
                file = None
        finally:
            if file:
                file.abandon()

    def _open_file(self) -> DataFileWriter:
        with self._lock:
            number = next(self._numbers)
        return DataFileWriter(self._folder, number)

    def _count(self, page: ScanPage) -> None:
        with self._lock:
            self.read_units += page.read_units
            self._advance(page.count)

    def _keep(self, file: DataFileWriter) -> None:
        described = file.close()
        with self._lock:
            self._files.append(described)


def _refuse_half_restored() -> None:
    if unfinished_restore() is not None:
        raise ToolError(f"A restore into {table_name()} has not finished; finish it before an export")


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if (folder / DATA).exists() and not (folder / NAME).exists():
        raise ToolError(f"{folder} has an export that did not finish; delete it, or name another folder")
    if any(folder.iterdir()):
        raise ToolError(f"{folder} is not empty; name a new folder for the backup")
    (folder / DATA).mkdir(mode=PRIVATE_FOLDER)


def _time_to_live() -> str | None:
    found = call("describe_time_to_live", TableName=table_name())["TimeToLiveDescription"]
    name: str | None = found.get("AttributeName")
    return name
