"""`artshop migrate syncstate`."""

from pathlib import Path

import click

from migration.command_options import keep, report_option


@click.command("syncstate")
@click.argument("store", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@report_option
@click.pass_context
def syncstate_command(context: click.Context, store: Path, dry_run: bool, folder: Path | None) -> None:
    """Move the stock of SyncState from its data/store.json.

    Counts and buffers of SKUs, what Amazon was last told, transactions, returns and alerts. Move the shop
    itself first: where a variant has the SKU, the shop's stock stays, and another number in the file is
    listed. May be repeated. Ends with exit code 1 when numbers differ or entries cannot be read.

    \b
    Examples:
      artshop migrate syncstate data/store.json --dry-run
      artshop migrate syncstate data/store.json --report reports
    """
    from migration.syncstate.moving import move_store
    from tools.progress import for_terminal

    moved = move_store(store, dry_run=dry_run, progress=for_terminal())
    report = moved.report()
    click.echo("\n".join(report.summary))
    for sku, what, here, there in moved.conflicts:
        click.echo(f"{sku}: {what} is {here} here (kept) and {there} in the file")
    for entry, reason in moved.store.bad:
        click.echo(f"{entry}: {reason}")
    if moved.store.unknown:
        click.echo(f"Not known, left out: {', '.join(moved.store.unknown)}")
    keep(context, report, folder, is_shown=True)
