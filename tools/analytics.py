"""`artshop analytics`: counting days of creators anew."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from tools.errors import ToolError, engine_errors
from tools.jobs import conclude, use_running_shop

if TYPE_CHECKING:
    from common.repositories.creators import Creator

NAME = "analytics"
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def analytics(aws: bool) -> None:
    """Work on what visitors did on creators' pages.

    On the shop that runs on this machine, if one does, else on what the environment names (AWS by default).
    """
    if not aws:
        use_running_shop()


@analytics.command()
@click.option("--from", "first", type=_DAY, required=True, help="The first day, in UTC.")
@click.option("--to", "last", type=_DAY, required=True, help="The last day, in UTC.")
@click.option("--creator", default="", help="The slug or the id of one creator; all of them without it.")
@click.option("--watch/--quiet", default=True, help="Whether to show how far it is; shown by default.")
def summarise(first: datetime, last: datetime, creator: str, watch: bool) -> None:
    """Count each day from --from to --to again from its events, and write its summary.

    Repeating it writes the same. A day whose events are not all there any more, after 90 days, stays as it
    is. Ends with 1 when a creator's days could not be summarised.

    \b
    Examples:
      artshop analytics summarise --from 2026-01-01 --to 2026-01-31
      artshop analytics summarise --from 2026-01-31 --to 2026-01-31 --creator maria-rossi
    """
    from common.clock import utc_now
    from shop.analytics.counting import days_between
    from shop.analytics.job import summarise_again
    from tools.job_progress import Watched

    if last < first:
        raise click.BadParameter("--to must not be before --from")
    with engine_errors():
        creators = _creators(creator)
        with Watched(NAME, is_shown=watch) as progress:
            days = days_between(first.date(), last.date())
            report = summarise_again(creators, days, utc_now(), progress)
    if not conclude(NAME, report.outcome, report.counts, report.errors):
        raise SystemExit(1)


def _creators(named: str) -> "list[Creator]":
    from common.repositories.creators import CREATORS, all_creators, creator_by_slug

    if not named:
        return all_creators()
    found = creator_by_slug(named) or CREATORS.get(named)
    if found is None:
        raise ToolError(f"There is no creator {named!r}.")
    return [found]
