"""What the commands of `artshop migrate` have in common: options, the source, and how they end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tools.errors import Interrupted, ToolError

if TYPE_CHECKING:
    from migration.options import Options
    from migration.postgres.source import Source
    from migration.reports import Report

FOLDER = click.Path(path_type=Path, file_okay=False)
# The exit code of a command that did what it was asked, but for its report.
REPORT_LOST = 3
_Command = TypeVar("_Command", bound=Callable[..., Any])

source_option = click.option(
    "--source",
    envvar="DATABASE_URL",
    required=True,
    metavar="URL|FILE",
    help="A libpq URL or a dump by pg_dump; default DATABASE_URL.",
)
table_option = click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    help="Only this table of PostgreSQL and what moves with it; may be repeated.",
)


def _taking_files(_context: click.Context, _parameter: click.Parameter, folder: Path | None) -> Path | None:
    """A folder that takes no files is refused at once, and not after hours."""
    from migration.reports import try_folder

    if folder:
        try:
            try_folder(folder)
        except ToolError as error:
            raise click.BadParameter(str(error)) from error
    return folder


report_option = click.option(
    "--report",
    "folder",
    type=FOLDER,
    callback=_taking_files,
    help="Write the report here, as Markdown and as JSON.",
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(1, 32),
    default=4,
    show_default=True,
    help="Requests to DynamoDB at once.",
)
media_option = click.option(
    "--media-base",
    "media_bases",
    multiple=True,
    metavar="URL",
    help="https://shop.example.com: its /uploads/ are the shop's own; may be repeated.",
)


optional_source_option = click.option(
    "--source", envvar="DATABASE_URL", metavar="URL", help="A libpq URL; default DATABASE_URL."
)


def options_of_moving(command: _Command) -> _Command:
    """What the commands that read both databases have in common."""
    for option in (report_option, workers_option, media_option, table_option, source_option):
        command = option(command)
    return command


@contextmanager
def patiently(advice: str) -> Iterator[None]:
    """Within the block DynamoDB may refuse calls for minutes; what it still refuses is a ToolError.

    `advice` says how to go on when either database went away.
    """
    from common.dynamodb.patience import patience
    from tools.errors import engine_errors

    with going_on(advice), engine_errors(), patience():
        yield


@contextmanager
def opened(source: str, *, for_writing: bool = False) -> "Iterator[Source]":
    """The source at a URL or in a dump file; `for_writing` when it is to be changed too."""
    from migration.dump.opening import open_source

    with open_source(source, for_writing=for_writing) as found:
        yield found


@contextmanager
def going_on(advice: str) -> Iterator[None]:
    """Within the block, what is said when a database went away ends with how to go on."""
    try:
        yield
    except Interrupted as error:
        raise ToolError(f"{error}\n{advice}") from error


def options(given: dict[str, Any]) -> "Options":
    """How to move, as the options of the command say. Raises click.BadParameter for an unknown table."""
    from migration.mapping.entities import ENTITIES
    from migration.options import Options
    from tools.progress import for_terminal

    tables: Sequence[str] = given["tables"]
    known = {table for entity in ENTITIES for table in entity.tables}
    if unknown := set(tables) - known:
        raise click.BadParameter(
            f"{', '.join(sorted(unknown))}: there are {', '.join(sorted(known))}", param_hint="--table"
        )
    return Options(
        entities=[it for it in ENTITIES if not tables or set(tables) & set(it.tables)],
        progress=for_terminal(),
        workers=given["workers"],
        overwrite=given.get("overwrite", False),
        skip_bad=given.get("skip_bad", False),
        same_shop=given.get("same_shop", False),
        media_bases=tuple(base.rstrip("/") for base in given["media_bases"]),
        is_whole=not tables,
    )


def conclude(context: click.Context, report: "Report", folder: Path | None) -> None:
    """Say what was found, and keep the report."""
    click.echo("\n".join(report.summary))
    if not folder and not report.passed:
        click.echo(report.markdown())
    keep(context, report, folder)


def keep(context: click.Context, report: "Report", folder: Path | None, *, is_shown: bool = False) -> None:
    """Write the report where it was asked for, and end: with 1 when there is something to look at.

    What cannot be written is shown, unless it was, and ends with REPORT_LOST where all else is well.
    """
    code = 0
    if folder:
        try:
            written = report.write(folder)
            click.echo(f"The report is in {written[0]} and {written[1]}.")
        except ToolError as error:
            code = REPORT_LOST
            if not is_shown:
                click.echo(report.markdown())
            click.echo(f"Error: {error}. The command itself was done.", err=True)
    context.exit(code if report.passed else 1)
