"""`artshop api-document`: writes the API's document."""

from pathlib import Path

import click

from tools.errors import ToolError


@click.command("api-document")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to; default is the terminal."
)
@click.option("--to-bucket", default="", help="Put it and its page below docs/ of this bucket of images.")
@click.option("--authorisation", is_flag=True, help="Write the table of who may call what instead.")
@click.option("--server", default="/", help="The URL of the API, stage included; default is the page's host.")
def api_document(out: Path | None, to_bucket: str, authorisation: bool, server: str) -> None:
    """Write the API's document (OpenAPI 3.1), which is made from the routes.

    In the bucket, the CDN before it shows the page at /docs/index.html. To try operations there, its address
    has to be among the stage's CORS_ALLOWED_ORIGINS.

    \b
    Examples:
      artshop api-document --out openapi.json
      artshop api-document | python -m openapi_spec_validator -
      artshop api-document --authorisation --out docs/authorisation.md
      artshop api-document --to-bucket artshop-media --server https://api.example.com/api
    """
    if to_bucket:
        _publish(to_bucket, server)
        return
    text = _authorisation() if authorisation else _document(server)
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"{out}: {len(text.encode()) // 1024} KB")


def _document(server: str) -> str:
    from tools.api_document.document import api_document as made
    from tools.api_document.document import document_text

    return document_text(made(server=server))


def _authorisation() -> str:
    from tools.api_document.authorisation import authorisation_table
    from tools.api_document.document import all_routes

    return authorisation_table(all_routes())


def _publish(bucket: str, server: str) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    from common import media
    from tools.api_document.publishing import publish_document

    if not server.startswith(("https://", "http://")):
        raise ToolError("--to-bucket needs the API's own URL, as in --server https://api.example.com/api")
    try:
        keys = publish_document(media.get_client(), bucket, server)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"The document cannot be put into {bucket}: {error}") from error
    click.echo(f"{len(keys)} files below docs/ of {bucket}; the page is {keys[-1]}")
