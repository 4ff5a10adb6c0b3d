"""The commands of `artshop migrate`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tools.errors import engine_errors
from tools.migration.creators import creators_command
from tools.migration.enterprises import enterprises_command

if TYPE_CHECKING:
    from tools.migration.rehearsal import Options
    from tools.migration.reports import Report
    from tools.migration.source import Source

FOLDER = click.Path(path_type=Path, file_okay=False)
_Command = TypeVar("_Command", bound=Callable[..., Any])

source_option = click.option(
    "--source",
    envvar="DATABASE_URL",
    required=True,
    metavar="URL|FILE",
    help="A libpq URL or a plain pg_dump file; default DATABASE_URL.",
)
table_option = click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    help="Only this table of PostgreSQL and what moves with it; may be repeated.",
)
report_option = click.option(
    "--report", "folder", type=FOLDER, help="Write the report here, as Markdown and as JSON."
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


def options_of_moving(command: _Command) -> _Command:
    """What the commands that read both databases have in common."""
    for option in (report_option, workers_option, media_option, table_option, source_option):
        command = option(command)
    return command


@click.group()
def migrate() -> None:
    """Move the shop from PostgreSQL to DynamoDB, prove that it arrived, and go back.

    In this order: plan, run, media, verify; all may be repeated. DYNAMODB_TABLE_NAME names the table,
    which `artshop table create` creates. Ends with exit code 1 when something differs or could not be
    moved, with 2 when the command was not understood.
    """


@migrate.command()
@source_option
@report_option
@click.pass_context
def plan(context: click.Context, source: str, folder: Path | None) -> None:
    """Count what would move, and list what is odd about it; reads PostgreSQL only.

    \b
    Examples:
      artshop migrate plan --source postgresql://shop@db.example.com/shop
      artshop migrate plan --source prod-backup.sql --report reports
    """
    from tools.migration.inspection import inspect

    with _opened(source) as database:
        found = inspect(database)
    click.echo(found.markdown())
    if folder:
        found.write(folder)
    context.exit(1 if found.is_blocked else 0)


@migrate.command()
@options_of_moving
@click.option("--dry-run", is_flag=True, help="Map and check every row, and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Leave out rows that cannot be moved, and list them.")
@click.option("--overwrite", is_flag=True, help="Replace rows that the table has with other values.")
@click.option("--same-shop", is_flag=True, help="The source is a copy of the one that was moved before.")
@click.pass_context
def run(context: click.Context, /, folder: Path | None, dry_run: bool, **given: Any) -> None:
    """Move every row that is not in the table yet.

    Looks at all rows before the first one is written, and stops there when one cannot be moved. May be
    stopped and started again at any point: it goes on behind the last checkpoint. What the table has
    already stays as it is; what differs is listed.

    \b
    Examples:
      artshop migrate run --source postgresql://shop@db.example.com/shop --dry-run
      artshop migrate run --source postgresql://shop@db.example.com/shop --report reports
      artshop migrate run --source prod-backup.sql --media-base https://shop.example.com
      DATABASE_URL=postgresql://shop@db.example.com/shop artshop migrate run --table orders --workers 8
    """
    from tools.migration import rehearsal, runner
    from tools.migration import state as states
    from tools.migration.findings import of_run

    with engine_errors(), _opened(given["source"]) as source:
        options = _options(given)
        if dry_run:
            state = states.expected(source.identity, options.now(), same_shop=options.same_shop)
            result = rehearsal.rehearse(source, options, state)
        else:
            result = runner.run(source, options)
    _conclude(context, of_run(result, is_dry=dry_run), folder)


@migrate.command()
@options_of_moving
@click.pass_context
def verify(context: click.Context, /, folder: Path | None, **given: Any) -> None:
    """Compare every row with the table, and ask the shop's own queries for what was moved.

    Compares column by column, both ways between products, variants and categories, each index, list,
    counter and tally. Rows that have come since are counted and are no difference.

    \b
    Examples:
      artshop migrate verify --source postgresql://shop@db.example.com/shop --report reports
      artshop migrate verify --source prod-backup.sql --table orders
    """
    from tools.migration.findings import of_verification
    from tools.migration.verifying import verify as compare

    with engine_errors(), _opened(given["source"]) as source:
        verdict = compare(source, _options(given))
        name = source.identity
    _conclude(context, of_verification(verdict, name), folder)


migrate.add_command(enterprises_command)
migrate.add_command(creators_command)


@contextmanager
def _opened(source: str) -> "Iterator[Source]":
    from tools.migration.dump import open_source

    with open_source(source) as opened:
        yield opened


def _options(given: dict[str, Any]) -> "Options":
    from tools.migration.entities import ENTITIES
    from tools.migration.progress import for_terminal
    from tools.migration.rehearsal import Options

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


def _conclude(context: click.Context, report: "Report", folder: Path | None) -> None:
    click.echo("\n".join(report.summary))
    if folder:
        written = report.write(folder)
        click.echo(f"The report is in {written[0]} and {written[1]}.")
    elif not report.passed:
        click.echo(report.markdown())
    context.exit(0 if report.passed else 1)
