"""`python -m benchmarks.holdings`: a catalogue in memory and in its SQLite file, by time, memory and size.

No table is asked: products are made up, written as the job writes them, and each kind is begun and asked in a
process of its own.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from benchmarks.catalogue.goods import listed_product
from benchmarks.tables import table
from catalog.index import snapshot_file, sqlite_file
from catalog.index.catalogue import Catalogue
from catalog.index.holding import Holding
from catalog.index.packed_documents import pack
from catalog.index.snapshot_file import Snapshot
from catalog.index.sqlite_holding import SqliteCatalogue
from catalog.index.stored_documents import encode
from catalog.index.texts import TextIndex, texts_of
from catalog.product_filters import Filters
from common.dynamodb import Item
from common.repositories.products import document_item, listing_item

MEMORY, SQLITE = "memory", "sqlite"
TABLE = "made up"
ROUNDS = 7
_PUBLISHED = ("published",)
LISTS: dict[str, Filters] = {
    "cheapest first": Filters(_PUBLISHED, sort_by="base_price", descending=False),
    "a category": Filters(_PUBLISHED, category="prints"),
    "in stock, of a price": Filters(_PUBLISHED, in_stock=True, min_price=Decimal(20), max_price=Decimal(60)),
    "search of one letter": Filters(_PUBLISHED, search="a", best_first=True),
    "search of a word": Filters(_PUBLISHED, search="lighthouse", best_first=True),
    "search of two words": Filters(_PUBLISHED, search="sopra lanterna", best_first=True),
}


@click.command()
@click.option("--products", default=10_000, show_default=True, help="How many there are.")
@click.option("--begun", type=(str, click.Path(path_type=Path)), hidden=True)
def main(products: int, begun: tuple[str, Path] | None) -> None:
    """Make a catalogue of so many products, and measure both ways of holding it."""
    if begun is not None:
        click.echo(json.dumps(asked(*begun)))
        return
    with tempfile.TemporaryDirectory() as folder:
        made(products, Path(folder))
        kinds = {kind: _in_a_process(kind, Path(folder) / kind) for kind in (MEMORY, SQLITE)}
    rows = [(name, *(str(kinds[kind][name]) for kind in (MEMORY, SQLITE))) for name in kinds[MEMORY]]
    click.echo(table(["", "in memory", "SQLite file"], rows))


def made(products: int, folder: Path) -> None:
    """Writes the files of both kinds, and says what making them took."""
    began = time.process_time()
    rows: list[Item] = []
    texts = TextIndex()
    documents = pack(_documents(products, rows, texts))
    snapshot = Snapshot(None, datetime.now(UTC), rows, documents, texts.dump())
    (folder / MEMORY).write_bytes(snapshot_file.write(snapshot, TABLE))
    between = time.process_time()
    (folder / SQLITE).write_bytes(sqlite_file.packed(snapshot))
    all_but, of_file = between - began, time.process_time() - between
    click.echo(
        f"making them: {all_but:.1f} s of the processor, and {of_file:.1f} s for the SQLite file", err=True
    )


def asked(kind: str, path: Path) -> dict[str, Any]:
    """What beginning with a file takes, and how long each list does, in this process."""
    before = _resident_mb()
    began = time.process_time()
    holding = _begun(kind, path.read_bytes())
    found: dict[str, Any] = {
        "MB in S3": round(path.stat().st_size / 1e6, 1),
        "ms of the processor to begin": round((time.process_time() - began) * 1000),
    }
    found |= {f"ms: {name}": _median_ms(holding, filters) for name, filters in LISTS.items()}
    return found | {"MB of memory, all lists asked": _resident_mb() - before}


def _documents(products: int, rows: list[Item], texts: TextIndex) -> Iterator[tuple[int, bytes]]:
    for index in range(products):
        product = listed_product(index)
        document = document_item(product)
        rows.append(listing_item(product))
        texts.fill([(product.id, texts_of(document))])
        yield product.id, encode(document)


def _in_a_process(kind: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.holdings", "--begun", kind, str(path)]
    answered = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(answered.stdout))


def _begun(kind: str, data: bytes) -> Holding:
    if kind == SQLITE:
        return SqliteCatalogue(sqlite_file.opened(data))
    snapshot = snapshot_file.read(data, TABLE)
    return Catalogue(snapshot.rows, "", snapshot.texts)


def _median_ms(holding: Holding, filters: Filters) -> float:
    """The median of the later times: what the first brings in is kept, answers of searches too."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        if filters.search:
            holding.unread()
        holding.select(filters, 20, found=holding.find(filters) if filters.search else None)
        times.append((time.process_time() - began) * 1000)
    return round(statistics.median(times[1:]), 1)


def _resident_mb() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) // 1024


if __name__ == "__main__":
    main()
