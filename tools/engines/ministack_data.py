"""MiniStack's services filled from the engine's file, and set up to save to it."""

import hashlib
import json
import logging
import shutil
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.engines.ministack_rows import BucketRows, QueueRows, Rows, TableRows
from tools.engines.ministack_saving import Saver, saving_buckets, saving_queues, saving_tables
from tools.engines.row_store import RowStore, UnknownForm

FILE = "engine.sqlite3"
# MiniStack's own form: a file of JSON for each service, written at its shutdown.
FORMER = "state"
TAKEN_OVER = "state.taken-over"
# MiniStack keeps an object's type, size and ETag beside its file.
DESCRIPTION = ".meta.json"

logger = logging.getLogger("artshop.engine")


class DataUnreadable(Exception):
    """What the folder holds cannot be read; nothing was changed."""


@dataclass(frozen=True)
class Services:
    """MiniStack's three modules, which read files of the folder as they are imported."""

    dynamodb: Any
    s3: Any
    sqs: Any


def open_data(folder: Path) -> tuple[RowStore, Saver]:
    """Fill the services with what `folder` holds and have their changes saved there from now on.

    A folder in MiniStack's own form is taken over once; its files stay beside. Raises DataUnreadable.
    """
    mend_torn_objects(folder / "s3")
    services, former = _import_services(), folder / FORMER
    try:
        store = RowStore(folder / FILE)
        try:
            saver = _fill(services, store, former)
        except BaseException:
            # Whoever is told why must not hold the file by it.
            store.close()
            raise
    except (sqlite3.Error, UnknownForm, ValueError, LookupError) as error:
        raise DataUnreadable(f"The data in {folder} cannot be read: {error!r}") from error
    if former.is_dir():
        _put_aside(former, folder / TAKEN_OVER)
    return store, saver


def _fill(services: Services, store: RowStore, former: Path) -> Saver:
    if store.is_new and former.is_dir():
        _restore(services, former)
    saver = _connect(services, store)
    if store.is_new:
        saver.save_everything()
    return saver


def mend_torn_objects(folder: Path) -> None:
    """Mend what a kill left of an object that was being written: its file first, then its description."""
    for path in folder.rglob("*.tmp"):
        # MiniStack would take it for an object; a whole one whose name ends so has its description beside it.
        if path.is_file() and not _description_of(path).exists():
            path.unlink()
    for description in folder.rglob(f"*{DESCRIPTION}"):
        path = description.with_name(description.name.removesuffix(DESCRIPTION))
        # The file of a second upload under one key, with the description of the first.
        if path.is_file() and path.stat().st_mtime_ns > description.stat().st_mtime_ns:
            _describe_anew(path)


def _describe_anew(path: Path) -> None:
    content = path.read_bytes()
    etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
    described = json.loads(_description_of(path).read_text(encoding="utf-8"))
    described |= {"size": len(content), "etag": f'"{etag}"', "checksums": {}}
    beside = path.with_name(f"{path.name}{DESCRIPTION}.tmp")
    beside.write_text(json.dumps(described), encoding="utf-8")
    beside.rename(_description_of(path))


def _description_of(path: Path) -> Path:
    return path.with_name(f"{path.name}{DESCRIPTION}")


def _import_services() -> Services:
    from ministack.services import dynamodb, s3, sqs

    # Kinesis's requests take it inside the one that saving holds.
    dynamodb._lock = threading.RLock()
    return Services(dynamodb, s3, sqs)


def _connect(services: Services, store: RowStore) -> Saver:
    tables = TableRows(services.dynamodb, store)
    buckets, queues = BucketRows(services.s3, store), QueueRows(services.sqs, store)
    rows: dict[str, Rows] = {"dynamodb": tables, "s3": buckets, "sqs": queues}
    saver = Saver(store, rows, services.dynamodb._lock)
    services.dynamodb.handle_request = saving_tables(services.dynamodb, tables, saver)
    services.s3.handle_request = saving_buckets(services.s3, saver)
    services.sqs.handle_request = saving_queues(services.sqs, saver)
    return saver


def _restore(services: Services, former: Path) -> None:
    """Give each service what MiniStack saved; ValueError for a file that it cannot read."""
    from ministack.core import persistence

    persistence.PERSIST_STATE, persistence.STATE_DIR = True, str(former)
    for name in ("dynamodb", "s3", "sqs"):
        state = persistence.load_state(name)
        if state is None and (former / f"{name}.json").exists():
            raise ValueError(f"{former / name}.json is damaged")
        if state and name == "s3":
            # The files, which were read already, name a bucket without its settings.
            for key, settings in state["buckets_meta"]._data.items():
                services.s3._buckets._data.setdefault(key, {"objects": {}}).update(settings)
        if state:
            getattr(services, name)._restore_state(state)
    persistence.PERSIST_STATE = False


def _put_aside(former: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    former.rename(target)
    logger.warning("The data of %s was taken over; what it was lies in %s", former, target)
