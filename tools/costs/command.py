"""`artshop costs`: what a month costs, worked out or read off CloudWatch."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import click

from tools.errors import ToolError

if TYPE_CHECKING:
    from tools.costs.actual import Deployed

_EXAMPLES = """\b
Examples:
  artshop costs
  artshop costs --visits 1000 --orders 20 --products 500 --region eu-west-1
  artshop costs --api url
  artshop costs --api rest --sealing kms --alarms 16 --pollers 10
  artshop costs --visits 5000 --table provisioned --json
  artshop costs --actual
  artshop costs --actual --fail-on-warning
"""


@click.command(epilog=_EXAMPLES)
@click.option("--visits", default=1000, show_default=True, type=click.IntRange(1), help="A day.")
@click.option("--orders", default=20, show_default=True, type=click.IntRange(0), help="A day.")
@click.option("--products", default=500, show_default=True, type=click.IntRange(1), help="Published ones.")
@click.option("--region", default="eu-west-1", show_default=True, help="Whose prices count.")
@click.option("--api", type=click.Choice(["rest", "http", "url"]), help="Default: the stage's.")
@click.option("--table", type=click.Choice(["on-demand", "provisioned"]), help="Default: the stage's.")
@click.option("--sealing", type=click.Choice(["parameter", "kms"]), help="Default: the stage's.")
@click.option("--memory", type=click.IntRange(128), help="MB of a function. Default: the stage's.")
@click.option("--alarms", default=10, show_default=True, type=click.IntRange(0), help="Alarm metrics.")
@click.option("--metrics", default=10, show_default=True, type=click.IntRange(0), help="Custom metrics.")
@click.option("--dashboards", default=1, show_default=True, type=click.IntRange(0))
@click.option(
    "--pollers", default=4, show_default=True, type=click.IntRange(0), help="Connections that ask queues."
)
@click.option(
    "--peak", default=8, show_default=True, type=click.IntRange(1), help="Times the mean, for provisioned."
)
@click.option("--actual", is_flag=True, help="Read this month so far off CloudWatch instead.")
@click.option(
    "--stage", default="prod", show_default=True, help="Whose settings count, and table and queue are read."
)
@click.option("--fail-on-warning", is_flag=True, help="With --actual: end with 1 when one is given.")
@click.option("--json", "is_json", is_flag=True, help="For programs.")
@click.option("--markdown", is_flag=True, help="For documents.")
def costs(**options: Any) -> None:
    """Say what a month costs, line by line: quantity, less what is free, times the price.

    Works it out for a shop of so many visits, orders and products, from the units that each call was
    measured to consume and AWS's prices (both files are dated), and says which way of deploying costs least
    and where that turns. With --actual it reads what this month has consumed so far, and warns on standard
    error of each free amount of which 80 % are used.
    """
    if options["fail_on_warning"] and not options["actual"]:
        raise ToolError("--fail-on-warning goes with --actual; what is worked out warns of nothing.")
    if options["actual"]:
        _say_actual(options)
    else:
        _say_estimate(options)


def _say_estimate(options: dict[str, Any]) -> None:
    from tools.costs import report
    from tools.costs.bill import Setup, bill, total
    from tools.costs.modes import totals, turns
    from tools.costs.order import order_lines
    from tools.costs.prices import prices_of
    from tools.costs.traffic import Shop, month_of

    prices = prices_of(options["region"])
    shop = Shop(options["visits"], options["orders"], options["products"])
    chosen = {name: options[name] for name in ("api", "table", "sealing") if options[name]}
    setup = Setup(
        **{**_settings_of(options["stage"]), **chosen},
        memory_mb=options["memory"] or _memory_of(options["stage"]),
        **{name: options[name] for name in ("alarms", "metrics", "dashboards", "pollers", "peak")},
    )
    lines, turning = bill(month_of(shop), setup, prices), turns(shop, setup, prices)
    modes = cast("dict[tuple[str, str], Any]", totals(shop, setup, prices))
    if options["is_json"]:
        answer = {
            "lines": report.as_json(lines),
            "total_usd": float(total(lines)),
            "modes": [
                {"api": api, "table": table, "total_usd": float(usd)} for (api, table), usd in modes.items()
            ],
            "turns": {name: _plain(getattr(turning, name)) for name in turning.__dataclass_fields__},
            "order": report.order_json(order_lines(shop.products, setup.memory_mb, prices)),
            "prices_of": prices.date,
            "unverified": prices.unverified,
        }
        click.echo(json.dumps(answer, indent=2))
        return
    shown = report.as_markdown if options["markdown"] else report.as_text
    of_order = order_lines(shop.products, setup.memory_mb, prices)
    for rows in (report.bill_rows(lines), report.mode_rows(modes), report.order_rows(of_order)):
        click.echo("\n".join(shown(rows)) + "\n")
    click.echo("\n\n".join(report.remarks(turning, setup, prices)))


def _say_actual(options: dict[str, Any]) -> None:
    from common.clock import utc_now
    from tools.costs import report
    from tools.costs.actual import actual, warnings
    from tools.costs.bill import total
    from tools.costs.prices import prices_of

    with _account_errors():
        lines = actual(_deployed(options), prices_of(options["region"]), utc_now())
    warned = warnings(lines)
    if options["is_json"]:
        answer = {"lines": report.as_json(lines), "total_usd": float(total(lines)), "warnings": warned}
        click.echo(json.dumps(answer, indent=2))
    else:
        shown = report.as_markdown if options["markdown"] else report.as_text
        click.echo("\n".join(shown(report.bill_rows(lines))))
    for sentence in warned:
        click.echo(f"Warning: {sentence}", err=True)
    if warned and options["fail_on_warning"]:
        raise SystemExit(1)


def _settings_of(name: str) -> dict[str, Any]:
    """How a stage is deployed, as far as the bill depends on it. ToolError when there is no such stage."""
    from tools.package.apis import kind_of
    from tools.package.stages import read_deployed_stage
    from tools.paths import ROOT

    stage = read_deployed_stage(ROOT, name)
    return {
        "api": kind_of(stage),
        "table": stage.deploy.get("table_mode", "on-demand"),
        "sealing": "kms" if stage.environment.get("TOKEN_KMS_KEY_ID") else "parameter",
    }


def _memory_of(stage: str) -> int:
    """The megabytes of the API's function, which is called most."""
    from tools.paths import ROOT

    config = json.loads((ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return int(config["stages"][stage].get("lambda_memory_size", config["lambda_memory_size"]))


def _deployed(options: dict[str, Any]) -> "Deployed":
    """What the stage calls its table and queue. ToolError when there is no such stage."""
    from tools.costs.actual import Deployed
    from tools.package.stages import read_deployed_stage
    from tools.paths import ROOT

    variables = read_deployed_stage(ROOT, options["stage"]).environment
    return Deployed(
        table=variables["DYNAMODB_TABLE_NAME"],
        queue=variables.get("STOCK_QUEUE_NAME", ""),
        namespace=variables.get("METRICS_NAMESPACE", ""),
        memory_mb=options["memory"] or _memory_of(options["stage"]),
        has_kms_key=bool(variables.get("TOKEN_KMS_KEY_ID")),
    )


@contextmanager
def _account_errors() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"AWS did not say what was consumed: {error}") from error


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else float(value)
