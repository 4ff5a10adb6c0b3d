"""`artshop migrate enterprises`."""

from pathlib import Path

import click

from migration.command_options import keep, report_option


@click.command("enterprises")
@click.option("--source", envvar="DATABASE_URL", required=True, help="libpq URL; default DATABASE_URL.")
@click.option(
    "--schema",
    envvar="PGSCHEMA",
    default="systiva",
    show_default=True,
    help="The schema of fnd_enterprise; default PGSCHEMA.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@report_option
@click.pass_context
def enterprises_command(
    context: click.Context, source: str, schema: str, dry_run: bool, folder: Path | None
) -> None:
    """Move enterprises from PostgreSQL, with the numbers that they have there.

    Reads SCHEMA.fnd_enterprise (enterprise_id, enterprise_name). Those that the table has already are kept
    as they are, so that the command may be repeated; other names are listed. Ends with exit code 1 when
    names differ or rows cannot be moved.

    \b
    Examples:
      artshop migrate enterprises --source postgresql://shop@db.example.com/shop --dry-run
      DATABASE_URL=postgresql://shop@db.example.com/shop artshop migrate enterprises --report reports
    """
    from migration.enterprises.rows import move_enterprises
    from tools.progress import for_terminal

    moved = move_enterprises(source, schema, dry_run=dry_run, progress=for_terminal())
    report = moved.report()
    click.echo("\n".join(report.summary))
    for enterprise_id, here, there in moved.renamed:
        click.echo(f"{enterprise_id} is {here!r} here (kept) and {there!r} in PostgreSQL")
    for enterprise_id, reason in moved.bad:
        click.echo(f"{enterprise_id}: {reason}")
    keep(context, report, folder, is_shown=True)
