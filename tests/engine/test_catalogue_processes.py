"""Processes that change, sell and list one catalogue at once: lists are never more than a second behind.

Each process has its own catalogue, as each Lambda function has. `ARTSHOP_CATALOGUE_PROCESSES` and
`ARTSHOP_CATALOGUE_SECONDS` make it longer than CI does.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from pathlib import Path
from time import monotonic
from typing import IO, Any, cast

import pytest

from tests.engine.catalogue_traffic.goods import shares_of, stock_goods
from tests.engine.catalogue_traffic.timeline import ASKED, Act, Ban, Good, Seen, State, Timeline
from tests.engine.catalogue_traffic.writing import KINDS
from tools.paths import ROOT

PROCESSES = int(os.environ.get("ARTSHOP_CATALOGUE_PROCESSES", "8"))
SECONDS = float(os.environ.get("ARTSHOP_CATALOGUE_SECONDS", "15"))


class Process:
    """One process of the traffic, ready to begin."""

    def __init__(self, folder: Path, kind: str, number: int, of: int) -> None:
        self.kind, self.notes = kind, folder / f"{kind}-{number}.jsonl"
        environment = os.environ | {"SHOP_DOMAINS": "catalog,orders", "CHECKOUTS_PER_HOUR": "0"}
        arguments = [kind, str(number), str(of), str(self.notes)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.catalogue_traffic", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._input, self._output = (
            cast("IO[str]", self._process.stdin),
            cast("IO[str]", self._process.stdout),
        )

    def hear(self, word: str) -> None:
        """Waits until the process says so."""
        assert self._output.readline().strip() == word, self.kind

    def tell(self, text: object) -> None:
        self._input.write(f"{text}\n")
        self._input.flush()

    def end(self) -> int:
        """Its exit status."""
        self._process.communicate()
        return self._process.returncode

    def kill(self) -> None:
        self._process.kill()
        self._input.close()
        self._output.close()
        self._process.wait()


@contextmanager
def traffic(folder: Path) -> Iterator[list[Process]]:
    """All processes, none of which outlives the test."""
    shares = shares_of(PROCESSES)
    counts = {"writer": shares.writers, "buyer": shares.buyers, "bans": shares.bans, "reader": shares.readers}
    started = [
        Process(folder, kind, number, count) for kind, count in counts.items() for number in range(count)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.kill()


def lines(processes: Sequence[Process]) -> Iterator[dict[str, Any]]:
    """All that the processes have written down."""
    for process in processes:
        for line in process.notes.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def act_of(note: dict[str, Any]) -> Act:
    return Act(**{**note, "state": State(**note["state"])})


def seen_of(note: dict[str, Any]) -> Seen:
    return Seen(**{**note, "shown": {int(number): revision for number, revision in note["shown"].items()}})


GOODS = {1: Good(1, "one", "prints"), 2: Good(2, "two", "prints", "banned")}
BEGINNING = [Act(number, -inf, -inf, State()) for number in GOODS]
DELETED, RENAMED = State(deleted=True), State(revision=1)


def listed(began: float, *shown: int, total: int | None = None, **changes: Any) -> Seen:
    """Everything as it was listed within a tenth of a second."""
    known = Seen("everything", "", began, began + 0.1, dict.fromkeys(shown, 0), total)
    return replace(known, **changes)


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (listed(9, 1, 2), ""),
        (listed(9, 1), "misses"),
        (listed(10.5, 1, 2), ""),
        (listed(10.5, 2), ""),
        (listed(11.9, 1, 2), ""),
        (listed(12.1, 2), ""),
        (listed(12.1, 1, 2), "shows what is not public"),
        (listed(12.1, 2, total=1), ""),
        (listed(12.1, 2, total=2), "counts 2, not 1 to 1"),
        (listed(12.1, 2, 3), "nobody made"),
        (listed(12.1, 2, asked="word", value="two"), ""),
        (listed(12.1, asked="word", value="two"), "misses"),
        (listed(12.1, asked="word", value="three"), ""),
        (listed(12.1, 2, asked="category", value="originals"), "shows"),
        (listed(20.5), ""),
        (listed(22.1), ""),
        (listed(22.1, 2), "shows"),
    ],
)
def test_what_is_known_by_a_second_after_an_act_is_demanded_of_lists(seen: Seen, word: str) -> None:
    acts = [*BEGINNING, Act(1, 10, 11, DELETED)]
    bans = [Ban("banned", -inf, -inf, withheld=False), Ban("banned", 20, 21, withheld=True)]
    complaints = list(Timeline(GOODS, acts, bans).complaints(seen))
    assert all(word in complaint for complaint in complaints)
    assert len(complaints) == bool(word)


def test_an_older_title_is_no_more_shown_than_an_older_state() -> None:
    timeline = Timeline(GOODS, [*BEGINNING, Act(1, 10, 11, RENAMED)])
    assert not list(timeline.complaints(listed(11.5, 1, 2)))
    assert not list(timeline.complaints(listed(12.5, shown={1: 1, 2: 0})))
    (complaint,) = timeline.complaints(listed(12.5, 1, 2))
    assert "shows revision 0" in complaint


def test_what_was_never_acknowledged_may_have_been_done_or_not() -> None:
    timeline = Timeline(GOODS, [*BEGINNING, Act(1, 10, inf, DELETED)])
    assert not list(timeline.complaints(listed(99, 1, 2)))
    assert not list(timeline.complaints(listed(99, 2)))


@pytest.mark.exhaustive
def test_no_list_is_more_than_a_second_behind_whoever_writes_and_sells_meanwhile(
    table: str, tmp_path: Path
) -> None:
    goods = stock_goods()
    with traffic(tmp_path) as processes:
        for process in processes:
            process.hear("ready")
        deadline = monotonic() + SECONDS
        for process in processes:
            process.tell(deadline)
        for process in processes:
            process.hear("done")
        for process in processes:
            if process.kind == "reader":
                process.tell("once more")
        assert [process.end() for process in processes] == [0] * len(processes)
        notes: dict[str, list[dict[str, Any]]] = {}
        for note in lines(processes):
            notes.setdefault(note.pop("note"), []).append(note)
    made = {note["id"]: Good(**note) for note in notes.get("good", [])}
    acts = [act_of(note) for note in notes["act"]]
    acts += [Act(number, -inf, -inf, State(deleted=number in made)) for number in goods | made]
    first = {"creator": "banned", "began": -inf, "acknowledged": -inf, "withheld": False}
    timeline = Timeline(goods | made, acts, [Ban(**note) for note in [first, *notes["ban"]]])
    seen = [seen_of(note) for note in notes["seen"]]
    complaints = [complaint for each in seen for complaint in timeline.complaints(each)]
    done = Counter(act.kind for act in acts)
    counts = f"{dict(done)} {len(notes['ban'])} bans {len(notes['sale'])} sales {len(seen)} lists"
    sys.stderr.write(f"{len(processes)} processes: {counts}\n")
    assert not complaints, f"{len(complaints)} of {len(seen)} lists:\n" + "\n".join(complaints[:20])
    assert set(done) >= KINDS
    assert [act for act in acts if act.acknowledged == inf] == []
    assert {each.asked for each in seen} == ASKED
    assert notes["sale"]
