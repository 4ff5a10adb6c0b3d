"""What sitemap and Merchant feed cost by the size of the catalogue: `python -m benchmarks.discovery 1000`.

The processor's time in milliseconds of a process that holds the catalogue as it came with its snapshot; what
reading the table costs is that of any list. `first` makes all, `change` is after the change of one product,
`kept` answers what is kept, `held` knows that the caller has it.
"""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from time import process_time
from unittest.mock import patch

from benchmarks.catalogue.goods import snapshot_of
from catalog.discovery.kept import Parts, feed_parts, sitemap_parts, unpacked
from catalog.index.freshness import Keeper
from common.clock import utc_now
from common.repositories.catalogue_changes import DOCUMENT_MARK, Changes, mark_keys, new_mark

SIZES = (1_000, 10_000)
SETTINGS = {"STOREFRONT_URL": "https://shop.example.com", "STOREFRONT_BRAND": "The shop"}


def measure(size: int) -> None:
    """Prints what a size costs."""
    stored = snapshot_of(size)
    keeper = Keeper(ask=lambda _: Changes([], None), snapshot=lambda: stored)
    changed = dict(stored.rows[size // 2])
    with patch("catalog.index.freshness.current", keeper.current):
        keeper.current()
        for name, parts_at in (("sitemap", sitemap_parts), ("feed", feed_parts)):
            first = _timed(parts_at, _answered)
            kept, held = _timed(parts_at, _answered), _timed(parts_at, lambda parts: parts.version)
            # A piece of one product is sold: its document stays as it is.
            mark = {DOCUMENT_MARK: changed.get(DOCUMENT_MARK)} if DOCUMENT_MARK in changed else {}
            keeper.current().apply([changed | mark | mark_keys(new_mark())])
            change = _timed(parts_at, _answered)
            texts = [unpacked(part) for part in parts_at(utc_now()).texts()[0]]
            megabytes = sum(len(text.encode()) for text in texts) / 1e6
            print(
                f"{size:6} products, {name:7}: {megabytes:5.2f} MB, {len(texts)} parts; first {first:.0f}, "
                f"change {change:.0f}, kept {kept:.1f}, held {held:.1f}"
            )


def _answered(parts: Parts) -> str:
    return unpacked(parts.texts()[0][0])


def _timed(parts_at: Callable[[datetime], Parts], use: Callable[[Parts], str]) -> float:
    began = process_time()
    use(parts_at(utc_now()))
    return (process_time() - began) * 1000


if __name__ == "__main__":
    os.environ.update(SETTINGS)
    for asked in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        measure(asked)
