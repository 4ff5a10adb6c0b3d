"""The commands of `artshop migrate`."""

from pathlib import Path
from typing import Any

import click

from migration.command_options import (
    conclude,
    going_on,
    keep,
    media_option,
    opened,
    optional_source_option,
    options,
    options_of_moving,
    patiently,
    report_option,
    source_option,
    table_option,
    workers_option,
)
from migration.creators.command import creators_command
from migration.enterprises.command import enterprises_command
from migration.syncstate.command import syncstate_command
from tools.errors import engine_errors

_AGAIN = "Nothing was changed: give the same command again."


@click.group()
def migrate() -> None:
    """Move the shop from PostgreSQL to DynamoDB, prove that it arrived, and go back.

    In this order: plan, run, media, verify; all may be repeated. DYNAMODB_TABLE_NAME names the table,
    which `artshop table create` creates. Ends with exit code 1 when something differs or could not be
    moved, with 2 when the command was not understood or --report takes no files and nothing was begun,
    with 3 when all is well and only the report could not be written in the end.
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
    from migration.inspecting.inspection import inspect

    with going_on(_AGAIN), opened(source) as database:
        report = inspect(database)
    click.echo(report.markdown())
    keep(context, report, folder, is_shown=True)


@migrate.command()
@options_of_moving
@click.option("--dry-run", is_flag=True, help="Map and check every row, and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Leave out what cannot be moved, and list it.")
@click.option("--overwrite", is_flag=True, help="Replace rows that the table has with other values.")
@click.option("--same-shop", is_flag=True, help="The source is a copy of the one that was moved before.")
@click.pass_context
def run(context: click.Context, /, folder: Path | None, dry_run: bool, **given: Any) -> None:
    """Move every row that is not in the table yet.

    Looks at all rows before the first one is written, and stops there when one cannot be moved or a
    table is missing. May be stopped and started again at any point: it goes on behind the last
    checkpoint. What the table has already stays as it is; what differs is listed.

    \b
    Examples:
      artshop migrate run --source postgresql://shop@db.example.com/shop --dry-run
      artshop migrate run --source postgresql://shop@db.example.com/shop --report reports
      artshop migrate run --source prod-backup.sql --media-base https://shop.example.com
      DATABASE_URL=postgresql://shop@db.example.com/shop artshop migrate run --table orders --workers 8
    """
    from migration.table import state as states
    from migration.writing import rehearsal, runner
    from migration.writing.result import of_run

    advice = "What was written stays: the same command goes on from the last checkpoint."
    with patiently(advice), opened(given["source"]) as source:
        chosen = options(given)
        if dry_run:
            state = states.expected(source.identity, chosen.now(), same_shop=chosen.same_shop)
            result = rehearsal.rehearse(source, chosen, state)
        else:
            result = runner.run(source, chosen)
    conclude(context, of_run(result, is_dry=dry_run), folder)


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
    from migration.table.scratch_space import scratch_space
    from migration.verifying.verdict import of_verification
    from migration.verifying.verification import verify as compare

    with patiently(_AGAIN), scratch_space(), opened(given["source"]) as source:
        verdict = compare(source, options(given))
        name = source.identity
    conclude(context, of_verification(verdict, name), folder)


@migrate.command()
@optional_source_option
@table_option
@media_option
@workers_option
@report_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Do all of it, take it back, and say what changed.")
@click.option("--force", is_flag=True, help="Replace rows that PostgreSQL has changed since the move too.")
@click.option(
    "--empty-table", is_flag=True, help="Leave PostgreSQL alone and delete every row of the DynamoDB table."
)
@click.pass_context
def rollback(context: click.Context, /, folder: Path | None, **given: Any) -> None:
    """Go back: write into PostgreSQL what the shop has changed since the move.

    Rows are changed, added and deleted in one transaction, during which nobody else can write. When
    PostgreSQL has changed rows itself since the move, nothing is written unless --force is given. Names
    that PostgreSQL takes for used get `-deleted-` and the id; this, and what PostgreSQL has no place for,
    is listed. --dry-run does the same and takes it back. With --empty-table PostgreSQL stays as it is, and
    the DynamoDB table is emptied instead.

    \b
    Examples:
      artshop migrate rollback --source postgresql://shop@db.example.com/shop --dry-run --report reports
      artshop migrate rollback --source postgresql://shop@db.example.com/shop
      artshop migrate rollback --empty-table
    """
    from migration.table.scratch_space import scratch_space
    from migration.way_back import rolling_back

    advice = "Give the same command again: it looks anew and does what is left."
    with patiently(advice), scratch_space():
        if given["empty_table"]:
            rolling_back.empty(given["workers"], is_sure=given["yes"])
            return
        with opened(rolling_back.check_target(given["source"]), for_writing=True) as source:
            report = rolling_back.roll_back(
                source,
                options(given),
                is_sure=given["yes"],
                is_dry=given["dry_run"],
                is_forced=given["force"],
            )
    conclude(context, report, folder)


@migrate.command()
@click.option(
    "--from",
    "uploads",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The old shop's folder of uploads, or the one that holds `uploads`.",
)
@workers_option
@report_option
@click.option("--dry-run", is_flag=True, help="Say what would be copied, and copy nothing.")
@click.pass_context
def media(context: click.Context, uploads: Path, workers: int, folder: Path | None, dry_run: bool) -> None:
    """Copy the old shop's uploaded files to S3, under the keys that `run` has given them.

    Skips what is there with the same content. Lists files that rows name and the folder lacks, files that
    no row names, and what cannot be copied: links that lead out of the folder, pipes, what cannot be read.
    S3_BUCKET_NAME names the bucket.

    \b
    Examples:
      artshop migrate media --from /srv/shop/uploads --dry-run
      artshop migrate media --from /srv/shop/uploads --report reports
    """
    from migration.media.copying import copy_media
    from tools.progress import for_terminal

    with going_on("Give the same command again: it copies what is left."), engine_errors():
        report = copy_media(uploads, workers, for_terminal(), is_dry=dry_run)
    conclude(context, report, folder)


migrate.add_command(enterprises_command)
migrate.add_command(creators_command)
migrate.add_command(syncstate_command)
