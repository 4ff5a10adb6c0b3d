"""`artshop`: the project's command line. Each command imports what it needs when it is called."""

import os
import sys
from pathlib import Path

import click

from migration.commands import migrate
from tools.analytics import analytics
from tools.api_document.command import api_document
from tools.backup.commands import backup
from tools.catalogue import catalogue
from tools.costs.command import costs
from tools.deploy.commands import deploy, releases
from tools.errors import ToolError
from tools.fakes.command import fakes
from tools.jobs import jobs
from tools.load.command import load
from tools.mail import mail
from tools.orders import orders
from tools.products import products
from tools.selling_terms import selling_terms
from tools.taxes import taxes
from tools.terraform.commands import upload
from tools.users.command import users


class Commands(click.Group):
    """A group whose commands end on a ToolError with its sentence and exit code 1."""

    def invoke(self, context: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(context)
        except ToolError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Run, prepare and package the art shop's back end."""


@cli.command()
@click.option("--demo/--no-demo", default=True, help="Whether an empty shop gets the demo data.")
@click.option("--split", is_flag=True, help="Each domain in a process of its own, behind a router.")
def run(demo: bool, split: bool) -> None:
    """Serve the whole shop on this machine until Ctrl-C.

    Starts an embedded engine for DynamoDB, S3 and SQS with its data in .data/, creates table, bucket and
    queue, loads the demo data once and serves on PORT (default 8000). AWS_ENDPOINT_URL or DYNAMODB_ENDPOINT
    name another engine instead. In the background it works off the queue of changed stock and, when a
    channel is configured, runs the jobs of `artshop jobs list` by their rates. ARTSHOP_ENV_FILE names a
    file of settings, such as the one that `make fakes` writes. --split serves it as one host in front of the
    domains' own functions does on AWS.

    \b
    Examples:
      artshop run
      artshop run --no-demo
      artshop run --split
      PORT=9000 ADMIN_USERNAME=anna ADMIN_PASSWORD=secret artshop run
      DYNAMODB_ENDPOINT=http://127.0.0.1:8001 artshop run
      ARTSHOP_ENV_FILE=.data/fakes.env artshop run
    """
    from tools.local.supervisor import run as run_shop

    run_shop(os.environ, click.echo, with_demo=demo, split=split)


@cli.command()
@click.option("--demo/--no-demo", default=True, help="Whether an empty shop gets the demo data.")
def engine(demo: bool) -> None:
    """Serve the engine alone until Ctrl-C, for `chalice local` in another terminal.

    It answers where the stage local of .chalice/config.json looks for it, with table, bucket, queue and demo
    data, on the same .data/ as `artshop run`. Queue and jobs wait: `artshop jobs run NAME` runs one.

    \b
    Examples:
      artshop engine
      artshop engine --no-demo
    """
    from tools.local.engine import serve_engine

    serve_engine(os.environ, click.echo, with_demo=demo)


@cli.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Delete the local data: tables, images and the generated credentials.

    Refuses while the shop runs.

    \b
    Example:
      artshop reset --yes
    """
    from tools.local.reset import reset_data
    from tools.paths import data_dir

    if not yes:
        click.confirm(f"Delete everything in {data_dir()}?", abort=True)
    removed = reset_data(data_dir())
    click.echo(f"{data_dir()} is empty." if removed else "There was nothing to delete.")


@cli.command()
def dashboard() -> None:
    """Write the dashboard's files anew from tools/dashboard: its body, its template, its picture.

    \b
    Example:
      artshop dashboard
    """
    from tools.dashboard.files import write
    from tools.paths import ROOT

    for path in write(ROOT):
        click.echo(path)


@cli.group()
def table() -> None:
    """Create or describe the table on the engine that the environment names (AWS by default)."""


@table.command()
def create() -> None:
    """Create the table with its indexes, expiry and point-in-time recovery; nothing happens if it is there.

    \b
    Examples:
      DYNAMODB_TABLE_NAME=ArtManagementTable artshop table create
      DYNAMODB_ENDPOINT=http://127.0.0.1:8001 artshop table create
    """
    from tools.table import create_table

    click.echo(create_table())


@table.command()
def describe() -> None:
    """Show the table's state, keys, indexes and number of items.

    \b
    Example:
      artshop table describe
    """
    from tools.table import describe_table

    click.echo(describe_table())


@cli.command("password-hash")
def password_hash() -> None:
    """Print the argon2id hash of a password, for ADMIN_PASSWORD_HASH.

    Asks for the password, or reads it from standard input when that is not a terminal.

    \b
    Examples:
      artshop password-hash
      artshop password-hash < password.txt
    """
    from tools.local.credentials import password_hash as hash_of

    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise ToolError("The password is empty.")
    click.echo(hash_of(password))


@cli.command()
@click.option("--stage", required=True, help="A stage of .chalice/config.json, such as catalog-prod.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Where to put it; default build/STAGE."
)
@click.option("--python", default="", help="3.11, 3.12 or 3.13; default deploy.python, or the one that runs.")
def package(stage: str, out: Path | None, python: str) -> None:
    """Build the zip and the template that deploy a stage.

    The zip is byte-compiled and reproducible and holds the stage's domains only. Where this machine has no
    Python of the version that is asked for, the zip holds sources instead, and the report says so. The
    processor is lambda_architecture of .chalice/config.json: x86_64, or arm64.

    \b
    Examples:
      artshop package --stage catalog-prod
      artshop package --stage prod --out build/prod
      artshop package --stage prod --python 3.13
    """
    from tools.package.build import build
    from tools.paths import ROOT

    click.echo(build(stage, out or ROOT / "build" / stage, python=python))


cli.add_command(analytics)
cli.add_command(api_document)
cli.add_command(backup)
cli.add_command(catalogue)
cli.add_command(costs)
cli.add_command(deploy)
cli.add_command(upload)
cli.add_command(releases)
cli.add_command(fakes)
cli.add_command(jobs)
cli.add_command(load)
cli.add_command(mail)
cli.add_command(migrate)
cli.add_command(orders)
cli.add_command(products)
cli.add_command(selling_terms)
cli.add_command(taxes)
cli.add_command(users)


def main() -> None:
    """Start the command line."""
    cli(prog_name="artshop")


if __name__ == "__main__":
    main()
