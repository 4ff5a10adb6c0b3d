"""`artshop fakes`: the channels' stand-ins, to try the sync by hand."""

import signal
from pathlib import Path
from threading import Event

import click

from tools.errors import ToolError

FIRST_PORT = 9101
SHOP = "http://localhost:8000"


@click.command()
@click.option(
    "--env-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="PATH",
    help="Write the settings to a file too.",
)
@click.option("--shop", default=SHOP, show_default=True, help="Where the shop answers.")
@click.option(
    "--port", default=FIRST_PORT, show_default=True, help="The first of three ports; 0 for any that are free."
)
@click.option("--webhooks/--no-webhooks", default=True, help="Whether they send webhooks to the shop.")
def fakes(env_file: Path | None, shop: str, port: int, webhooks: bool) -> None:
    """Serve Etsy, Shopify and Amazon on this machine until Ctrl-C.

    Prints the settings that lead a shop to them, and how to play the artist and the buyers. What they
    hold ends with them.

    \b
    Examples:
      artshop fakes
      artshop fakes --env-file .data/fakes.env
      artshop fakes --shop http://localhost:9000 --port 0 --no-webhooks
    """
    from tools.fakes.channels import examples, exports, running
    from tools.local.credentials import write_private

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    address = shop.rstrip("/")
    try:
        with running(address, port, with_webhooks=webhooks) as channels:
            settings = exports(channels.environment(address))
            if env_file:
                write_private(env_file, settings)
            click.echo(instructions(settings, examples(channels), env_file))
            stop.wait()
    except OSError as error:
        raise ToolError(f"The channels cannot be served: {error}") from error


def instructions(settings: str, calls: str, env_file: Path | None) -> str:
    """What a person needs."""
    start = f"ARTSHOP_ENV_FILE={env_file} make run" if env_file else "make run, with these settings exported"
    return f"{settings}\nThe shop:   {start}\nTo play the artist and the buyers:\n\n{calls}\nStop: Ctrl-C"
