"""`artshop products`: products as a file."""

from pathlib import Path

import click

from tools.csv_output import write_text
from tools.jobs import use_running_shop
from tools.users.showing import say_json, told_plainly


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def products(aws: bool) -> None:
    """Products as a file, for a spreadsheet.

    They are those of the shop that runs on this machine, if one does, else of the table that the environment
    names (AWS by default). docs/csv.md says what the columns are.
    """
    if not aws:
        use_running_shop()


@products.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@told_plainly
def export_command(file: Path, force: bool) -> None:
    """Write the shop's own products to FILE as CSV, one row for each variant; `-` prints them.

    \b
    Examples:
      artshop products export products.csv
      artshop products export products.csv --force
      artshop products --aws export - | less
    """
    from catalog.product_files.export import whole_file
    from common.clock import utc_now

    write_text(file, whole_file(utc_now()), force=force)


@products.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--apply", "carry_out", is_flag=True, help="Carry it out, if it fits; without it nothing is written."
)
@click.option("--yes", is_flag=True, help="Do not ask before it is carried out.")
@click.option("--json", "as_json", is_flag=True, help="Print the dry run as JSON.")
@told_plainly
def import_command(file: Path, carry_out: bool, yes: bool, as_json: bool) -> None:
    """Say what a CSV FILE would do to the products, and with --apply do it.

    The file is an export of this shop that was edited, one that was written by hand, or an export of Etsy's
    or Shopify's. Nothing is written while anything in it is wrong. A run that was cut off is begun again with
    the same file: what is done is done, and no piece comes twice.

    Ends with 1 when the file does not fit, or a product was changed by somebody else during the run.

    \b
    Examples:
      artshop products import products.csv
      artshop products import products.csv --apply
      artshop products --aws import EtsyListingsDownload.csv --apply --yes
    """
    from catalog.product_files.dry_run_views import dry_run_json
    from catalog.product_files.imports import dry_run
    from common.clock import utc_now
    from tools.product_import import carry_out_import, say_dry_run
    from tools.users.operator import OPERATOR

    run = dry_run(file.read_bytes(), OPERATOR, utc_now())
    shown = dry_run_json(run)
    say_json(shown) if as_json else say_dry_run(shown)
    if run.started is None:
        raise SystemExit(1)
    if not carry_out or not run.plan.steps:
        return
    if not yes:
        click.confirm("Carry it out?", abort=True)
    if not carry_out_import(run.started.id):
        raise SystemExit(1)
