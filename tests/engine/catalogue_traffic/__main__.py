"""`python -m tests.engine.catalogue_traffic KIND NUMBER OF NOTES`: one process of the traffic.

It says that it is ready, and reads the moment at which it ends; a reader then reads one line more before it
asks everything once again.
"""

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from random import Random
from typing import TextIO

from app import app
from tests.engine.catalogue_traffic.asking import Asking, Notes
from tests.engine.catalogue_traffic.reading import Reader
from tests.engine.catalogue_traffic.writing import Writer, bans, buyer


def main(kind: str, number: int, of: int, notes: Notes, output: TextIO) -> None:
    """Does one thing after another until the deadline."""
    print("ready", file=output, flush=True)
    asking = Asking(app, float(sys.stdin.readline()))
    chance = Random(f"{kind}-{number}")  # noqa: S311 - repeatable
    writer, reader = Writer(number, of, asking, notes, chance), Reader(asking, notes, chance)
    steps: dict[str, Callable[[], None]] = {
        "writer": writer.act,
        "buyer": buyer(asking, notes, chance),
        "bans": bans(asking, notes),
        "reader": reader.ask,
    }
    # On a slow machine the writers take longer, so that there is something to judge.
    while not asking.is_over or (kind == "writer" and not (writer.has_begun or asking.is_late)):
        steps[kind]()
    print("done", file=output, flush=True)
    if kind == "reader":
        sys.stdin.readline()
        reader.ask_everything()


if __name__ == "__main__":
    out = sys.stdout
    _, KIND, NUMBER, OF, NOTES = sys.argv
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        main(KIND, int(NUMBER), int(OF), Notes(Path(NOTES)), out)
