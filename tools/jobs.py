"""`artshop jobs`: what the shop does by schedule, by command."""

import os
from collections.abc import Mapping, Sequence

import click

from tools.errors import ToolError, engine_errors

QUEUE = "queue"
QUEUE_DOES = "tells the channels of the SKUs that wait in the queue"


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def jobs(aws: bool) -> None:
    """Run the jobs of the orders, of analytics, and of the sync with Etsy, Shopify and Amazon.

    They work on the shop that runs on this machine, if one does, else on what the environment names (AWS
    by default).
    """
    if not aws:
        use_running_shop()


@jobs.command("list")
def list_command() -> None:
    """Show every job, what it does, and how often it runs by itself.

    \b
    Example:
      artshop jobs list
    """
    from tools.all_jobs import all_jobs

    rows = [(name, job.does, job.schedule) for name, job in all_jobs().items()]
    for line in table([("job", "what it does", "runs"), *rows, (QUEUE, QUEUE_DOES, "when stock changes")]):
        click.echo(line)


@jobs.command("run")
@click.argument("name")
@click.option("--watch/--quiet", default=True, help="Whether to show how far it is; shown by default.")
def run_command(name: str, watch: bool) -> None:
    """Run the job NAME once, now.

    Ends with 1 when it failed, wholly or in part, and with 2 when there is no such job. `queue` works off
    all that waits in the queue.

    \b
    Examples:
      artshop jobs run unpaid
      artshop jobs run inventory
      artshop jobs run receipts --quiet
      artshop jobs run queue
    """
    from tools.all_jobs import all_jobs

    names = [*all_jobs(), QUEUE]
    if name not in names:
        raise click.BadParameter(f"there is no job {name!r}; there are {', '.join(names)}")
    with engine_errors():
        is_well = _run_queue(watch) if name == QUEUE else _run_job(name, watch)
    if not is_well:
        raise SystemExit(1)


def use_running_shop() -> None:
    """Work with the engine, queue and keys of the shop that runs on this machine, unless another is named."""
    from tools.local import published
    from tools.local.process import RUN_LOCK
    from tools.paths import data_dir

    if any(os.environ.get(name) for name in published.OWN_ENGINE):
        return
    found = published.of_running_shop(data_dir(), RUN_LOCK)
    if found:
        os.environ.update(found)
        click.echo(f"On the shop that runs on this machine ({data_dir()}).", err=True)


def _run_job(name: str, watch: bool) -> bool:
    from common.clock import utc_now
    from tools.all_jobs import all_jobs
    from tools.job_progress import Watched

    with Watched(name, is_shown=watch) as progress:
        report = all_jobs()[name].run(utc_now(), progress)
    if not report.is_configured:
        click.echo(f"{name}: not configured, nothing to do")
        return True
    return conclude(name, report.outcome, report.counts, report.errors)


def _run_queue(watch: bool) -> bool:
    from common import config
    from etsy_sync import wiring
    from tools import queues
    from tools.job_progress import Watched

    url = config.setting("STOCK_QUEUE_URL")
    if not url:
        raise ToolError("There is no queue: STOCK_QUEUE_URL is not set.")
    with Watched(QUEUE, is_shown=watch) as progress:
        consumed = queues.drain(url, wiring.pusher(), lambda done: progress(done, None))
    return conclude(QUEUE, "partial" if consumed.failed else "completed", consumed.counts, consumed.errors)


def conclude(name: str, outcome: str, counts: Mapping[str, int], errors: Sequence[str]) -> bool:
    """Say how a job went; False when it failed, wholly or in part."""
    said = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in sorted(counts.items()))
    click.echo(f"{name}: {outcome}{f' ({said})' if said else ''}")
    for error in errors:
        click.echo(f"  {error}", err=True)
    return outcome == "completed"


def table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The lines of a table with columns as wide as what they hold."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
