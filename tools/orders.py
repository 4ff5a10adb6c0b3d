"""`artshop orders`: orders as a file."""

from pathlib import Path

import click

from tools.csv_output import write_text
from tools.jobs import use_running_shop
from tools.users.showing import told_plainly


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def orders(aws: bool) -> None:
    """Orders as a file.

    They are those of the shop that runs on this machine, if one does, else of the table that the environment
    names (AWS by default).
    """
    if not aws:
        use_running_shop()


@orders.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--since", default="", help="The first day, as 2026-01-31, or a time in ISO 8601.")
@click.option("--until", default="", help="The last day, or a time.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@told_plainly
def export_command(file: Path, since: str, until: str, force: bool) -> None:
    """Write orders to FILE as CSV, one row for each line of each order; `-` prints them.

    There are names and addresses in it. docs/csv.md says what the columns are.

    \b
    Examples:
      artshop orders export orders.csv
      artshop orders export march.csv --since 2026-03-01 --until 2026-03-31
      artshop orders --aws export - > all.csv
    """
    from common.clock import iso
    from common.dates import stated_in
    from orders.csv_export import whole_file
    from orders.orders import OrderFilters

    filters = OrderFilters(
        since=iso(stated_in("--since", since).start) if since else "",
        until=iso(stated_in("--until", until).last) if until else "",
    )
    write_text(file, whole_file(filters), force=force)
