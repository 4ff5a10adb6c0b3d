"""The command `artshop upload`."""

from pathlib import Path

import click


@click.command()
@click.argument("stages", nargs=-1, required=True)
@click.option(
    "--values",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the values; default infra/terraform/stages.auto.tfvars.json.",
)
def upload(stages: tuple[str, ...], values: Path | None) -> None:
    """Package stages and upload them for Terraform, and write the values with which it deploys them.

    The first stage is the main one, which answers for every domain. Nothing that serves is changed.

    \b
    Examples:
      artshop upload prod
      artshop upload prod orders-prod content-prod
    """
    from tools.terraform.uploading import VALUES, upload_stages

    upload_stages(stages, click.echo, values=values or VALUES)
