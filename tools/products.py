"""`artshop products`: products as a file."""

from pathlib import Path

import click

from tools.csv_output import write_text
from tools.jobs import use_running_shop
from tools.users.showing import told_plainly


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
