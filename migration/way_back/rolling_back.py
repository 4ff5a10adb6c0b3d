"""`artshop migrate rollback`: plans, asks, writes back or empties, and reports."""

from collections.abc import Mapping, Sequence

import click

from common.dynamodb import table_name
from migration.options import Options
from migration.postgres.source import Source
from migration.reports import Report, Section
from migration.table import moments
from migration.table import state as states
from migration.table.emptying import empty_table
from migration.table.given_ids import keep_given
from migration.way_back.changes import DELETE, INSERT, KINDS, UPDATE, Change, WayBack
from migration.way_back.new_ids import new_ids, raise_sequences
from migration.way_back.plan import plan_way_back
from migration.way_back.write_back import write_back
from tools.errors import ToolError
from tools.progress import for_terminal


def check_target(url: str | None) -> str:
    """The URL of a database that can be written to. Raises click.UsageError and ToolError."""
    if url is None:
        raise click.UsageError("Missing option '--source'.")
    if "://" not in url and "=" not in url:
        raise ToolError("A dump cannot be written to: --source has to be the URL of a database.")
    return url


def roll_back(
    source: Source, options: Options, *, is_sure: bool = False, is_dry: bool = False, is_forced: bool = False
) -> Report:
    """Write what differs into a database that was opened for writing, after the name of it was typed.

    `is_sure` leaves the question out; `is_forced` replaces what PostgreSQL has changed as well; `is_dry` does
    the same as without it and takes it back at the end. Raises ToolError when PostgreSQL refuses, and
    click.Abort when the name is another.
    """
    way = plan_way_back(source, options)
    is_refused = bool(way.late) and bool(way.changes) and not is_forced
    if way.changes and not is_refused:
        if not is_sure and not is_dry:
            click.echo("\n".join(_counts(way)))
            _ask_for(f"Type the name of the database ({source.database}) to change it", source.database)
        _write(source, options, way, is_dry=is_dry)
    return report_of(way, source, is_dry=is_dry, is_refused=is_refused)


def empty(workers: int, *, is_sure: bool = False) -> None:
    """Delete every row of the table, after its name was typed."""
    name = table_name()
    if not is_sure:
        _ask_for(f"Type the name of the table ({name}) to delete all of its rows", name)
    click.echo(f"{empty_table(workers, for_terminal()):,} rows of {name} deleted; the table is empty.")


def _write(source: Source, options: Options, way: WayBack, *, is_dry: bool) -> None:
    state = states.load()
    if state is None:
        raise ToolError("The table was emptied meanwhile; nothing was changed.")
    ids = new_ids(source, state, options.entities, way.changes)
    if not is_dry:
        # Before the rows: a process that dies between the two goes on with the same ids when it is repeated.
        raise_sequences(source, ids)
        keep_given(source.identity, source.given, ids.given)
        moments.keep(_moments(way.changes))
    write_back(source, options.entities, way.changes, ids, options.progress)
    if not is_dry:
        source.commit()


def _moments(changes: Sequence[Change]) -> Mapping[str, Sequence[str]]:
    """When the written rows will have been changed, so that no later way back takes it for PostgreSQL's.

    What they say now stays beside it, for this way back may not arrive; but not where that is a change of
    PostgreSQL's, which the next one has to tell again.
    """
    known = moments.remembered()
    found = {}
    for change in changes:
        moment = moments.moment_of(change.row)
        if change.kind != DELETE and moment is not None:
            before = moments.moment_of(change.before or {})
            name = moments.name_of(change.table, change.record, change.key)
            kept = [text for text in known.get(name, ()) if before and text == before.isoformat()]
            found[name] = [*kept, moment.isoformat()]
    return found


def report_of(way: WayBack, source: Source, *, is_dry: bool, is_refused: bool) -> Report:
    """What was changed, or would be."""
    changes = [(it.kind, it.table, it.label, ", ".join(it.columns)) for it in way.changes]
    return Report(
        "rollback",
        "Going back to PostgreSQL",
        not is_refused,
        [*_counts(way), _conclusion(way, source, is_dry=is_dry, is_refused=is_refused)],
        [Section("Changes", ("change", "table", "row", "columns"), changes)],
        {"written": bool(way.changes) and not is_dry and not is_refused, "refused": is_refused},
        way.findings,
        KINDS,
    )


def _counts(way: WayBack) -> Sequence[str]:
    words = {UPDATE: "to change", INSERT: "to add", DELETE: "to delete"}
    counted = ", ".join(f"{way.count(kind):,} {text}" for kind, text in words.items())
    found = {
        "rows have been changed in PostgreSQL since the move": len(way.late),
        "values are held otherwise there, renamed or left out": len(way.unlike),
        "values have no column there": len(way.lost),
        "rows have no table there": sum(way.homeless.values()),
        "pictures are to be copied": len(way.new_pictures()),
    }
    return [
        f"rows of PostgreSQL: {counted}",
        *(f"{count:,} {text}" for text, count in found.items() if count),
    ]


def _conclusion(way: WayBack, source: Source, *, is_dry: bool, is_refused: bool) -> str:
    if is_refused:
        return "nothing was written: look at those rows, then give --force to replace them too"
    if not way.changes:
        return f"{source.database} and {table_name()} are the same; nothing was written"
    if is_dry:
        return "PostgreSQL took all of it, and it was taken back: nothing was written"
    return f"{source.database} is as {table_name()} is"


def _ask_for(question: str, name: str) -> None:
    if click.prompt(question, default="", show_default=False) != name:
        click.echo("That is another name; nothing was changed.")
        raise click.Abort
