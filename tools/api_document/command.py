"""`artshop api-document`: writes the API's document."""

from pathlib import Path

import click


@click.command("api-document")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to; default is the terminal."
)
def api_document(out: Path | None) -> None:
    """Write the API's document (OpenAPI 3.1), which is made from the routes.

    \b
    Examples:
      artshop api-document --out openapi.json
      artshop api-document | python -m openapi_spec_validator -
    """
    from tools.api_document.document import api_document as made
    from tools.api_document.document import document_text

    text = document_text(made())
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"{out}: {len(text.encode()) // 1024} KB")
