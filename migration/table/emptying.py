"""Deletes every row of the table but that of its generation, with progress; the table itself stays."""

from threading import Lock

from common.dynamodb import from_wire
from migration.table import state as states
from migration.table.batches import delete_all
from migration.table.scan import scan
from tools.generations import new_generations
from tools.progress import Progress
from tools.scanning import CONTENTS, ScanPage, count_items


def empty_table(workers: int, progress: Progress) -> int:
    """Delete all rows, whoever wrote them, and say how many they were.

    Raises ToolError when some are left; the command may be repeated.
    """
    lock = Lock()
    deleted = 0
    # A table that is half empty must not be taken for one from which the shop has deleted the rest.
    states.forget()
    # Not even a process that held no generation keeps what is gone: the last one stays in the table.
    with (
        new_generations() as keep_up,
        progress("Emptying the table", count_items(workers)) as advance,
    ):

        def delete(page: ScanPage) -> None:
            nonlocal deleted
            keys = [from_wire(wire) for wire in page.items]
            delete_all((key["PK"], key["SK"]) for key in keys)
            with lock:
                deleted += len(keys)
                advance(len(keys))
                keep_up()

        scan(delete, workers, ("PK", "SK"), where=CONTENTS)
    return deleted
