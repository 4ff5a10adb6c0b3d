"""`artshop selling-terms`: the terms on which the shop sells, shown, set from a file and taken away."""

from typing import Any

import click

from tools.jobs import use_running_shop
from tools.users.showing import told_plainly


def _known(_context: click.Context, _parameter: click.Parameter, part: str) -> str:
    from orders.selling_terms import PARTS

    if part not in PARTS:
        raise click.BadParameter(f"must be one of {', '.join(sorted(PARTS))}")
    return part


@click.group("selling-terms")
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def selling_terms(aws: bool) -> None:
    """The terms on which the shop sells: who sells, what parcels cost, which tax is charged.

    On the shop that runs on this machine, if one does, else on what the environment names (AWS by default).
    """
    if not aws:
        use_running_shop()


@selling_terms.command()
@told_plainly
def show() -> None:
    """Print all terms as JSON, null where a part is not set.

    \b
    Example:
      artshop selling-terms show
    """
    from common.repositories.selling_terms import selling_terms as terms_now
    from orders.selling_terms import terms_json

    _print(terms_json(terms_now()))


@selling_terms.command("set")
@click.argument("part", callback=_known)
@click.argument("file", type=click.File(encoding="utf-8"))
@told_plainly
def set_command(part: str, file: Any) -> None:
    """Set a PART whole to what FILE holds, JSON as the API takes it; `-` reads standard input.

    A `version` in it refuses terms that were changed since it was read. Repeating it changes nothing.

    \b
    Examples:
      artshop selling-terms set shipping shipping.json
      artshop selling-terms --aws set seller - < seller.json
    """
    from common.clock import utc_now
    from common.http.body import JSON, read_payload
    from common.http.declared_bodies import schema_named
    from common.http.validation import load
    from orders.selling_terms import PARTS, part_json, set_part

    sent = read_payload(file.read().encode(), JSON, required=True)
    data = load(schema_named("orders", PARTS[part].schema), sent)
    _print(part_json(set_part(part, data, _Console(), utc_now()), part))


@selling_terms.command()
@click.argument("part", callback=_known)
@click.option("--yes", is_flag=True, help="Do not ask.")
@told_plainly
def remove(part: str, yes: bool) -> None:
    """Take a PART away: the shop sells as if it had never been set.

    \b
    Example:
      artshop selling-terms remove shipping --yes
    """
    from common.clock import utc_now
    from orders.selling_terms import part_json, remove_part

    if not yes:
        click.confirm(f"Take {part} away?", abort=True)
    _print(part_json(remove_part(part, _Console(), utc_now()), part))


class _Console:
    """Whoever has the command line, as the audit log names it."""

    id = "console"


def _print(answer: Any) -> None:
    import simplejson

    click.echo(simplejson.dumps(answer, use_decimal=True, ensure_ascii=False, indent=2))
