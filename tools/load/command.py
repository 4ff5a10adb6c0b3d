"""`artshop load`: visitors and an artist on a shop of this machine."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from tools.errors import ToolError
from tools.load.own_shop import DYNAMODB_LOCAL, EMBEDDED, Shop, own_shop
from tools.load.running import PICTURE, REPORT, SUMMARY, Load, Outcome, run_load
from tools.load.settings import Settings
from tools.load.visitor import Mix
from tools.local.settings import LOOPBACK
from tools.paths import ROOT

OUT = ROOT / "build" / "load"

_EXAMPLES = """\b
Examples:
  artshop load
  artshop load --users 50 --seconds 300 --orders 100
  artshop load --engine embedded
  artshop load --rehearsal --users 5
  ADMIN_PASSWORD=... artshop load --url http://localhost:8000 --access-log shop.log
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--users", default=20, show_default=True, type=click.IntRange(1, 2000), help="Visitors at once."
)
@click.option("--seconds", default=60, show_default=True, type=click.IntRange(5, 86400), help="How long.")
@click.option(
    "--orders",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Of 1,000 visits, how many buy.",
)
@click.option(
    "--think", default=0.5, show_default=True, type=click.FloatRange(0, 60), help="Seconds between pages."
)
@click.option("--seed", default=1, show_default=True, help="What the visitors' likings are drawn from.")
@click.option(
    "--url", default="", help="A shop that runs already; ADMIN_USERNAME (artist) and ADMIN_PASSWORD sign in."
)
@click.option(
    "--access-log",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file into which the shop of --url writes its lines; without it units are not judged.",
)
@click.option(
    "--engine",
    default=DYNAMODB_LOCAL,
    show_default=True,
    type=click.Choice((DYNAMODB_LOCAL, EMBEDDED)),
    help="What keeps the table of the shop that is started; the embedded one counts no units.",
)
@click.option("--rehearsal", is_flag=True, help="Load a shop that is deployed to an AWS emulated here.")
@click.option("--i-own-this-host", "owns", is_flag=True, help="Load a host that is not this machine.")
@click.option(
    "--out",
    default=OUT,
    show_default="build/load",
    type=click.Path(path_type=Path, file_okay=False),
    help="Results.",
)
def load(
    *,
    users: int,
    seconds: int,
    orders: int,
    think: float,
    seed: int,
    url: str,
    access_log: Path | None,
    engine: str,
    rehearsal: bool,
    owns: bool,
    out: Path,
) -> None:
    """Let visitors and an artist loose on a shop, and judge what came of it.

    Without --url a shop of its own is started on a folder that is thrown away. Writes locust's report, the
    figures as CSV and JSON, and a picture. Ends with 1 when an answer was unexpected, when stock and orders
    do not add up, or when the table was asked for more than the budgets allow. On a shop of --url orders are
    placed and stock is counted up: use one whose data may go. There a single address may place
    CHECKOUTS_PER_HOUR orders, 100 unless it is set; 0 sets no limit.
    """
    mix = replace(Mix(), orders=orders / 1000, carts=max(Mix().carts, orders / 1000))
    if rehearsal and url:
        raise ToolError("--rehearsal and --url are two shops: choose one.")
    with _rehearsed() if rehearsal else _shop(url, access_log, engine, owns=owns) as shop:
        settings = Settings(shop.username, shop.password, out.resolve(), think, seed, mix)
        # The engine of the emulator is the embedded one.
        has_units = not rehearsal and (access_log is not None if url else engine == DYNAMODB_LOCAL)
        outcome = run_load(Load(users, seconds, settings, has_units), shop, click.echo)
    click.echo(verdict(outcome, seconds, out))
    sys.exit(0 if outcome.holds else 1)


def check_host(url: str, *, owns: bool) -> None:
    """ToolError unless `url` is a shop of this machine, or the caller says that the host is theirs."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise ToolError(f"--url must be an address such as http://localhost:8000, not {url!r}.")
    # The emulated API Gateway answers under names below localhost.
    if host not in LOOPBACK and not host.endswith(".localhost") and not owns:
        raise ToolError(
            f"{host} is not this machine. Who owns it, and wants it loaded, adds --i-own-this-host."
        )


def _rehearsed() -> AbstractContextManager[Shop]:
    from tools.load.rehearsed_shop import rehearsed_shop

    return rehearsed_shop(click.echo)


@contextmanager
def _shop(url: str, access_log: Path | None, engine: str, *, owns: bool) -> Iterator[Shop]:
    if url:
        check_host(url, owns=owns)
        yield _given(url, access_log)
        return
    if access_log:
        raise ToolError("--access-log belongs to --url; a shop of the load's own has its log.")
    with tempfile.TemporaryDirectory(prefix="artshop-load-") as name, own_shop(Path(name), engine) as shop:
        yield shop


def _given(url: str, access_log: Path | None) -> Shop:
    password = os.environ.get("ADMIN_PASSWORD", "")
    if not password:
        raise ToolError("Set ADMIN_PASSWORD (and ADMIN_USERNAME, artist by default): the artist signs in.")
    return Shop(url.rstrip("/"), os.environ.get("ADMIN_USERNAME") or "artist", password, access_log)


def verdict(outcome: Outcome, seconds: int, out: Path) -> str:
    """What a person wants to know at the end."""
    books = outcome.books
    first = (
        f"\n{outcome.requests} requests, {outcome.requests / seconds:.1f} a second; {books.visits} visits, "
        f"{len(books.orders)} orders, {sum(books.sold.values())} pieces; "
        f"refused as sold out {books.sold_out}, as stale {books.stale_forms}"
    )
    lines = [first]
    if outcome.processor:
        lines.append(
            f"The shop's process took {outcome.processor:.1f} ms of processor a request: "
            f"{1000 / outcome.processor:.0f} requests a second per core, without the engine and the callers"
        )
    lines += [str(each) for each in outcome.thresholds]
    lines += [f"{times} x {answer}" for answer, times in books.unexpected.most_common()]
    lines += outcome.audit.complaints
    if not outcome.routes:
        lines.append("not judged: what the table was asked, for there is no access log")
    lines.append(f"Written to {out}: {REPORT}, {PICTURE}, {SUMMARY}")
    return "\n".join(lines)
