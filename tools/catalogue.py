"""`artshop catalogue`: what processes hold of the catalogue, and the snapshot that they have it from."""

import click

from tools.errors import ToolError, engine_errors
from tools.jobs import conclude, use_running_shop


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def catalogue(aws: bool) -> None:
    """Work on what processes hold of the catalogue.

    On the shop that runs on this machine, if one does, else on what the environment names (AWS by default).
    """
    if not aws:
        use_running_shop()


@catalogue.command()
@click.option("--whole", is_flag=True, help="Read the whole table, whatever there is.")
@click.option("--watch/--quiet", default=True, help="Whether to show how far it is; shown by default.")
def snapshot(whole: bool, watch: bool) -> None:
    """Write the catalogue's snapshot now, as the job `snapshot` does every 10 minutes.

    Where there is one of the last day, what changed since is added to it; nothing is written where nothing
    changed. It lies in S3_BUCKET_NAME under private/catalogue/, has drafts in it, and costs one read of S3,
    and of the table 0.5 units, or with --whole and once a day 0.3 to 0.5 for each product.

    \b
    Examples:
      artshop catalogue snapshot
      artshop catalogue snapshot --whole
      artshop catalogue --aws snapshot --quiet
    """
    from catalog.snapshot_job import NAME, write_snapshot
    from common.clock import utc_now
    from tools.job_progress import Watched

    with engine_errors(), Watched(NAME, is_shown=watch) as progress:
        report = write_snapshot(utc_now(), progress, whole=whole)
    if not report.is_configured:
        raise ToolError("There are no snapshots: S3_BUCKET_NAME is not set, or CATALOGUE_SNAPSHOT is off.")
    if not conclude(NAME, report.outcome, report.counts, report.errors):
        raise SystemExit(1)


@catalogue.command()
def reread() -> None:
    """Make every process read the whole catalogue anew at its next use of it.

    Processes are told of what the shop itself writes, and the move, a restored backup and an emptied table
    tell of themselves. This is for rows of products that came in another way: by AWS's own recovery, by its
    console, by hand. It may be repeated.

    \b
    Examples:
      artshop catalogue reread
      DYNAMODB_TABLE_NAME=ArtManagementTable artshop catalogue --aws reread
    """
    from common.dynamodb import table_name
    from common.repositories.catalogue_changes import begin_generation

    with engine_errors():
        generation = begin_generation()
    click.echo(f"The catalogue of {table_name()} is read anew: generation {generation}.")
