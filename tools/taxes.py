"""`artshop taxes`: what is to be declared."""

from pathlib import Path

import click

from tools.csv_output import write_text
from tools.jobs import use_running_shop
from tools.users.showing import told_plainly


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def taxes(aws: bool) -> None:
    """What is to be declared of taxes.

    Of the shop that runs on this machine, if one does, else of the table that the environment names (AWS by
    default).
    """
    if not aws:
        use_running_shop()


@taxes.command()
@click.argument("quarter")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=Path("-"),
    help="The file to write; without it, it is printed.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@told_plainly
def oss(quarter: str, out: Path, force: bool) -> None:
    """Write the report of a QUARTER, such as 2026-Q4, as CSV: sales and refunds by country and rate.

    docs/taxes.md says what the columns are.

    \b
    Examples:
      artshop taxes oss 2026-Q4
      artshop taxes --aws oss 2026-Q4 --out oss-2026-Q4.csv
    """
    from orders.quarters import quarter_in
    from orders.tax_report import tax_report
    from orders.tax_report_views import report_csv

    write_text(out, report_csv(tax_report(quarter_in(quarter))), force=force)
