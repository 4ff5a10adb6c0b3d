"""`artshop migrate creators`."""

from pathlib import Path

import click

from migration.command_options import keep, report_option


@click.command("creators")
@click.option("--slug", required=True, help="Of the creator; created when there is none with it.")
@click.option("--name", required=True, help="What a new creator is called.")
@click.option("--user-id", help="The account that acts for the creator; may be added later.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@report_option
@click.pass_context
def creators_command(
    context: click.Context, slug: str, name: str, user_id: str | None, dry_run: bool, folder: Path | None
) -> None:
    """Give every product that has no creator to one: products of every status, deleted ones too.

    They are marked as approved and not featured; everything else of them stays. Products that have a creator
    of whom lists do not know are completed. The command may be repeated. It then looks at every product
    again, and ends with exit code 1 when one has no creator or is unknown to lists.

    \b
    Examples:
      artshop migrate creators --slug demo-studio --name "Demo Studio" --dry-run
      artshop migrate creators --slug demo-studio --name "Demo Studio"
      artshop migrate creators --slug demo-studio --name "Demo Studio" --user-id 4c1f0b9e --report reports
    """
    from migration.creators.backfill import backfill_creators
    from tools.progress import for_terminal

    done = backfill_creators(slug, name, user_id, dry_run=dry_run, progress=for_terminal())
    report = done.report()
    click.echo("\n".join(report.summary))
    for product_id, reason in done.failed:
        click.echo(f"product {product_id}: {reason}")
    for product_id in () if dry_run else done.missing:
        click.echo(f"product {product_id} has no creator; repeat the command")
    for product_id in () if dry_run else done.incomplete:
        click.echo(f"product {product_id} is unknown to its creator's lists; repeat the command")
    if done.creator.display_name != name:
        click.echo(f"The creator is called {done.creator.display_name!r}; that was left as it is.")
    keep(context, report, folder, is_shown=True)
