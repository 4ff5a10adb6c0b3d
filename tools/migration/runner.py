"""Moves everything: first a look at every row without writing, then window by window with a checkpoint."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tools.migration import moments
from tools.migration import state as states
from tools.migration.counters import Counters, raise_above_sequences
from tools.migration.entity import Entity
from tools.migration.reading import records
from tools.migration.records import BadRow
from tools.migration.rehearsal import Options, Result, context_of, rehearse
from tools.migration.source import Source
from tools.migration.state import BAD
from tools.migration.tallies import recount
from tools.migration.writer import Outcome, Planned, Writer

WINDOW_RECORDS = 500
WINDOW_ROWS = 2000


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
    result = rehearse(source, options, states.expected(source.identity, now, same_shop=same_shop))
    if (result.bad or result.missing_tables) and not options.skip_bad:
        result.was_stopped = True
        return result
    result.state = states.begin(source.identity, now, same_shop=same_shop)
    if options.media_bases:
        states.remember_media_bases(options.media_bases)
    states.remember(result.bad)
    moments.remember(source, options.entities, result.state, overwrite=options.overwrite)
    for entity in options.entities:
        _move(source, entity, options, result)
    raise_above_sequences(source, options.entities)
    result.moved_tallies = recount(options.workers)
    if options.is_whole:
        states.finish(options.now(), result.records)
    found = list(states.conflicts())
    # A run that was taken up again has not looked at the rows that the process before it left out.
    result.bad = [conflict for conflict in found if conflict.kind == BAD]
    result.conflicts = [conflict for conflict in found if conflict.kind != BAD]
    return result


def _move(source: Source, entity: Entity, options: Options, result: Result) -> None:
    """Move one entity from its checkpoint on; a window is written while the next one is read and mapped."""
    counters = Counters()
    with (
        options.progress(f"Moving {entity.name}", result.records[entity.name]) as advance,
        Writer(options.workers, overwrite=options.overwrite) as writer,
    ):

        def settle(window: _Window, wait: Callable[[], Outcome]) -> None:
            outcome = wait()
            states.remember(outcome.conflicts)
            counters.reach(window.highest)
            states.checkpoint(entity.name, window.last)
            result.outcome.add(outcome)
            advance(window.records)

        pending: tuple[_Window, Callable[[], Outcome]] | None = None
        for window in _windows(source, entity, options, result):
            if pending:
                settle(*pending)
            pending = window, writer.start(window.planned)
        if pending:
            settle(*pending)


def _windows(source: Source, entity: Entity, options: Options, result: Result) -> Iterator[_Window]:
    state = result.state
    context = context_of(source, state, options.media_bases)
    bad = {conflict.id for conflict in result.bad if conflict.entity == entity.name}
    window = _Window()
    for record in records(source, entity, after=state.after(entity.name)):
        if isinstance(record, BadRow) or record.id in bad:
            continue
        is_given = source.given.has(entity.table, record.id)
        was_moved = is_given or state.was_moved(entity.name, record.id)
        items = entity.items(record, context)
        window.planned += [Planned(entity, record.id, item, was_moved) for item in items]
        window.highest.append(entity.highest(record))
        window.records, window.last = window.records + 1, record.position
        if window.is_full:
            yield window
            window = _Window()
    if window.records:
        yield window
