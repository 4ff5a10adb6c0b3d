"""Moves everything: first a look at every row without writing, then window by window with a checkpoint."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from migration.mapping.entity import Entity
from migration.options import Options
from migration.postgres.source import Source
from migration.table import moments
from migration.table import state as states
from migration.table.counters import Counters, raise_above_sequences
from migration.table.state import BAD, State
from migration.table.tallies import recount
from migration.writing.claim import Claim, claim
from migration.writing.rehearsal import rehearse
from migration.writing.result import Result
from migration.writing.spool import Spool
from migration.writing.writer import Outcome, Planned, Writer
from tools.generations import new_generations

WINDOW_RECORDS = 500
WINDOW_ROWS = 2000
# Windows that are being written at once; their checkpoints follow in order.
WINDOWS_AHEAD = 3


@dataclass(slots=True)
class _Window:
    """Some records that are written together before the checkpoint moves."""

    records: int = 0
    last: int | str = 0
    planned: list[Planned] = field(default_factory=list)
    highest: list[Mapping[str, int]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Whether it is enough for one checkpoint."""
        return self.records >= WINDOW_RECORDS or len(self.planned) >= WINDOW_ROWS


def run(source: Source, options: Options) -> Result:
    """Move everything that is not there yet, and say what was found.

    Bad rows and missing tables stop it before the first write, unless they are to be skipped. Raises
    ToolError when the table was filled from another source or does not answer.
    """
    now, same_shop = options.now(), options.same_shop
    with Spool() as spool:
        expected = states.expected(source.identity, now, same_shop=same_shop)
        result = rehearse(source, options, expected, spool.add)
        if (result.bad or result.missing_tables) and not options.skip_bad:
            result.was_stopped = True
            return result
        state = states.begin(source.identity, now, same_shop=same_shop)
        if not _maps_alike(state, expected):
            # Another run has begun meanwhile, and what it has decided goes for this one too.
            spool.clear()
            result = rehearse(source, options, state, spool.add)
        result.state = state
        with new_generations() as keep_up:
            _write(source, options, result, spool, keep_up)
    result.moved_tallies = recount(options.workers)
    if options.is_whole:
        states.finish(options.now(), result.records)
    found = list(states.conflicts())
    # A run that was taken up again has not looked at the rows that the process before it left out.
    result.bad = [conflict for conflict in found if conflict.kind is BAD]
    result.conflicts = [conflict for conflict in found if conflict.kind is not BAD]
    return result


def _maps_alike(one: State, other: State) -> bool:
    return (one.as_of, one.media_bases) == (other.as_of, other.media_bases)


def _write(
    source: Source, options: Options, result: Result, spool: Spool, keep_up: Callable[[], None]
) -> None:
    if options.media_bases:
        states.remember_media_bases(options.media_bases)
    states.remember(result.bad)
    moments.remember(source, options.entities, result.state, overwrite=options.overwrite)
    # First, so that the shop gives out no id of a row that is still to come.
    created = raise_above_sequences(source, options.entities)
    claimed = claim(result.state, options.entities, created)
    with Writer(options.workers, overwrite=options.overwrite) as writer:
        for entity in options.entities:
            windows = _windows(source, entity, spool, result.state, claimed)
            _move(entity, options, result, windows, claimed, writer, keep_up)


def _move(
    entity: Entity,
    options: Options,
    result: Result,
    windows: Iterator[_Window],
    claimed: Claim,
    writer: Writer,
    keep_up: Callable[[], None],
) -> None:
    """Move one entity from its checkpoint on; some windows are written at once."""
    counters = Counters()
    pending: deque[tuple[_Window, Callable[[], Outcome]]] = deque()
    with options.progress(f"Moving {entity.name}", result.records[entity.name]) as advance:

        def settle() -> None:
            window, wait = pending.popleft()
            outcome = wait()
            states.remember(outcome.conflicts)
            counters.reach(window.highest)
            states.checkpoint(entity.name, window.last)
            result.outcome.add(outcome)
            advance(window.records)
            keep_up()

        for window in windows:
            if len(pending) >= WINDOWS_AHEAD:
                settle()
            claimed.announce(entity.name, window.last)
            pending.append((window, writer.start(window.planned)))
        while pending:
            settle()


def _windows(source: Source, entity: Entity, spool: Spool, state: State, claimed: Claim) -> Iterator[_Window]:
    name = entity.name
    window = _Window()
    for record in spool.records(name, state.after(name)):
        was_moved = source.given.has(entity.table, record.id) or state.was_moved(name, record.id)
        for pk, sk, text in record.rows:
            is_new = not was_moved and claimed.is_new(name, record, pk)
            window.planned.append(Planned(entity, record.id, (pk, sk), text, was_moved, is_new))
        window.highest.append(record.highest)
        window.records, window.last = window.records + 1, record.position
        if window.is_full:
            yield window
            window = _Window()
    if window.records:
        yield window
