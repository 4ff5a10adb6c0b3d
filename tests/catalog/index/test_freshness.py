"""How a process keeps up with a table whose writers' clocks differ and whose changes are seen late."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.index.freshness import MAX_AGE, NARROW, WIDE, WIDE_EVERY, Keeper, Overlaps
from common.clock import iso
from common.errors import Unavailable
from common.repositories.catalogue_changes import Changes
from tests.catalog.index.reader import Reader
from tests.catalog.index.table_of_delays import START, Table, chances, work

CLOCK = 300.0
# The wide question reaches behind what both clocks may be off and what a commit may be late.
LATEST = WIDE.total_seconds() - 2 * CLOCK
BOUND = LATEST + WIDE_EVERY.total_seconds()
# What was brought without a mark is found by reading everything once more when it has settled.
SETTLED = WIDE.total_seconds() + 2 * CLOCK

CLOCKS = st.lists(st.floats(-CLOCK, CLOCK), min_size=3, max_size=3)


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next, so many seconds after the last: somebody writes, deletes, brings or reads."""

    act: str
    who: int
    product: int
    seconds: float


def steps(pauses: st.SearchStrategy[float], *acts: str) -> st.SearchStrategy[list[Step]]:
    chosen = st.sampled_from([*acts, "read", "read", "read", "read"])
    return st.lists(st.builds(Step, chosen, st.integers(0, 2), st.integers(1, 4), pauses), max_size=80)


def _play(table: Table, clocks: list[float], readers: list[Reader], story: list[Step], bound: float) -> None:
    for number, step in enumerate(story):
        table.now += step.seconds
        if step.act == "read":
            with _while_rows_are_brought(story):
                _is_fresh(readers[step.who], table.now - bound)
        elif step.act == "begin":
            readers[step.who].begin_anew()
        elif step.act == "store":
            stored = readers[step.who].snapshot()
            for reader in readers:
                reader.stored = stored
        elif step.act == "bring":
            table.bring(work(step.product, f"brought {number}"), clocks[step.who])
        else:
            changed = work(step.product, f"change {number}", deleted=step.act == "delete")
            table.write(changed, clocks[step.who])
    table.now += bound
    for reader in readers:
        _is_fresh(reader, table.now)


@contextmanager
def _while_rows_are_brought(story: list[Step]) -> Iterator[None]:
    """A list may be refused while one generation follows the other, and at no other time."""
    try:
        yield
    except Unavailable:
        if not any(step.act == "bring" for step in story):
            raise


def _is_fresh(reader: Reader, since: float) -> None:
    """Whatever was true at no time since then is not shown."""
    shown = reader.titles()
    for product_id, titles in reader.table.titles_since(since).items():
        assert shown.get(product_id, "") in titles


@given(
    CLOCKS,
    CLOCKS,
    steps(
        st.one_of(st.floats(0, 2), st.floats(0, 90), st.floats(0, 1000)),
        "write",
        "write",
        "delete",
        "begin",
        "store",
    ),
    st.integers(0, 2**32),
)
def test_no_change_is_missed_for_longer_than_the_bound(
    writers: list[float], clocks: list[float], story: list[Step], seed: int
) -> None:
    table = Table(chances(seed), LATEST)
    _play(table, writers, [Reader(table, clock) for clock in clocks], story, BOUND)


@given(
    CLOCKS,
    CLOCKS,
    steps(st.one_of(st.floats(0, 2), st.floats(0, 1000)), "write", "delete", "bring"),
    st.integers(0, 2**32),
)
def test_what_is_brought_without_marks_is_seen_when_it_has_settled(
    writers: list[float], clocks: list[float], story: list[Step], seed: int
) -> None:
    table = Table(chances(seed), LATEST)
    _play(table, writers, [Reader(table, clock) for clock in clocks], story, SETTLED)


@given(
    st.lists(st.floats(-5, 5), min_size=3, max_size=3),
    st.lists(st.floats(-5, 5), min_size=3, max_size=3),
    steps(st.one_of(st.floats(0, 2), st.floats(0, 90)), "write", "write", "delete"),
    st.integers(0, 2**32),
)
def test_while_clocks_agree_a_list_is_as_fresh_as_a_read_of_the_index(
    writers: list[float], clocks: list[float], story: list[Step], seed: int
) -> None:
    lag = NARROW.total_seconds() - 10
    table = Table(chances(seed), lag)
    _play(table, writers, [Reader(table, clock) for clock in clocks], story, lag)


NOTHING = timedelta()


@pytest.mark.parametrize(
    ("overlaps", "clock"),
    [(Overlaps(NOTHING, NOTHING), -5.0), (Overlaps(NARROW, NARROW), -CLOCK)],
    ids=["none", "narrow alone"],
)
def test_a_smaller_overlap_misses_what_a_slow_clock_wrote(overlaps: Overlaps, clock: float) -> None:
    table = Table(chances(0), 0.0)
    table.write(work(1, "before"), clock)
    hasty, careful = Reader(table, overlaps=overlaps), Reader(table)
    for _ in range(2):
        table.now += 400
        assert hasty.titles() == careful.titles() == {1: "before"}
    table.write(work(1, "after"), clock)
    for _ in range(10):
        table.now += 70
        shown = [reader.titles()[1] for reader in (hasty, careful)]
        assert shown == ["before", "after"]


def test_a_smaller_overlap_misses_what_was_seen_late() -> None:
    """A commit that a question does not see yet is behind the moment of that question for the next one."""
    for overlaps, expected in ((Overlaps(NOTHING, NOTHING), "before"), (Overlaps(), "after")):
        table = Table(chances(0), 0.0)
        table.write(work(1, "before"), 0.0)
        reader = Reader(table, overlaps=overlaps)
        reader.titles()
        table.now += 100
        table.write(work(1, "after"), 0.0)
        unseen = table.states[1].pop()
        table.now += 1
        assert reader.titles() == {1: "before"}
        table.states[1].append(unseen)
        table.now += 100
        assert reader.titles() == {1: expected}


def test_each_use_asks_one_question_and_a_wide_one_once_a_minute() -> None:
    table = Table(chances(0), 0.0)
    reader = Reader(table)
    reader.titles()
    assert (len(reader.questions), reader.loads) == (2, 1)
    del reader.questions[:]
    for _ in range(7):
        table.now += 10
        reader.titles()
    asked = [(since - START).total_seconds() for since in reader.questions]
    assert asked == [-30, -20, -10, 0, 10, -900, 30]
    assert reader.loads == 1


def test_a_clock_that_is_set_back_asks_from_its_present() -> None:
    table = Table(chances(0), 0.0)
    reader = Reader(table)
    reader.titles()
    table.now, reader.clock = 20, 30.0
    reader.titles()
    table.now, reader.clock = 21, 0.0
    table.write(work(1, "new"), -6.0)
    assert reader.titles() == {1: "new"}


def test_a_clock_that_is_set_back_behind_the_reading_of_all_reads_all_anew() -> None:
    table = Table(chances(0), 0.0)
    reader = Reader(table, clock=120.0)
    reader.titles()
    reader.clock = 0.0
    table.write(work(1, "new"), 0.0)
    assert (reader.titles(), reader.loads) == ({1: "new"}, 2)


def test_what_was_brought_and_not_seen_is_read_once_more_when_it_has_settled() -> None:
    table = Table(chances(0), 0.0)
    table.bring(work(1, "brought"), 0.0)
    unseen = table.states.pop(1)
    reader = Reader(table)
    assert reader.titles() == {}
    table.states[1] = unseen
    table.now = WIDE.total_seconds() - 1
    assert (reader.titles(), reader.loads) == ({}, 1)
    table.now += 1
    assert (reader.titles(), reader.loads) == ({1: "brought"}, 2)
    table.now += WIDE.total_seconds()
    assert (reader.titles(), reader.loads) == ({1: "brought"}, 2)


def test_what_is_held_for_an_hour_is_read_anew() -> None:
    table = Table(chances(0), 0.0)
    reader = Reader(table)
    table.write(work(1, "marked"), 0.0)
    reader.titles()
    # Nobody may write so; the hour heals it all the same.
    table.states[1] = [(0.0, {**table.states[1][0][1], "title": "unmarked"})]
    table.now = MAX_AGE.total_seconds() - 1
    assert reader.titles() == {1: "marked"}
    table.now += 1
    assert reader.keeper.held() is None
    assert (reader.titles(), reader.loads) == ({1: "unmarked"}, 2)


def test_another_generation_is_read_anew_and_what_it_left_out_is_gone() -> None:
    table = Table(chances(0), 0.0, now=5000.0)
    table.write(work(1, "old"), 0.0)
    reader = Reader(table)
    assert reader.titles() == {1: "old"}
    del table.states[1]
    table.bring(work(2, "new"), 0.0)
    assert reader.keeper.held() is None
    assert reader.titles() == {2: "new"}
    held = reader.keeper.held()
    assert held is not None
    assert [row.title for row in held.rows()] == ["new"]


def test_nothing_is_read_for_who_takes_only_what_is_held() -> None:
    reader = Reader(Table(chances(0), 0.0))
    assert reader.keeper.held() is None
    assert (reader.questions, reader.loads) == ([], 0)
    reader.titles()
    assert reader.keeper.held() is not None
    reader.keeper.reset()
    assert reader.keeper.held() is None


def test_a_question_that_fails_leaves_what_is_held_as_it_was() -> None:
    table = Table(chances(0), 0.0)
    reader = Reader(table)
    reader.titles()
    table.now = 100
    table.write(work(1, "new"), 0.0)
    answers = iter([Unavailable("busy")])
    keeper = Keeper(reader.time, _failing_once(table, answers), table.read_all)
    with pytest.raises(Unavailable):
        keeper.current()
    assert [row.title for row in keeper.current().rows()] == ["new"]


def _failing_once(table: Table, failures: Iterator[Exception]) -> Callable[[datetime], Changes]:
    def ask(since: datetime) -> Changes:
        for failure in failures:
            raise failure
        return table.ask(iso(since))

    return ask


def test_threads_see_what_was_written_before_they_asked() -> None:
    table = Table(chances(0), 0.0)
    table.write(work(1, "0"), 0.0)
    reader = Reader(table)
    writing = Lock()
    written = 0

    def write() -> None:
        nonlocal written
        with writing:
            table.write(work(1, str(written + 1)), 0.0)
            written += 1

    def visit(turn: int) -> None:
        if turn % 4 == 0:
            write()
        least = written
        assert int(reader.titles()[1]) >= least

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(400)))
    assert reader.loads == 1
    # Who waited while another's question began and was answered asks none.
    assert len(reader.questions) <= 401
