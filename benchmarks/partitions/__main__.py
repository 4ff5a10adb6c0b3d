"""`python -m benchmarks.partitions`: what visits cost by the number of products, and what gets hot first."""

import importlib
import json
import os
from pathlib import Path

import click

from benchmarks.environment import isolate
from benchmarks.partitions.report import picture, render, replace_part
from benchmarks.partitions.traces import play
from tools.engines import dynamodb_local
from tools.paths import ROOT

SIZES = (24, 500, 5000)
DOCUMENT, PICTURE = ROOT / "docs" / "load.md", ROOT / "docs" / "load-partitions.svg"
CONFIG = ROOT / ".chalice" / "config.json"

_EXAMPLES = """\b
Examples:
  python -m benchmarks.partitions
  python -m benchmarks.partitions --products 100 --journeys 5 --picture /tmp/hot.svg --document /tmp/load.md
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--products", multiple=True, default=SIZES, show_default=True, type=click.IntRange(1), help="Repeatable."
)
@click.option(
    "--journeys", default=40, show_default=True, type=click.IntRange(1), help="Played of each kind."
)
@click.option(
    "--document",
    default=DOCUMENT,
    show_default="docs/load.md",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Whose part between its marks is written anew.",
)
@click.option(
    "--picture",
    "drawing",
    default=PICTURE,
    show_default="docs/load-partitions.svg",
    type=click.Path(dir_okay=False, path_type=Path),
)
def main(products: tuple[int, ...], journeys: int, document: Path, drawing: Path) -> None:
    """Play visits on DynamoDB Local, note what they ask of each partition, and simulate many of them."""
    with dynamodb_local.start() as engine:
        isolate(os.environ, engine.endpoint)
        app = importlib.import_module("app").app
        sizes = {size: play(app, size, journeys, _say) for size in products}
    _say("simulating")
    part = render(sizes, json.loads(CONFIG.read_text(encoding="utf-8"))["lambda_memory_size"])
    document.write_text(replace_part(document.read_text(encoding="utf-8"), part), encoding="utf-8")
    drawing.write_text(picture(sizes), encoding="utf-8")
    click.echo(part)


def _say(text: str) -> None:
    click.echo(f"{text} ...", err=True)


if __name__ == "__main__":
    main()
