"""The whole table, or an index, in parallel segments."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from common.dynamodb import Condition
from tools.scanning import ScanPage, scan_pages

# DynamoDB Local looks through the rest of a segment for each page, so that long ones take their square.
SEGMENTS_A_WORKER = 8


def scan(
    handle: Callable[[ScanPage], None],
    workers: int,
    select: tuple[str, ...] = (),
    *,
    index: str | None = None,
    where: Condition | None = None,
) -> None:
    """Give every page of the table, or of an index, to `handle`, which `workers` threads call at once.

    `where` leaves rows out after they were read.
    """
    segments = workers * SEGMENTS_A_WORKER

    def read(segment: int) -> None:
        for page in scan_pages(segment, segments, select=select, index=index, where=where):
            handle(page)

    with ThreadPoolExecutor(workers, thread_name_prefix="scan") as pool:
        for _ in pool.map(read, range(segments)):
            pass
