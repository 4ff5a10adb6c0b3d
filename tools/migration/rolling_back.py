"""`artshop migrate rollback`: asks, writes back or empties, and reports."""

from collections.abc import Sequence

import click

from common.dynamodb import table_name
from tools.errors import ToolError
from tools.migration.emptying import empty_table
from tools.migration.going_back import DELETE, INSERT, UPDATE, WayBack, plan_way_back, shown
from tools.migration.progress import for_terminal
from tools.migration.rehearsal import Options
from tools.migration.reports import Report, Section
from tools.migration.source import Source
from tools.migration.write_back import write_back


def roll_back(
    url: str,
    source: Source,
    options: Options,
    *,
    is_sure: bool = False,
    is_dry: bool = False,
    is_forced: bool = False,
) -> Report:
    """Write what differs into the database at `url`, after the name of it was typed.

    `is_sure` leaves the question out, `is_dry` the writing; `is_forced` replaces what PostgreSQL has
    changed as well. Raises ToolError when PostgreSQL refuses, and click.Abort when the name is another.
    """
    if "://" not in url and "=" not in url:
        raise ToolError("A dump cannot be written to: --source has to be the URL of a database.")
    way = plan_way_back(source, options)
    if is_dry or not way.changes or (way.late and not is_forced):
        return report_of(way, source, is_done=False, is_dry=is_dry)
    if not is_sure:
        click.echo("\n".join(_counts(way)))
        _ask_for(f"Type the name of the database ({source.database}) to change it", source.database)
    write_back(url, source, options.entities, way.changes, options.progress)
    return report_of(way, source, is_done=True, is_dry=False)


def empty(workers: int, *, is_sure: bool = False) -> None:
    """Delete every row of the table, after its name was typed."""
    name = table_name()
    if not is_sure:
        _ask_for(f"Type the name of the table ({name}) to delete all of its rows", name)
    click.echo(f"{empty_table(workers, for_terminal()):,} rows of {name} deleted; the table is empty.")


def report_of(way: WayBack, source: Source, *, is_done: bool, is_dry: bool) -> Report:
    """What was changed, or would be."""
    changes = Section("Changes", ("change", "table", "row", "columns"), [shown(it) for it in way.changes])
    late = Section("Changed in PostgreSQL since the move", ("row",), [(text,) for text in way.late])
    lost = Section("What PostgreSQL has no column for", ("entity", "id", "attribute", "value"), way.lost)
    homeless = Section("Rows that PostgreSQL has no table for", ("kind", "rows"), list(way.homeless.items()))
    is_refused = bool(way.late) and not is_done and not is_dry and bool(way.changes)
    return Report(
        "rollback",
        "Going back to PostgreSQL",
        not is_refused,
        [*_counts(way), _conclusion(way, source, is_done=is_done, is_refused=is_refused)],
        [changes, late, lost, homeless],
        {"written": is_done, "refused": is_refused},
    )


def _counts(way: WayBack) -> Sequence[str]:
    words = {UPDATE: "to change", INSERT: "to add", DELETE: "to delete"}
    counted = ", ".join(f"{way.count(kind):,} {text}" for kind, text in words.items())
    found = [f"rows of PostgreSQL: {counted}"]
    if way.late:
        found.append(f"{len(way.late):,} rows have been changed in PostgreSQL since the move")
    if way.lost:
        found.append(f"{len(way.lost):,} values have no column there")
    return found


def _conclusion(way: WayBack, source: Source, *, is_done: bool, is_refused: bool) -> str:
    if is_done:
        return f"{source.database} is as {table_name()} is"
    if is_refused:
        return "nothing was written: look at those rows, then give --force to replace them too"
    if not way.changes:
        return f"{source.database} and {table_name()} are the same; nothing was written"
    return "nothing was written"


def _ask_for(question: str, name: str) -> None:
    if click.prompt(question, default="", show_default=False) != name:
        click.echo("That is another name; nothing was changed.")
        raise click.Abort
